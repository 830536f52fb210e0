"""So many of each: seven people a team, for three teams; two thousand a year, for three years."""

import re
from fractions import Fraction

from knowledge.answers.evidence import Evidence
from knowledge.answers.working.case import Case, Worked, own
from knowledge.answers.working.reading.numbers import Bound, Quantity, alike, plain, quantities
from knowledge.answers.working.telling import tell

_ASKS = re.compile(
    r"(?:一共|总共|合计|总计|共|全部|加起来|至少|最少|起码|最多|得|要|需要?|能|就是|会|该)[^,。?]{0,14}?(?:几|多少)|(?:几|多少)[^,。?]{0,6}(?:才|就)?(?:够|行)"
)
_EACH = re.compile(
    r"(?:每一?(?P<per>[个支家队场名人项期届]|年|季度|个?月|周)|为每[个家支])(?P<thing>[^,;。:\d]{0,18}?)$"
)
_PLAN = re.compile(r"专项|行动|计划|规划|[以之]?[上下内]")
_HAN = re.compile(r"[\u4e00-\u9fff]+")
_A_YEAR = {"年": 1, "季度": 4, "月": 12, "个月": 12}
_LOOKED_AT = 80
_NEAR = 14


def times(case: Case) -> Worked | None:
    """The product of a given count and what the rule states for each."""
    if not _ASKS.search(case.text):
        return None
    given = [
        one
        for one in case.given
        if one.unit != "%" and one.value > 1 and not _PLAN.match(case.text[one.end :])
    ]
    if len(given) != 1:
        return None
    for rule in case.look("每")[:_LOOKED_AT]:
        if rule.sentence.row or case.foreign(rule):
            continue
        if told := _told(case, rule, given[0]):
            return Worked(text=told, rules=(rule,))
    return None


def _told(case: Case, rule: Evidence, given: Quantity) -> str:
    text = own(rule)
    for one in quantities(text):
        clause = re.split(r"[,;。:]", text[: one.start])[-1]
        each = _EACH.search(clause)
        if each is None or not _asked(case, one, given, text[one.end : one.end + _NEAR]):
            continue
        factor = _factor(case, given, each)
        if factor is not None:
            return _product(one, given, factor)
    return ""


def _asked(case: Case, stated: Quantity, given: Quantity, behind: str) -> bool:
    """Whether the question asks for what the rule counts, and does not give it itself."""
    found = re.search(r"(?:几|多少)(?P<unit>个人|[个支家名人位项场次条期份])?", case.text)
    if not found or (alike(given.unit, stated.unit) and given.unit in "人名位"):
        return False
    unit = (found["unit"] or "").replace("个人", "人")
    if unit and not alike(unit, stated.unit):
        return False
    if stated.unit in "人名位" or unit in {"人", "名", "位"}:
        return stated.unit in "人名位"
    return bool(_pairs(behind) & _pairs(case.text))


def _factor(case: Case, given: Quantity, each: re.Match[str]) -> Fraction | None:
    """How many times: the count of what each stands for, or of years for a rhythm."""
    per = each["per"] or "个"
    rhythm = per.removeprefix("个") if per.endswith("月") else per
    if rhythm in _A_YEAR:
        return given.value * _A_YEAR[rhythm] if given.unit == "年" else None
    after = case.text[given.end :][:_NEAR]
    thing = each["thing"] or case.text
    noun = bool(_pairs(after[:6]) & _pairs(thing[:8])) or (after[:1] and after[:1] in thing)
    if given.unit == "年" or not (alike(given.unit, per) or given.unit == per):
        return None
    special = given.unit == per and per not in "个项"
    return given.value if noun or special else None


def _pairs(text: str) -> set[str]:
    return {run[at : at + 2] for run in _HAN.findall(text) for at in range(len(run) - 1)}


def _product(stated: Quantity, given: Quantity, factor: Fraction) -> str:
    low = factor * stated.value
    high = factor * (stated.upper or stated.value)
    bound = {Bound.LEAST: "least", Bound.MOST: "most", Bound.ABOUT: "about"}.get(stated.bound)
    value = plain(low) if high == low else f"{plain(low)}-{plain(high)}"
    sums = f"{plain(factor)} × {plain(stated.value)} = {plain(low)}"
    if high > low:
        sums += f"，{plain(factor)} × {plain(stated.upper or low)} = {plain(high)}"
    return tell(
        "times",
        limit=tell(f"totals.{bound}") if bound else "",
        value=value,
        unit=stated.unit,
        given=given.told,
        stated=stated.said,
        sum=sums,
    )
