"""Parts of wholes: how many of so many, and whether so many of so many are enough."""

import re
from dataclasses import dataclass, replace
from fractions import Fraction

from knowledge.answers.evidence import Evidence
from knowledge.answers.working.case import CHECKS, Case, Worked, first, own
from knowledge.answers.working.others import to_confirm
from knowledge.answers.working.reading.limits import Limit, Share, limits, named, shares
from knowledge.answers.working.reading.numbers import Bound, Quantity, alike, percent, plain, whole
from knowledge.answers.working.reading.roles import Roles, roles
from knowledge.answers.working.telling import lines, tell

_LOOKED_AT = 40
_PEOPLE = "人名位"
_PERSON = re.compile(
    r"^(?:的)?(?:人|专家|成员|老师|教授|科技工作者|队员|同志|会员|员工|职工"
    r"|[\u4e00-\u9fff]{1,4}?[高士师员生者授工级](?=[^\u4e00-\u9fff]|$|[是和,都有]))"
)
_RUN = re.compile(r"[\u4e00-\u9fff]{1,10}")
_CLAUSE = re.compile(r"[,;。?!、]")
_WHOLE_ASKED = re.compile(
    r"(?:最多|至多|顶多|最大|多大|能|可以|可|够|撑|配|带|凑|拉|最少|至少)[^,。?!]{0,10}?(?:几|多少|多大)"
)
_HOW_MANY = re.compile(
    r"(?:至少|最少|起码|最低|不能?[少低]于|不得[少低]于|得|要|需要?|必须|应该?|该|配|有|是|占|最多|至多|不超过|拿|出|算)"
    r"[^,。?!;]{0,10}?(?:几|多少)|(?:几|多少)(?:个|名|位|人|元|钱|万)[^,。]{0,8}(?:才|就|合格|达标|够|合规)"
    r"|差(?:几|多少)|缺(?:几|多少)"
)
_ALL = re.compile(r"(?:全部?|都|清一色)(?:是|为|具有|有|都是)*")
_NONE = re.compile(r"(?:没有|没|无|零个|0个|一个(?:也|都)没)")
_MONEY = "元"
_HUNDRED = Quantity(value=Fraction(1), unit="%", bound=Bound.EXACT, said="", start=0, end=0)
"""The whole of which a share alone is told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rule:
    """A share that a sentence demands, the head count beside it, and the whole that is given."""

    evidence: Evidence
    share: Share
    size: Limit | None


def share(case: Case) -> Worked | None:
    """Work out a demanded part of a given whole, the whole of a part, or whether both agree."""
    if not any(one.search(case.text) for one in (_HOW_MANY, _WHOLE_ASKED, CHECKS)):
        return None
    found = (
        (rule, given)
        for one in case.evidence[:_LOOKED_AT]
        for each in shares(own(one))
        if (said := named(each.core, case.text))
        for rule in (_Rule(evidence=one, share=each, size=first(limits(own(one)))),)
        for given in (roles(case.text, _counts(case, rule), said),)
        if not case.foreign(one, apart=_sorts(case, given))
    )
    ruled = first(found)
    return _worked(case, *ruled) if ruled is not None else None


_SORTS = frozenset("类种档等")
"""Measures of sorts: a part of four sorts of projects is not two sorts."""


def _counts(case: Case, rule: _Rule) -> list[Quantity]:
    return [one for one in case.given if _counted(case, one, rule)]


def _sorts(case: Case, given: Roles) -> str:
    """What is counted beside the part and the whole: two doctors, four engineers."""
    known = [one for one in (given.part, *given.beside) if one is not None]
    runs = (_RUN.match(case.text[one.end :]) for one in known)
    return ",".join(run.group() for run in runs if run)


def _worked(case: Case, rule: _Rule, given: Roles) -> Worked | None:
    part = _part(case, rule, given)
    if part is not None and (given.whole is not None or given.part is None):
        checks = _checked(rule, given.whole, part)
        text = checks + to_confirm(case, rule.evidence) if checks else ""
    elif given.whole is not None:
        asked = _HOW_MANY.search(case.text) or given.part_asked
        text = _needed(rule, given.whole, others=given.others_asked) if asked else ""
    elif given.part is not None:
        text = _whole_of(case, rule, given.part)
    else:
        text = _of_smallest(case, rule)
    return Worked(text=text, rules=(rule.evidence,)) if text else None


def _part(case: Case, rule: _Rule, given: Roles) -> Quantity | Fraction | None:
    """The given part: a count, a share, or one in words."""
    if given.part is not None:
        return given.part
    told = first(one.value for one in case.given if one.unit == "%")
    if told is not None or given.whole is None:
        return told
    return _worded(case.text, named(rule.share.core, case.text))


def _whole_of(case: Case, rule: _Rule, part: Quantity) -> str:
    """How large a whole a given part allows, or demands where the share is an upper bound."""
    if not _WHOLE_ASKED.search(case.text) or not rule.share.share:
        return ""
    least = rule.share.bound is Bound.LEAST
    exact = part.value / rule.share.share
    count = whole(exact, up=not least)
    limit = rule.size.quantity if rule.size else None
    return tell(
        "share.whole_most" if least else "share.whole_least",
        part=plain(part.value),
        share=percent(rule.share.share),
        exact=plain(exact),
        count=plain(count),
        unit=limit.unit if limit else part.unit,
        what=rule.share.core,
    ) + lines(
        [_too_small(rule, replace(part, value=count, unit=limit.unit if limit else part.unit))]
    )


def _worded(text: str, said: str) -> Fraction | None:
    """A part in words: all of them, none of them."""
    if re.search(rf"{_ALL.pattern}{re.escape(said)}|{re.escape(said)}[^,]{{0,4}}100%", text):
        return Fraction(1)
    if re.search(rf"{_NONE.pattern}(?:具有|有)?(?:一个)?{re.escape(said)}", text):
        return Fraction(0)
    return None


def _counted(case: Case, given: Quantity, rule: _Rule) -> bool:
    """Whether a given number may be the whole or the part: people, where people are limited."""
    if given.unit in {"年", "月", "日", "天", "分", "%", "岁", "届", "级", "期", "次"}:
        return False
    wanted = rule.size.quantity.unit if rule.size else ""
    if given.unit in _SORTS and given.unit != wanted:
        return False
    if wanted and not alike(given.unit, wanted):
        return False
    if given.unit == "个" and wanted in _PEOPLE:
        after = case.text[given.end :]
        core = named(rule.share.core, _CLAUSE.split(after)[0])
        bare = not after or re.match(r"[,。?、里中]|是|都|有|才|够|行|可以|的话", after)
        noun = len(after) > 1 and after[:2] in own(rule.evidence)
        return bool(_PERSON.match(after) or core or bare or noun)
    return True


def _needed(rule: _Rule, all_of: Quantity, *, others: bool) -> str:
    """The part that a given whole needs, rounded as the rule directs, or what it leaves."""
    least = rule.share.bound is Bound.LEAST
    exact = all_of.value * rule.share.share
    unit = _unit(rule, all_of)
    count = exact if unit == _MONEY else whole(exact, up=least)
    sums = {
        "whole": plain(all_of.value),
        "share": percent(rule.share.share),
        "exact": plain(exact),
        "count": plain(count),
        "unit": unit,
        "what": rule.share.core,
    }
    name = ("least" if least else "most") + ("" if count == exact else "_rounded")
    told = tell(f"share.{name}", **sums)
    if others:
        rest = plain(all_of.value - count)
        told += tell("share.rest_most" if least else "share.rest_least", rest=rest, **sums)
    return told + lines([_too_small(rule, all_of)])


def _unit(rule: _Rule, all_of: Quantity) -> str:
    return rule.size.quantity.unit if rule.size and all_of.unit == "个" else all_of.unit


def _too_small(rule: _Rule, all_of: Quantity) -> str:
    """A remark on a whole that is itself beyond its limit."""
    if rule.size is None or _within(rule.size, all_of):
        return ""
    return tell("share.whole_fails", given=all_of.told, limit=rule.size.quantity.said)


def _within(size: Limit, given: Quantity) -> bool:
    if size.quantity.bound is Bound.LEAST:
        return given.value >= size.quantity.value
    return given.value <= size.quantity.value


def _checked(rule: _Rule, whole_of: Quantity | None, part: Quantity | Fraction) -> str:
    """Whether the given part and whole meet what the sentence demands, each with its sum."""
    all_of = whole_of or _HUNDRED
    given = part if isinstance(part, Fraction) else part.value / all_of.value
    if given > 1:
        return ""
    least = rule.share.bound is Bound.LEAST
    passes = given >= rule.share.share if least else given <= rule.share.share
    counted = all_of.unit != "%"
    sizes = ""
    fits = True
    if rule.size is not None and counted:
        fits = _within(rule.size, all_of)
        sizes = tell(
            "share.size_passes" if fits else "share.size_fails",
            given=all_of.told,
            limit=rule.size.quantity.said,
            gap=plain(abs(all_of.value - rule.size.quantity.value)) + rule.size.quantity.unit,
        )
    sums = {
        "what": rule.share.core,
        "sum": ""
        if isinstance(part, Fraction)
        else f"{plain(part.value)} ÷ {plain(all_of.value)} = ",
        "given": percent(given),
        "limit": rule.share.said,
    }
    told = tell("share.passes" if passes else "share.fails", **sums)
    gap = "" if passes or not counted or isinstance(part, Fraction) else _gap(rule, all_of, given)
    verdict = tell("meets" if passes and fits else "fails")
    return lines([verdict, sizes, told, gap])


def _gap(rule: _Rule, all_of: Quantity, given: Fraction) -> str:
    least = rule.share.bound is Bound.LEAST
    exact = all_of.value * rule.share.share
    needed = whole(exact, up=least)
    missing = abs(needed - given * all_of.value)
    return tell(
        "share.gap_least" if least else "share.gap_most",
        whole=plain(all_of.value),
        share=percent(rule.share.share),
        exact=plain(exact),
        needed=plain(needed),
        missing=plain(missing),
        unit=_unit(rule, all_of),
    )


def _of_smallest(case: Case, rule: _Rule) -> str:
    """The part in the smallest whole that the same sentence allows, when none is given."""
    if any(each.value != 1 for each in case.given):
        return ""
    if rule.size is None or rule.size.quantity.bound is not Bound.LEAST:
        return ""
    if not re.search(r"(?:几|多少)[个名位人]", case.text) or "比例" in case.text:
        return ""
    told = tell("share.smallest", size=rule.size.quantity.told)
    return told + _needed(rule, rule.size.quantity, others=False)
