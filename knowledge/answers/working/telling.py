"""Worked-out results in words: the verdict, the calculation, then the rule as quoted."""

from collections.abc import Iterable
from datetime import date, datetime
from itertools import groupby

from core.domain.documents import Answer
from knowledge.answers.composition import cite, notes, plain, say, say_date
from knowledge.answers.evidence import Evidence
from knowledge.answers.working.case import Worked
from knowledge.retrieval.passages import Passages

_LONG_ROW = 120


def tell(name: str, **values: str) -> str:
    """The sentence of that name among the worked-out ones, filled in."""
    return say(f"working.{name}", **values)


def say_day(day: date) -> str:
    """A day as people read it."""
    return say_date(day)


def lines(parts: Iterable[str]) -> str:
    """Sentences one after another, without the empty ones."""
    return "".join(part for part in parts if part)


def _quoted(rules: list[Evidence]) -> str:
    """Rules one after another; the heading of a table's rows once, the rows shortened."""
    told: list[str] = []
    under: tuple[str, ...] | None = None
    for one in rules:
        if not one.sentence.row:
            told.append(plain(one))
            continue
        row = one.sentence.text.rstrip("；;。")
        shown = plain(one).rstrip("。") if one.sentence.path != under else row
        under = one.sentence.path
        told.append(
            shown if len(shown) <= _LONG_ROW or len(rules) == 1 else f"{shown[:_LONG_ROW]}……"
        )
    separator = "\n" if any(one.sentence.row for one in rules) else ""
    return separator.join(dict.fromkeys(told))


def answer_of(question: str, worked: Worked, now: datetime, passages: Passages) -> Answer:
    """The answer that a person reads: the result first, then each rule with its document."""
    told = [worked.text]
    for title, group in groupby(worked.rules, lambda one: one.passage.source.facts.title):
        told.append(tell("rule", document=title, evidence=_quoted(list(group))))
    return Answer(
        question=question,
        text="\n".join(told),
        citations=tuple(cite(one) for one in worked.rules),
        notes=notes(worked.rules, now, passages),
    )
