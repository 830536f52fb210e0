"""So much a year for so many years: the total of a support that a rule states by the year."""

import re
from fractions import Fraction

from knowledge.answers.evidence import Evidence
from knowledge.answers.working.case import Case, Worked, own
from knowledge.answers.working.conditions.subject import about_another
from knowledge.answers.working.formulas.paper import Paper, money, moneys, pairs, papers, unmarked
from knowledge.answers.working.reading.numbers import plain, quantities
from knowledge.answers.working.telling import tell

_ASKS = re.compile(r"(?:多少|几)(?:钱|万|元|块|资|经费|补|支)|多少$")
_WHOLE = re.compile(
    r"一共|总共|合计|总计|拿满|下来|加起来|[一二两三四五六七八九\d]年|全部|累计|整个|统共"
)
_YEARLY = re.compile(r"每年[^,;。\d]{0,8}$|/年$")
_PERIOD = re.compile(
    r"(?P<what>[\u4e00-\u9fff]{2,6}?)(?:周期|期限?|年限)为?(?P<years>\d+|[一二两三四五六七八九十])年"
)
_EACH = re.compile(r"每[个家种名项人站位支]")
_COUNTS = re.compile("[个家种名项人站位支]")


def yearly(case: Case) -> Worked | None:
    """The total over the years that are given, or over the period that the rule states."""
    if not _ASKS.search(case.text) or not _WHOLE.search(case.text):
        return None
    for paper in papers(case, "每年支持", "周期"):
        found = [one for one in paper.sentences if _rate(case, one) is not None]
        if len(found) != 1 or about_another(case, found[0]):
            continue
        worked = _worked(case, paper, found[0])
        if worked is not None:
            return worked
    return None


def _rate(case: Case, one: Evidence) -> tuple[Fraction, str] | None:
    """A yearly amount of a sentence and what it is for, where the question names that."""
    if one.sentence.row:
        return None
    text = unmarked(own(one)).lstrip("-—")
    found = []
    for hit, value in moneys(text):
        clause = re.split(r"[,;。]", text[: hit.start()])[-1]
        if not _YEARLY.search(clause):
            continue
        item = (
            re.split(r"[:,]", text)[0] if ":" in text else _EACH.split(clause)[0].split("每年")[0]
        )
        rivals = text.replace(item, "")
        key = pairs(item) & pairs(case.text) - pairs(rivals)
        if key and item[:2] in case.text:
            found.append((value, item))
    return found[0] if len(found) == 1 else None


def _worked(case: Case, paper: Paper, rule: Evidence) -> Worked | None:
    rate = _rate(case, rule)
    years, period = _years(case, paper, rule)
    if rate is None or years is None:
        return None
    value, item = rate
    count = next(
        (
            one.value
            for one in case.given
            if _COUNTS.fullmatch(one.unit)
            and one.value > 1
            and item[:2] in case.text[one.end :][:6]
        ),
        Fraction(1),
    )
    sums = [money(value), plain(years)] + ([plain(count)] if count > 1 else [])
    total = value * years * count
    told = tell(
        "formula.yearly",
        item=item,
        rate=money(value),
        years=plain(years),
        sum=" × ".join(sums),
        value=money(total),
    )
    rules = (rule,) if period is None or period is rule else (rule, period)
    return Worked(text=told, rules=rules)


def _years(case: Case, paper: Paper, rule: Evidence) -> tuple[Fraction | None, Evidence | None]:
    """The years that the question gives, else the one period stated beside the rule."""
    given = [one.value for one in quantities(case.text) if one.unit == "年"]
    if len(given) > 1:
        return None, None
    period = _period(paper, rule)
    stated = _PERIOD.search(own(period)) if period else None
    span = stated["years"] if stated else ""
    known = quantities(f"{span}年")[0].value if span else None
    if given:
        beyond = known is not None and given[0] > known
        return (None, None) if beyond else (given[0], period if known == given[0] else None)
    return (known, period) if known is not None else (None, None)


def _period(paper: Paper, rule: Evidence) -> Evidence | None:
    """The sentence that states the years, nearest before the rule in the same section."""
    path = rule.sentence.path
    near = [
        one
        for one in paper.sentences
        if _PERIOD.search(own(one))
        and one.sentence.start <= rule.sentence.start
        and (one.sentence.path in {path, path[:-1]} or one.sentence.path[:-1] == path[:-1])
    ]
    return near[-1] if near else None
