"""Shares as rules state them: of what, whose or when, between levels, by a ratio, with a cap."""

import re
from dataclasses import dataclass, replace
from fractions import Fraction

from knowledge.answers.evidence import Evidence
from knowledge.answers.working.case import own
from knowledge.answers.working.formulas.paper import moneys, pairs, unmarked
from knowledge.answers.working.reading.numbers import Bound
from knowledge.lexicon.words import normalise

_N = r"\d+(?:\.\d+)?"
_SHARE = re.compile(
    rf"(?P<share>{_N})%|(?P<one>\d+(?:\.\d+)?)[∶:](?P<other>\d+(?:\.\d+)?)(?=的?比例|[,;。]|$)"
)
_LEAST = re.compile(r"不低于|不少于|不得低于|不得少于|至少|最低|最少")
_MOST = re.compile(r"不超过|不得超过|不高于|不得高于|不多于|至多|最多|最高")
_OF = re.compile(
    r"(?:按照?|超过|低于|高于|少于|多于|占|达到?|最高|至多|最多|至少)(?P<base>[\u4e00-\u9fff]{2,16}?)的?$"
)
_BOUNDS = re.compile(r"^(?:不低于|不少于|不超过|不高于|至少|至多)")
_COUNTING = re.compile(r"数量|人数|家数|个数|名额|总数的?$")
_PARTED = re.compile(r"分[两二三四五\d](?:次|期|批|年)")
_CHANGES = re.compile(r"(?:提高|上浮|降低?|放宽|调整|下调|上调|减)(?:到|至|为)$")
_CAP = re.compile(r"(?:最高|上限|封顶|不超过|不得超过)[^,;。\d]{0,6}(?P<money>\d+(?:\.\d+)?万?元)")
_SPLIT = re.compile(r"由(?P<one>[^,;。]{2,12}?)[与和、](?P<other>[^,;。]{2,16}?)(?:按照?|以)$")
_EMPTY_BASE = re.compile(r"实际|支付|所获|获得|取得|参加|总额|总数|总量|总投入|的")
_OPENING = 16
"""Characters at the beginning of a sentence among which stands what it is about."""

_ASIDE = re.compile(r"出勤|正确|准确|合格率|达标率|指标|覆盖率|执行率")


@dataclass(frozen=True, slots=True, kw_only=True)
class Portion:
    """A share of a base."""

    share: Fraction
    what: str
    """What the share is for, who bears it or when it is paid: the words around it."""
    base: str
    """What it is a share of, where its clause says it."""
    bound: Bound
    evidence: Evidence
    amount: Fraction | None = None
    """The base, where its own sentence states it in yuan."""
    cap: Fraction | None = None
    order: int = 0
    """Which of the payments of its sentence it is, from 1; 0 where it is none of several."""
    counts: bool = False
    """Whether it is a share of a number of things, not of money."""
    changes: bool = False
    """Whether it stands in the place of another share, for those whom its sentence names."""


def portions(evidence: Evidence) -> list[Portion]:
    """The shares of a sentence."""
    text = unmarked(own(evidence))
    if not _SHARE.search(text) or evidence.sentence.row or _ASIDE.search(text):
        return []
    found: list[Portion] = []
    for one in _SHARE.finditer(text):
        found += _portion(evidence, text, one, found)
    return found


def _portion(
    evidence: Evidence, text: str, one: re.Match[str], before: list[Portion]
) -> list[Portion]:
    head = text[: one.start()]
    clause = re.split(r"[,;。:]", head)[-1]
    after = re.split(r"[,;。]", text[one.end() :])[0]
    split = _SPLIT.search(clause) if one["one"] else None
    if split and one["one"]:
        whole = Fraction(one["one"]) + Fraction(one["other"])
        first = Portion(
            share=Fraction(one["one"]) / whole,
            what=split["one"],
            base=text[:_OPENING],
            bound=Bound.EXACT,
            evidence=evidence,
        )
        return [first, replace(first, share=1 - first.share, what=split["other"])]
    if one["one"] and not (after.startswith(("的比例", "比例")) or _CHANGES.search(clause)):
        return []
    share = (
        Fraction(one["share"]) / 100
        if one["share"]
        else Fraction(one["other"]) / Fraction(one["one"])
    )
    of = _OF.search(clause)
    base = (
        _BOUNDS.sub("", of["base"])
        if of
        else before[-1].base
        if before and not clause.strip()
        else ""
    )
    what = clause[: of.start()] if of else clause
    amounts = moneys(head)
    cap = _CAP.search(text[one.end() :])
    return [
        Portion(
            share=share,
            what=what + after,
            base=base or text[:_OPENING],
            evidence=evidence,
            bound=_bound(clause),
            amount=amounts[-1][1] if amounts and not of else None,
            cap=moneys(cap["money"])[0][1] if cap else None,
            order=len(before) + 1 if _PARTED.search(head) else 0,
            counts=bool(_COUNTING.search(f"{what}|{base}"))
            and not re.search(r"额|费|资金|元", what),
            changes=bool(_CHANGES.search(clause)),
        )
    ]


def _bound(clause: str) -> Bound:
    if _LEAST.search(clause):
        return Bound.LEAST
    return Bound.MOST if _MOST.search(clause) else Bound.EXACT


_LEVEL = re.compile(
    r"(?P<level>[省市县国区])(?:[(]?州[)]?)?(?:里|级|财政|科协|[^\u4e00-\u9fff]|本级|出|掏|给|补|那|拿)"
)
_PLACE = re.compile(r"[、和及或]")
_NTH = re.compile(r"(?P<first>首|头一?|第一)[笔期次批]|第二[笔期次批]")
_WEIGHT, _LEVELS = 2, 4


def fits(question: str, portion: Portion) -> int:
    """How much a question says of what a share is for: words, and the level of government.

    The words of the base, and those of the document's own title, count for little: they tell
    no share from another.
    """
    title = pairs(normalise(portion.evidence.passage.source.facts.title))
    said, base = pairs(question), pairs(_EMPTY_BASE.sub("|", portion.base))
    shared = _WEIGHT * len((pairs(portion.what) - base - title) & said)
    asked = {one["level"] for one in _LEVEL.finditer(question)}
    meant = {one["level"] for one in _LEVEL.finditer(portion.what)}
    if meant and asked:
        shared += _LEVELS if meant & asked else -_LEVELS
    if portion.order and (nth := _NTH.search(question)) and said & pairs(own(portion.evidence)):
        shared += _LEVELS * (portion.order == (1 if nth["first"] else 2))
    return shared + bool(base & said) if shared > 0 else 0


def concerns(question: str, portion: Portion) -> bool:
    """Whether the question names one of those whom a changed share is for."""
    text = unmarked(own(portion.evidence))
    who = re.split(r"比例|提高|降|放宽|调整", text)[0]
    for name in _PLACE.split(re.sub(r"^对|的.*$", "", who)):
        core = re.sub(r"[省市县区]$", "", name.strip(",:"))
        if len(core) > 1 and any(
            core[at : at + size] in question
            for size in (len(core), 3)
            for at in range(len(core) - size + 1)
        ):
            return True
    return False


def base_words(base: str) -> list[str]:
    """The names by which a base may be found, the fullest first."""
    bare = _EMPTY_BASE.sub("", base)
    return [one for one in dict.fromkeys((base, bare)) if len(one) > 1]
