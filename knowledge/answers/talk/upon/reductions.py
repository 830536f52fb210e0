"""The price just told, for somebody whom a rule of its document lets pay less."""

import re
from fractions import Fraction

from core.domain.documents import Answer
from knowledge.answers.composition import say
from knowledge.answers.talk.upon.told import Before, Rule, amount, rules, worked, yuan
from knowledge.answers.working.reading.numbers import Bound, alike, number, percent, quantities
from knowledge.lexicon.lists import generic
from knowledge.lexicon.places import places_in
from knowledge.lexicon.words import normalise, segmenter

_ASKS = re.compile(
    r"(?:[交收付花缴掏出]|费|要|是).{0,3}(?:多少|几[百千万元块])|多少钱|优惠|便宜|打折|减免|[几打]折"
)
_PRICE = re.compile(r"费|价|钱|票")
_CUT = re.compile(
    r"(?:减免|减收|优惠|下浮|减)(?P<off>\d+(?:\.\d+)?)%|(?P<fold>[\d.]+|[一二三四五六七八九]{1,2})折"
    r"|(?P<half>减半|半价)|(?<!不)(?P<free>免(?:收|交|缴|费|票)|不收取?费)"
)
_TEN, _HUNDRED = 10, 100


def reduced(told: Before, said: str) -> Answer | None:
    """The price told less what a rule takes off for the case that is put; None without one."""
    if not _ASKS.search(said) or not _PRICE.search(told.question + said + told.answer.text):
        return None
    price = amount(told)
    if price is None:
        return None
    cut = [
        (price * left, one)
        for one in rules(told, f"{said} {say('upon.reductions_sought')}")
        if (left := _left(one.text)) is not None and _applies(said, one, told.question)
    ]
    if not cut:
        return None
    least, rule = min(cut, key=lambda one: one[0])
    text = say("upon.reduced", price=yuan(price), share=percent(least / price), value=yuan(least))
    return worked(told, text, [rule])


def _left(text: str) -> Fraction | None:
    """The share of a price that a rule leaves to be paid; None when it takes nothing off."""
    found = _CUT.search(text)
    if found is None or "折算" in text:
        return None
    if found["off"]:
        return 1 - Fraction(found["off"]) / _HUNDRED
    if found["fold"]:
        fold = "".join(str(number(one) or one) for one in found["fold"])
        value = Fraction(fold)
        return value / (_HUNDRED if value > _TEN else _TEN)
    return Fraction(1, 2) if found["half"] else Fraction(0)


def _applies(said: str, rule: Rule, before: str) -> bool:
    """Whether a rule names what is told of the case, and its counts are reached."""
    text, case = rule.text, normalise(said)
    counts = [
        (given, one)
        for given in quantities(case)
        for one in quantities(text)
        if one.unit and alike(given.unit, one.unit) and one.unit not in {"%", "元"}
    ]
    if counts:
        return all(_reaches(given.value, one.value, one.bound) for given, one in counts)
    return any(name in text for name in _names(case) if name not in before)


def _reaches(given: Fraction, stated: Fraction, bound: Bound) -> bool:
    return given <= stated if bound is Bound.MOST else given >= stated


def _names(case: str) -> list[str]:
    words = [word for word, flag in segmenter().cut(case) if flag[:1] in "njlz"]
    told = [*places_in(case), *words]
    return [one for one in told if len(one) > 1 and one not in generic() and not _CUT.search(one)]
