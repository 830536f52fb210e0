"""Worked-out results in words: the verdict, the calculation, then the rule as quoted."""

from collections.abc import Iterable
from datetime import datetime
from itertools import groupby

from core.domain.documents import Answer
from knowledge.answers.composition import cite, notes, plain, say
from knowledge.answers.working.case import Worked


def tell(name: str, **values: str) -> str:
    """The sentence of that name among the worked-out ones, filled in."""
    return say(f"working.{name}", **values)


def lines(parts: Iterable[str]) -> str:
    """Sentences one after another, without the empty ones."""
    return "".join(part for part in parts if part)


def answer_of(question: str, worked: Worked, now: datetime) -> Answer:
    """The answer that a person reads: the result first, then each rule with its document."""
    told = [worked.text]
    for title, group in groupby(worked.rules, lambda one: one.passage.source.facts.title):
        rules = " ".join(dict.fromkeys(plain(one) for one in group))
        told.append(tell("rule", document=title, evidence=rules))
    return Answer(
        question=question,
        text="\n".join(told),
        citations=tuple(cite(one) for one in worked.rules),
        notes=notes(worked.rules, now),
    )
