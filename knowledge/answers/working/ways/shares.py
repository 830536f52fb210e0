"""Parts of wholes: how many of so many, and whether so many of so many are enough."""

import re
from dataclasses import dataclass
from fractions import Fraction

from knowledge.answers.evidence import Evidence
from knowledge.answers.working.case import CHECKS, Case, Worked, first, own
from knowledge.answers.working.others import to_confirm
from knowledge.answers.working.reading.limits import Limit, Share, limits, named, shares
from knowledge.answers.working.reading.numbers import Bound, Quantity, alike, percent, plain, whole
from knowledge.answers.working.telling import lines, tell

_LOOKED_AT = 40
_PEOPLE = "人名位"
_PERSON = re.compile(r"^(?:的)?(?:人|专家|成员|老师|教授|科技工作者|队员|同志|会员|员工|职工)")
_HOW_MANY = re.compile(
    r"(?:至少|最少|起码|最低|不能?[少低]于|不得[少低]于|得|要|需要?|必须|应该?|该|配|有|是|占|最多|至多|不超过|拿|出|算)"
    r"[^,。?!;]{0,10}?(?:几|多少)|(?:几|多少)(?:个|名|位|人|元|钱|万)[^,。]{0,8}(?:才|就|合格|达标|够|合规)"
    r"|差(?:几|多少)|缺(?:几|多少)"
)
_ALL = re.compile(r"(?:全部?|都|清一色)(?:是|为|具有|有|都是)*")
_NONE = re.compile(r"(?:没有|没|无|零个|0个|一个(?:也|都)没)")
_MONEY = "元"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rule:
    """A share that a sentence demands, the head count beside it, and the whole that is given."""

    evidence: Evidence
    share: Share
    size: Limit | None


def share(case: Case) -> Worked | None:
    """Work out a demanded part of a given whole, or whether a given part suffices."""
    rule = _rule(case)
    if rule is None:
        return None
    part, all_of = _parts(case, rule)
    if all_of is None:
        one = all(given.value == 1 for given in case.given)
        return _of_smallest(case, rule) if one else None
    if part is not None and (checks := _checked(rule, all_of, part)):
        return Worked(text=checks + to_confirm(case, rule.evidence), rules=(rule.evidence,))
    if part is None and _HOW_MANY.search(case.text):
        return Worked(text=_needed(rule, all_of), rules=(rule.evidence,))
    return None


def _rule(case: Case) -> _Rule | None:
    found = (
        _Rule(evidence=one, share=each, size=first(limits(own(one))))
        for one in case.evidence[:_LOOKED_AT]
        if not case.foreign(one)
        for each in shares(own(one))
        if named(each.core, case.text)
    )
    asks = _HOW_MANY.search(case.text) or CHECKS.search(case.text)
    return first(found) if asks else None


def _parts(case: Case, rule: _Rule) -> tuple[Quantity | Fraction | None, Quantity | None]:
    """The given part and the given whole; a part may be told as a share of it."""
    said = named(rule.share.core, case.text)
    counts = [one for one in case.given if _counts(case, one, rule)]
    told = first(one for one in case.given if one.unit == "%")
    near = [one for one in counts if _belongs(case.text, one, said)]
    apart = [one for one in counts if one not in near]
    if len(apart) > 1:
        apart = [max(apart, key=lambda one: one.value)] if not near else apart[:1]
    all_of = first(apart)
    if not near and told is None and all_of is not None:
        return _worded(case.text, said), all_of
    if told is not None and not near:
        return told.value, all_of or told
    if all_of is None and len(near) == 1 and re.search(r"[其里中当]", case.text):
        return None, near[0]
    return first(near), all_of


def _worded(text: str, said: str) -> Fraction | None:
    """A part in words: all of them, none of them."""
    if re.search(rf"{_ALL.pattern}{re.escape(said)}|{re.escape(said)}[^,]{{0,4}}100%", text):
        return Fraction(1)
    if re.search(rf"{_NONE.pattern}(?:具有|有)?(?:一个)?{re.escape(said)}", text):
        return Fraction(0)
    return None


def _counts(case: Case, given: Quantity, rule: _Rule) -> bool:
    """Whether a given number may be the whole or the part: people, where people are limited."""
    if given.unit in {"年", "月", "日", "天", "分", "%", "岁", "届", "级", "期", "次"}:
        return False
    wanted = rule.size.quantity.unit if rule.size else ""
    if wanted and not alike(given.unit, wanted):
        return False
    if given.unit == "个" and wanted in _PEOPLE:
        after = case.text[given.end :]
        core = named(rule.share.core, after)
        bare = not after or re.match(r"[,。?、里中]|是|都|有|才|够|行|可以|的话", after)
        noun = len(after) > 1 and after[:2] in own(rule.evidence)
        return bool(_PERSON.match(after) or (core and after.startswith(core)) or bare or noun)
    return True


def _belongs(text: str, given: Quantity, said: str) -> bool:
    """Whether the number counts the part: 3个正高, 正高有3个, 3个是正高."""
    after, before = text[given.end :], text[: given.start]
    if re.match(
        rf"(?:人|个|名)?(?:是|为|有|具有|的|评了|评上)*{re.escape(said)}(?!的?(?:要|得|至少|最少|应|占|需|该|几|多))",
        after,
    ):
        return True
    tail = r"[^,。;\d]{0,6}(?:只有|才|就|有|是|占|达到|为|一共|总共|:)*"
    return bool(re.search(rf"{re.escape(said)}{tail}$", before)) and not re.search(
        r"(?:人数|总|全队|全部|共|一共)$", before
    )


def _needed(rule: _Rule, all_of: Quantity) -> str:
    """The part that a given whole needs, rounded in the direction of the rule."""
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
    return tell(f"share.{name}", **sums) + lines([_too_small(rule, all_of)])


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


def _checked(rule: _Rule, all_of: Quantity, part: Quantity | Fraction) -> str:
    """Whether the given part and whole meet what the sentence demands, each with its sum."""
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


def _of_smallest(case: Case, rule: _Rule) -> Worked | None:
    """The part in the smallest whole that the same sentence allows, when none is given."""
    if rule.size is None or rule.size.quantity.bound is not Bound.LEAST:
        return None
    if not re.search(r"(?:几|多少)[个名位人]", case.text) or "比例" in case.text:
        return None
    told = tell("share.smallest", size=rule.size.quantity.told)
    return Worked(text=told + _needed(rule, rule.size.quantity), rules=(rule.evidence,))
