"""A question about several places, years, documents or grades, as one question about each."""

import re
from collections.abc import Sequence

from knowledge.answers.kinds import kind_of
from knowledge.answers.scope.mentions import Mention, Sort, mentions_in
from knowledge.answers.several.aims import Aim, asked_of, measured
from knowledge.answers.several.coordinated import Side, Sides, coordinated, to_the_point
from knowledge.lexicon.lists import contrasts
from knowledge.lexicon.words import normalise

_PLURAL = 2
_TAIL = r"(?:省|市|科协|计划|方案|文件|指南|要点|两地|两边|那边|这边|那份|这份|的|里的?|上|中)*"
_JOINED = re.compile(rf"^{_TAIL}(?:[和跟与及同比、]|以及|还有|还是|对比)?(?:在)?$")
_TOGETHER = re.compile(r"一起|(?:联合|协同)(?!创新|体|机构|服务)|共同|合作|携手|之间|签|联手|一同")
_BOTH = re.compile(r"^(?:两地|两边|两个|两份|两者|之间)*(?:分别|各自|各|都)?")
_DISTRIBUTED = re.compile(r"分别|各自|各(?=[有是要建给占设多少几])|都(?=是|有)")


_EACH = re.compile(r"分别|各|都|吗")


def sides_of(question: str, year: int) -> Sides | None:
    """The questions in which a question about several things falls apart; None about one thing."""
    text = to_the_point(normalise(question))
    found = mentions_in(text, year)
    group = _group(text, found) or _contrasted(text)
    if group is None:
        return coordinated(text)
    start, end, members = group
    if _TOGETHER.match(_BOTH.sub("", text[end:])) or any(
        one.start() < end + 4 for one in _TOGETHER.finditer(text, end)
    ):
        return None
    before, behind = text[:start], _BOTH.sub("", text[end:], count=1)
    aim, asked = _asked(behind)
    if aim is Aim.EACH and not (_EACH.search(text) or kind_of(text) is not None):
        return None
    if aim is not Aim.EACH and not asked:
        before = measured(before.rstrip(" ,，")) + "," if before else before
    each = tuple(
        Side(label=member.rstrip("的"), text=f"{before}{member}{_bare(member, asked)}".strip())
        for member in members
    )
    return Sides(aim=aim, each=each)


type _Group = tuple[int, int, list[str]]


def _group(text: str, found: Sequence[Mention]) -> _Group | None:
    """Mentions of one sort that stand side by side."""
    for sort in (Sort.DOCUMENT, Sort.WHERE, Sort.YEAR):
        own = [one for one in found if one.sort is sort]
        for at, first in enumerate(own):
            members, last = [first], first
            for one in own[at + 1 :]:
                between = text[last.end : one.start]
                if not _JOINED.match(between):
                    break
                members.append(one)
                last = one
            if len({one.text for one in members}) >= _PLURAL and _differ(members):
                return first.start, last.end, [_name(one) for one in members]
    return None


def _name(one: Mention) -> str:
    if one.sort is Sort.WHERE:
        return f"{one.text}的"
    return f"{one.text.rstrip('年度')}年" if one.sort is Sort.YEAR else one.text


def _differ(members: Sequence[Mention]) -> bool:
    """Whether the mentions are of different things: a city and its province are not."""
    keys = {(one.province, one.level, one.text if one.province is None else "") for one in members}
    return len(keys) >= _PLURAL


def _contrasted(text: str) -> _Group | None:
    """Two of a set of contrasts, joined: 一等和三等."""
    for words in contrasts():
        names = "|".join(map(re.escape, words))
        found = re.search(rf"({names})(?:的)?(?:[和跟与及、])({names})", text)
        if found and found[1] != found[2]:
            return found.start(), found.end(), [found[1], found[2]]
    return None


def _asked(behind: str) -> tuple[Aim, str]:
    """What is asked of the sides together, and of each alone."""
    found = asked_of(behind)
    if found is None or found.aim is Aim.EACH:
        return Aim.EACH, _DISTRIBUTED.sub("", behind)
    return found.aim, f"{behind[: found.start].strip(' ,，的')}{found.each}"


def _bare(member: str, asked: str) -> str:
    return asked.removeprefix("的") if member.endswith("的") else asked
