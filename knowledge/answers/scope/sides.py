"""A question about several places, years, documents or grades, as one question about each."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from knowledge.answers.kinds import kind_of
from knowledge.answers.scope.mentions import Mention, Sort, mentions_in
from knowledge.lexicon.lists import contrasts
from knowledge.lexicon.words import normalise

_PLURAL = 2
_TAIL = r"(?:省|市|科协|计划|方案|文件|指南|要点|两地|两边|那边|这边|那份|这份|的|里的?|上|中)*"
_JOINED = re.compile(rf"^{_TAIL}(?:[和跟与及同比、]|以及|还有|还是|对比)?(?:在)?$")
_JOINED_FAR = re.compile(
    r"^(?:说的|里的?|上说的|上的?|中的?|的)?(?P<filler>[^和跟与、,;。?]{0,10})(?:[和跟与、]|以及|,)$"
)
_TOGETHER = re.compile(r"一起|联合|共同|合作|携手|之间|协同|签|联手|一同")
_BOTH = re.compile(r"^(?:两地|两边|两个|两份|两者|之间)*(?:分别|各自|各|都)?")
_SAME = re.compile(
    r"(?:是不是|是否|是)?(?:一样|相同|一致|同一个|一回事|一个东西)(?:的|么|吗|嘛|不|否)*[?？]*$"
    r"|(?:有(?:什么|啥|何|没有)|是)(?:不同|区别|差别|不一样|差异)(?:的|吗|么|呢)*[?？]*$|怎么说法不一样"
)
_GAP = re.compile(r"(?:相差|差)(?:了)?(?:多少|几)[个支项家名分天]?")
_MORE = re.compile(
    r"(?:谁|哪(?:个|边|里|份|家))的?(?P<what>[^,?？]*?)(?:更|比较)?(?P<how>多|少|高|低|大|长)(?:些|一点|一些)?[?？呢]*$"
)
_EARLIER = re.compile(
    r"(?:谁|哪(?:个|边|份|家))(?:更)?(?:先|早|晚|后)(?P<what>印发|发布|出台|截止|开始|申报)的?[?？呢]*$"
    r"|(?:谁|哪(?:个|边|份|家))(?P<what2>印发|发布|出台|截止|开始|申报)得?(?:更)?(?:早|晚|先)"
)
_OF_NUMBER = re.compile(r"(?:的)?(?:数量|个数|数目|数|名额)(?:说的)?$")
_DISTRIBUTED = re.compile(r"分别|各自|各(?=[有是要建给占设多少几])|都(?=是|有)")


_EACH = re.compile(r"分别|各|都|吗")
_PAIRED = re.compile(r"^(?P<one>.{2,24})[和跟与](?P<other>.{2,24}?)$")


class Aim(StrEnum):
    """What is to be told of the sides together."""

    EACH = "each"
    SAME = "same"
    GAP = "gap"
    MORE = "more"


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of the things a question is about."""

    label: str
    text: str
    """The question about it alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """A question about several things."""

    aim: Aim
    each: tuple[Side, ...]


def sides_of(question: str, year: int) -> Sides | None:
    """The questions in which a question about several things falls apart; None about one thing."""
    text = normalise(question).rstrip("?？。 ")
    found = mentions_in(text, year)
    group = _group(text, found) or _contrasted(text)
    if group is None:
        return _paired(text, year)
    start, end, members, filler = group
    if _TOGETHER.match(_BOTH.sub("", text[end:])) or _TOGETHER.search(text[end : end + 4]):
        return None
    before, behind = text[:start], _BOTH.sub("", text[end:], count=1)
    aim, asked = _asked(f"{filler}{behind}" if filler not in behind else behind)
    if aim is Aim.EACH and not (_EACH.search(text) or kind_of(text) is not None):
        return None
    each = tuple(
        Side(label=member.rstrip("的"), text=f"{before}{member}{_bare(member, asked)}".strip())
        for member in members
    )
    return Sides(aim=aim, each=each)


type _Group = tuple[int, int, list[str], str]


def _group(text: str, found: Sequence[Mention]) -> _Group | None:
    """Mentions of one sort that stand side by side."""
    for sort in (Sort.DOCUMENT, Sort.WHERE, Sort.YEAR):
        own = [one for one in found if one.sort is sort]
        for at, first in enumerate(own):
            members, last, filler = [first], first, ""
            for one in own[at + 1 :]:
                between = text[last.end : one.start]
                far = _JOINED_FAR.match(between) if sort is Sort.DOCUMENT else None
                if not (_JOINED.match(between) or far):
                    break
                filler = far["filler"] if far else filler
                members.append(one)
                last = one
            if len({one.text for one in members}) >= _PLURAL and _differ(members):
                return first.start, last.end, [_name(one) for one in members], filler
    return None


def _name(one: Mention) -> str:
    if one.sort is Sort.WHERE:
        return f"{one.text}的"
    return f"{one.text.rstrip('年度')}年" if one.sort is Sort.YEAR else one.text


def _paired(text: str, year: int) -> Sides | None:
    """Whether this of here is the same as that of there."""
    same = _SAME.search(text)
    pair = _PAIRED.match(text[: same.start()]) if same else None
    if pair is None or not all(mentions_in(one, year) for one in pair.groups()):
        return None
    each = tuple(Side(label=one, text=f"{one}有哪些") for one in pair.groups())
    return Sides(aim=Aim.SAME, each=each)


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
            return found.start(), found.end(), [found[1], found[2]], ""
    return None


def _asked(behind: str) -> tuple[Aim, str]:
    """What is asked of the sides together, and of each alone."""
    text = _DISTRIBUTED.sub("", behind)
    if _GAP.search(text):
        return Aim.GAP, _counted(_GAP.sub("", text))
    more = _MORE.search(text)
    if more:
        return Aim.MORE, f"{text[: more.start()]}有多少{more['what'].strip('的')}"
    earlier = _EARLIER.search(text)
    if earlier:
        what = earlier["what"] or earlier["what2"]
        return Aim.MORE, f"{text[: earlier.start()]}什么时候{what}"
    if _SAME.search(text):
        bare = _SAME.sub("", text).strip(" ,，")
        return Aim.SAME, _counted(bare)
    return Aim.EACH, text


def _bare(member: str, asked: str) -> str:
    return asked.removeprefix("的") if member.endswith("的") else asked


def _counted(bare: str) -> str:
    """How many, when a number is compared; else whatever is told of it."""
    bare = bare.strip(" ,，").removesuffix("说的").strip("的")
    if _OF_NUMBER.search(bare):
        return _OF_NUMBER.sub("", bare) + "有多少个"
    return bare
