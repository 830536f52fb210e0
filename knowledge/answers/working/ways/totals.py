"""Sums, differences, shares and averages of numbers that one document states in its sentences."""

import re
from fractions import Fraction
from itertools import pairwise

from knowledge.answers.working.case import Case, Worked
from knowledge.answers.working.facts import Fact, across, facts_of, said, unquoted
from knowledge.answers.working.reading.names import spread
from knowledge.answers.working.reading.numbers import (
    Bound,
    alike,
    percent,
    plain,
)
from knowledge.answers.working.telling import tell
from knowledge.answers.working.ways.rows import DIFFERENCES, SHARES, SUMS

_AVERAGE = re.compile(r"平均|人均|均摊|每[个支家人名项].{0,12}?(?:摊|分到|合)(?:多少|几)?")
_TIMES = re.compile(r"几倍|多少倍|倍数")
_PLUS = re.compile(r"加上?|再(?:加|组|建|新)|和|跟|与|、")
_ASKS = re.compile(r"多少|几")
_MEASURE = re.compile(r"(?:多少|几)(?P<unit>[个支家名人位项场次条期份])(?!百分|月|小时)")
_HERE = re.compile(r"已建|已有|已经|现有|原有|原来|目前|建成")
_MORE_ASKED = re.compile(r"(?:再|新增|新建|增加|扩建|另)[^,。?]{0,5}(?:几|多少)")
_COMING = re.compile(r"再|还要|新增|新建|增加|扩建|另|还将|续建")
_TOTAL = re.compile(
    r"(?:一共|总共|总数|最后|最终|共|加上|加起来|合计|变成|达到|会有|算下来|规模)[^。?]{0,14}?(?:几|多少)"
)
_OF_TOTAL = re.compile(
    r"占[^,。?]{0,8}?(?:总数|总量|总的|总目标|全部|总共)[^,。?]{0,8}?(?:几|多少|比例|比重|占比)"
)
_TOTAL_OF = re.compile(r"的?(?:总数|总量|总规模|总共|共)(?:争取)?达?到?$")
_STATE = 12
_LOOKED_AT = 60
_TWO = 2


def total(case: Case) -> Worked | None:
    """Arithmetic on two or more numbers of one sentence, else of one document."""
    text = spread(case.text)
    return _grown(case, text) or _of_total(case, text) or _stated(case, text)


def _stated(case: Case, text: str) -> Worked | None:
    """Arithmetic on the numbers that the question names."""
    if not _wanted(case, text):
        return None
    for one in case.look()[:_LOOKED_AT]:
        if one.sentence.row or case.foreign(one):
            continue
        facts = said(text, facts_of(one), case.given)
        if len(facts) >= _TWO and (told := _worked(text, facts)):
            return Worked(text=told, rules=(one,))
    return _across(case, text)


def _wanted(case: Case, text: str) -> bool:
    wanted = (SUMS, DIFFERENCES, SHARES, _AVERAGE, _TIMES)
    added = len(case.given) > 1 and _PLUS.search(text) and re.search(r"(?:是|有)(?:多少|几)", text)
    asks = _ASKS.search(text) or SHARES.search(text)
    return bool(asks) and bool(added or any(one.search(text) for one in wanted))


def _grown(case: Case, text: str) -> Worked | None:
    """What there is with what is to come, where one sentence counts both of one thing."""
    both = _COMING.search(text) and (_TOTAL.search(text) or _HERE.search(text))
    if not both or not _ASKS.search(text) or _MORE_ASKED.search(text):
        return None
    for one in case.look()[:_LOOKED_AT]:
        if one.sentence.row or case.foreign(one):
            continue
        sentence = unquoted(one)
        for here, more in pairwise(facts_of(one)):
            before = sentence[: here.quantity.start]
            between = sentence[here.quantity.end : more.quantity.start]
            states = _HERE.search(before[-_STATE:]) and _COMING.search(between[-_STATE:])
            if states and _one_thing(text, here, more) and _counted_as_asked(text, here):
                return Worked(text=_sum([here, more]), rules=(one,))
    return None


def _one_thing(text: str, here: Fact, more: Fact) -> bool:
    """Whether two facts count the same sort of thing, and the question names it."""
    one, other = sorted((here.thing, more.thing), key=len)
    named = any(one[at:] in text for at in range(len(one) - 1))
    return here.quantity.unit == more.quantity.unit and one in other and named


def _of_total(case: Case, text: str) -> Worked | None:
    """A count as a share of the total that the same document states of the same thing."""
    if not _OF_TOTAL.search(text):
        return None
    sentences = [one for one in case.look()[:_LOOKED_AT] if not one.sentence.row]
    facts = [fact for one in sentences if not case.foreign(one) for fact in facts_of(one)]
    for of_all in facts:
        thing = _totalled(text, of_all)
        parts = [one for one in facts if thing and _part_of(one, of_all, thing)]
        most = max((_shared(text, one) for one in parts), default=0)
        parts = [one for one in parts if _shared(text, one) == most]
        if len({one.quantity.value for one in parts}) == 1:
            told = _share([parts[0], of_all])
            rules = dict.fromkeys((parts[0].evidence, of_all.evidence))
            return Worked(text=told, rules=tuple(rules))
    return None


def _totalled(text: str, fact: Fact) -> str:
    """The thing whose total a fact states, as the question says it."""
    thing = _TOTAL_OF.sub("", fact.thing)
    if not fact.leads or thing == fact.thing:
        return ""
    return next((thing[at:] for at in range(len(thing) - 1) if thing[at:] in text), "")


def _part_of(fact: Fact, of_all: Fact, thing: str) -> bool:
    return (
        fact.thing.endswith(thing)
        and fact.evidence.passage.source.id == of_all.evidence.passage.source.id
        and fact.quantity.unit == of_all.quantity.unit
        and fact.quantity.value < of_all.quantity.value
    )


def _shared(text: str, fact: Fact) -> int:
    """How many pairs of characters a question shares with the clause of a fact."""
    sentence, at = unquoted(fact.evidence), fact.quantity.start
    first = max(sentence.rfind(mark, 0, at) for mark in ",;。") + 1
    clause = re.split(r"[,;。]", sentence[first:])[0]
    return sum(clause[at : at + _TWO] in text for at in range(len(clause) - 1))


def _across(case: Case, text: str) -> Worked | None:
    """The same with facts of several sentences; together they must name all the question does."""
    sentences = [one for one in case.look()[:_LOOKED_AT] if not one.sentence.row]
    for facts in across(text, sentences, case.given):
        unnamed = set.intersection(*(case.unnamed(one.evidence) for one in facts))
        if len(facts) == _TWO and not unnamed and (told := _worked(text, facts)):
            return Worked(text=told, rules=tuple(one.evidence for one in facts))
    return None


def _worked(text: str, facts: list[Fact]) -> str:
    pair = len(facts) == _TWO
    if _AVERAGE.search(text):
        return _average(text, facts) if pair else ""
    if pair and SHARES.search(text):
        return _share(facts)
    facts = [one for one in _alike(facts) if _counted_as_asked(text, one)]
    pair = len(facts) == _TWO
    if len(facts) < _TWO:
        return ""
    if pair and (_TIMES.search(text) or DIFFERENCES.search(text)):
        return _apart(facts, times=bool(_TIMES.search(text)))
    return _sum(facts)


def _counted_as_asked(text: str, fact: Fact) -> bool:
    """Whether a fact is counted in a measure like the one that the question asks for."""
    asked = _MEASURE.search(text)
    return asked is None or alike(asked["unit"], fact.quantity.unit)


def _alike(facts: list[Fact]) -> list[Fact]:
    """The facts counted in the measure that most of them share."""
    units = [fact.quantity.unit for fact in facts]
    most = max(units, key=units.count)
    return [fact for fact in facts if fact.quantity.unit == most]


def _names(one: Fact, other: Fact) -> dict[str, str]:
    return {
        "one": _name(one),
        "other": _name(other),
        "one_value": plain(one.quantity.value),
        "other_value": plain(other.quantity.value),
    }


def _name(fact: Fact) -> str:
    parts = (fact.quantity.said, fact.thing)
    return "".join(reversed(parts) if fact.leads else parts)


def _sum(facts: list[Fact]) -> str:
    low = sum((one.quantity.value for one in facts), Fraction(0))
    high = sum((one.quantity.upper or one.quantity.value for one in facts), Fraction(0))
    unit = facts[0].quantity.unit
    sums = " + ".join(plain(one.quantity.value) for one in facts) + f" = {plain(low)}"
    value = plain(low)
    if high > low:
        upper = " + ".join(plain(one.quantity.upper or one.quantity.value) for one in facts)
        sums += f"，{upper} = {plain(high)}"
        value = f"{plain(low)}-{plain(high)}"
    return tell(
        "totals.sum",
        limit=_limit(facts),
        value=value,
        unit=unit,
        parts="，".join(_name(one) for one in facts),
        sum=sums,
    )


def _limit(facts: list[Fact]) -> str:
    """The word before a result of bounded numbers: at least, at most or about."""
    bounds = {one.quantity.bound for one in facts}
    for bound, name in ((Bound.ABOUT, "about"), (Bound.LEAST, "least"), (Bound.MOST, "most")):
        if bound in bounds and bounds <= {bound, Bound.EXACT}:
            return tell(f"totals.{name}")
    return ""


def _apart(facts: list[Fact], *, times: bool) -> str:
    """By how much, or how many times, the larger is more."""
    more, less = sorted(facts, key=lambda one: one.quantity.value, reverse=True)
    if more.quantity.upper or less.quantity.upper or not less.quantity.value:
        return ""
    if times:
        value = plain(more.quantity.value / less.quantity.value)
        return tell("totals.times", **_names(more, less), value=value)
    value = plain(more.quantity.value - less.quantity.value)
    return tell("totals.difference", **_names(more, less), value=value, unit=more.quantity.unit)


def _share(facts: list[Fact]) -> str:
    part, of_all = facts
    if part.quantity.value > of_all.quantity.value:
        part, of_all = of_all, part
    if not of_all.quantity.value or not alike(part.quantity.unit, of_all.quantity.unit):
        return ""
    share = percent(part.quantity.value / of_all.quantity.value)
    return tell("totals.share", **_names(part, of_all), share=share)


def _average(text: str, facts: list[Fact]) -> str:
    """So many of the one for each of the other; 每 stands before what is divided by."""
    each = re.search(r"(?:平均|每)(?:到)?(?:每|一)?", text)
    if each is None:
        return ""
    behind = text[each.end() :]
    noun = re.match(r"[个支家名项位]?(?P<noun>[\u4e00-\u9fff]{2})", behind)
    divisor = next((one for one in facts if noun and noun["noun"] in one.thing), None)
    if divisor is None:
        return ""
    divided = next(one for one in facts if one is not divisor)
    if not divisor.quantity.value or divisor.quantity.upper or divided.quantity.upper:
        return ""
    value = plain(divided.quantity.value / divisor.quantity.value)
    limit = _limit([divided])
    return tell(
        "totals.average",
        **_names(divided, divisor),
        value=value,
        unit=divided.quantity.unit,
        each=divisor.quantity.unit + divisor.thing,
        limit=limit,
    )
