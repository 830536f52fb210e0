"""Limits that rules state: at least seven people, at most one item, a share not below 40 %."""

import re
from dataclasses import dataclass
from fractions import Fraction

from knowledge.answers.working.reading.numbers import Bound, Quantity, quantities

_CLAUSE = re.compile(r"[^,;。:!?，；]+")
_LEAST = r"不少于|不低于|不得少于|不得低于|至少(?:应?占|要?有)?|最少|达到?|超过|高于"
_MOST = r"不超过|不高于|不得超过|不得高于|不多于|至多|最多|最高"
_SHARE = re.compile(
    rf"(?P<thing>[^,;。:!?]{{2,40}}?)(?P<bound>{_LEAST}|{_MOST}|占)"
    r"(?P<whole>[^,;。:\d%]{0,16}?)"
    r"(?P<share>(?:\d+(?:\.\d+)?%|百分之[\d一二三四五六七八九十]+|[一二三四五六七八九]成"
    r"|[二三四五六七八九十]分之[一二三四五六七八九]|一半)(?:以上|以下|以内)?)"
)
_BEFORE_CORE = re.compile(
    r"^(?:其中|且|并且|并|同时|要求|每[个支家名项][^,]{0,8}?中|须|应)*(?:具有|拥有|取得|获得|持有)?"
)
_AFTER_CORE = re.compile(
    r"(?:的?(?:总?人数|数量|总数|占比|比例|比重|份额)|所?占[^,]{0,12}|应当?|必须|须|需|要|原则上|的|总和)+$"
)
_LEAST_WORDS = re.compile(_LEAST)
_MOST_WORDS = re.compile(_MOST)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """A bounded count: of what, how many, in which words."""

    quantity: Quantity
    clause: str
    """The clause it stands in."""
    before: str
    """The clause up to the number: what is counted, as a rule."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A bounded part of a whole."""

    core: str
    """What the part consists of, without the words around it."""
    whole: str
    """What it is a part of, where that is said."""
    share: Fraction
    bound: Bound
    said: str


def limits(text: str) -> tuple[Limit, ...]:
    """The counts of a normalised text that have an upper or lower bound."""
    return tuple(
        Limit(quantity=one, clause=clause.group(), before=clause.group()[: one.start])
        for clause in _CLAUSE.finditer(text)
        for one in quantities(clause.group())
        if one.bound in {Bound.LEAST, Bound.MOST} and one.unit != "%"
    )


def shares(text: str) -> tuple[Share, ...]:
    """The bounded parts of wholes that a normalised text states."""
    found: list[Share] = []
    for one in _SHARE.finditer(text):
        core = _AFTER_CORE.sub("", _BEFORE_CORE.sub("", one["thing"]))
        bound = _bound(one["bound"], one["share"])
        value = quantities(one["share"])
        if len(core) > 1 and bound is not None and value:
            found.append(
                Share(
                    core=core,
                    whole=one["whole"].removesuffix("的"),
                    share=value[0].value,
                    bound=bound,
                    said=(one["bound"] + one["whole"] + one["share"]).removeprefix("占"),
                )
            )
    return tuple(found)


def _bound(word: str, share: str) -> Bound | None:
    if share.endswith("以上") or _LEAST_WORDS.fullmatch(word):
        return Bound.LEAST
    if share.endswith(("以下", "以内")) or _MOST_WORDS.fullmatch(word):
        return Bound.MOST
    return None


def named(core: str, text: str) -> str:
    """The beginning of a thing's name (two characters or more) as a text says it, or nothing."""
    for size in range(len(core), 1, -1):
        if core[:size] in text:
            return core[:size]
    return ""
