"""Which count of a question is a part, which the whole, and which of the two is asked for."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from knowledge.answers.working.reading.numbers import Bound, Quantity

_STOPS = ",;。?!、:"
_ASKED = re.compile(r"[^,;。?!、\d]{0,14}?(?:几|多少)")
_INSIDE = re.compile(r"里|中|内|队|团|组|班子|当中")
_IS = re.compile(r"(?:是|为|有|具有|拿了|评了|评上|都|的)*")
_OTHERS = re.compile(r"(?:总|全队|全部|共|一共|人数|队伍|整个)$|[带加配和跟]")
_NOT = re.compile(r"(?:非|不是|没有?|不具有|不具备|没评上|未评上|除了?)$")
_PERSON = re.compile(r"^(?:的)?(?:人|专家|成员|科技工作者|队员|同志|会员|员工|职工)")
_PEOPLE = "人名位"
_GROUP = re.compile(r"(?:队里?|团里?|组里?|共|总|全|拉了|组了|凑了|凑够|有)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Roles:
    """The part and the whole that a question gives, and whether it asks for the part."""

    part: Quantity | None
    whole: Quantity | None
    part_asked: bool
    others_asked: bool
    """Whether it asks for those that are not the part: 非正高的最多几个."""
    beside: tuple[Quantity, ...]
    """Counts of what is neither."""


def roles(text: str, counts: Sequence[Quantity], said: str) -> Roles:
    """The roles of counts towards the thing that a text calls `said`."""
    near: list[Quantity] = []
    asked = others = False
    for found in re.finditer(re.escape(said), text):
        behind = text[found.end() :]
        following = [one for one in counts if one.start >= found.end()]
        wanted = _ASKED.match(behind)
        if wanted and not any(one.start < found.end() + wanted.end() for one in following):
            asked = True
            others = others or bool(_NOT.search(text[: found.start()]))
            continue
        near += _own(text, found, counts)
    apart = [one for one in counts if one not in near]
    whole = _whole(text, apart, near)
    return Roles(
        part=near[0] if near else None,
        whole=whole,
        part_asked=asked and not near,
        others_asked=others,
        beside=tuple(one for one in apart if one != whole),
    )


def _own(text: str, said: re.Match[str], counts: Sequence[Quantity]) -> list[Quantity]:
    """The count of a mention: 正高5人, 正高的有3个, 3个正高, 6个教授级高工算正高."""
    for one in counts:
        if one.end == said.start() and one.unit != "人":
            return [one]
    for one in counts:
        between = text[said.end() : one.start]
        if one.start >= said.end() and len(between) <= _NEAR:
            if any(stop in between for stop in _STOPS.replace(":", "")):
                break
            return [] if _OTHERS.search(between) else [one]
    for one in reversed(counts):
        between = text[one.end : said.start()]
        if one.end <= said.start() and not any(stop in between for stop in _STOPS):
            plain = bool(_IS.fullmatch(between))
            loose = one.unit not in _PEOPLE and not _PERSON.match(between)
            fits = plain or (loose and len(between) <= _NEAR and not _INSIDE.search(between))
            return [one] if fits else []
    return []


_NEAR = 9


def _whole(text: str, apart: Sequence[Quantity], near: Sequence[Quantity]) -> Quantity | None:
    """The largest count of people at large; where all counts are of sorts, their sum."""
    heads = [
        one
        for one in apart
        if one.unit in _PEOPLE
        or _PERSON.match(text[one.end :])
        or _GROUP.search(text[: one.start])
        or text[one.end : one.end + 1] in {"", *_STOPS}
    ]
    if heads:
        return max(heads, key=lambda one: one.value)
    if near and apart:
        everyone = [near[0], *apart]
        total = sum((one.value for one in everyone), Fraction(0))
        return Quantity(
            value=total,
            unit="人",
            bound=Bound.EXACT,
            said="",
            start=apart[0].start,
            end=apart[-1].end,
        )
    return max(apart, key=lambda one: one.value) if apart else None
