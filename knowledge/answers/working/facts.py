"""Numbers of a sentence with what they count, and which of them a question speaks of."""

import re
from dataclasses import dataclass, replace

from knowledge.answers.evidence import Evidence
from knowledge.answers.working.case import own
from knowledge.answers.working.reading.names import mentions
from knowledge.answers.working.reading.numbers import Quantity, alike, quantities

_THING = re.compile(
    r"^(?:左右|以上|余|多)?的?(?P<thing>[\u4e00-\u9fffa-z]{2,20}?)(?=与|及|联动|组建|签订|作用|开展|进行|并|专项|服务$|等|给予|深度|作为|、|\W|$|[a-z\d])"
)
_BEFORE = re.compile(r"(?P<thing>[\u4e00-\u9fff]{2,14})$")
_RATE = re.compile(r"(?:每|平均|各)[^,;。\d]{0,10}$")
_NEAR = 12
_FULL = 4
_NOT_COUNTED = frozenset(
    {"年", "月", "日", "%", "届", "级", "期", "岁", "天", "周", "分", "块", "倍"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A number of a sentence and what it counts."""

    evidence: Evidence
    quantity: Quantity
    thing: str
    leads: bool = False
    """Whether what is counted stands before its number."""
    at: int = 0
    """Where the question speaks of it."""


def unquoted(evidence: Evidence) -> str:
    """The words of a sentence, normalised, without quotation marks; facts stand in these."""
    return re.sub(r"[“”\"]", "", own(evidence))


def facts_of(evidence: Evidence) -> list[Fact]:
    """The numbers of a sentence that count something named behind them."""
    text = unquoted(evidence)
    found: list[Fact] = []
    for one in quantities(text):
        behind = _THING.match(text[one.end :])
        thing = behind or _BEFORE.search(text[: one.start])
        rate = _RATE.search(text[: one.start])
        if one.unit not in _NOT_COUNTED and thing and not rate:
            found.append(
                Fact(evidence=evidence, quantity=one, thing=thing["thing"], leads=behind is None)
            )
    return found


def said(text: str, facts: list[Fact], given: tuple[Quantity, ...]) -> list[Fact]:
    """The facts that a question speaks of: by their number, by name, or by their own word."""
    chosen: dict[int, Fact] = {}
    for at, fact in enumerate(facts):
        same = next(
            (
                one.start
                for one in given
                if one.value == fact.quantity.value
                and one.upper == fact.quantity.upper
                and alike(one.unit, fact.quantity.unit)
                and one.value > 1
            ),
            None,
        )
        if same is not None:
            chosen[at] = replace(fact, at=same)
    for mention in mentions(text, [fact.thing for fact in facts]):
        for at, fact in enumerate(facts):
            if fact.thing == mention.name:
                chosen.setdefault(at, replace(fact, at=mention.start))
    for at, fact in enumerate(facts):
        if at not in chosen and (place := _by_word(text, fact, facts)) >= 0:
            chosen[at] = replace(fact, at=place)
    return sorted(chosen.values(), key=lambda one: one.at)


def _by_word(text: str, fact: Fact, facts: list[Fact]) -> int:
    """Where a word of two characters stands that only this thing has, or its short form."""
    others = "".join(one.thing for one in facts if one is not fact)
    for at in range(len(fact.thing) - 1):
        pair = fact.thing[at : at + 2]
        if pair in text and pair not in others:
            return text.find(pair)
    for at in range(len(fact.thing) - 3):
        short = fact.thing[at] + fact.thing[at + 2]
        if short in text and short not in others:
            return text.find(short)
    return -1


def across(text: str, sentences: list[Evidence], given: tuple[Quantity, ...]) -> list[list[Fact]]:
    """Facts of several sentences of one document, each told by its number or its full name."""
    found: dict[str, dict[int, Fact]] = {}
    for one in sentences:
        for fact in facts_of(one):
            at = _told(text, fact, given)
            if at >= 0:
                found.setdefault(one.passage.source.id, {}).setdefault(at, fact)
    return [
        [replace(fact, at=at) for at, fact in sorted(facts.items())] for facts in found.values()
    ]


def _told(text: str, fact: Fact, given: tuple[Quantity, ...]) -> int:
    """Where a question states the number of a fact beside a word of it, or names it in full."""
    for one in given:
        same = one.value == fact.quantity.value > 1 and alike(one.unit, fact.quantity.unit)
        beside = text[max(0, one.start - _NEAR) : one.end + _NEAR]
        if same and any(fact.thing[at : at + 2] in beside for at in range(len(fact.thing) - 1)):
            return one.start
    named = mentions(text, [fact.thing])
    if named and named[0].end - named[0].start >= _FULL:
        return named[0].start
    return -1
