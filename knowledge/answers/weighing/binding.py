"""Which value of a sentence belongs to what is asked: the one whose clause names it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from knowledge.answers.holding import holds, values
from knowledge.answers.kinds import STRICT
from knowledge.answers.question import Question
from knowledge.lexicon.lists import synonyms

_CLAUSE = re.compile(r"[^,，。;；:：!！?？]+")
_REACH = 14
"""Characters behind a number within which what it counts is named."""

_BEFORE = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """The value of a sentence that fits a question best, and how well."""

    value: str
    clause: float
    """Share of the question's subject, by weight, that stands in the same clause."""
    next_to: bool
    """Whether what is counted stands right behind the number, or right before it."""
    names_target: bool
    """Whether what is counted stands in the same clause."""


def bind(question: Question, words: Mapping[str, float], own: str) -> Bound | None:
    """The best value in a normalised sentence; None where no value is asked for or stated."""
    if question.kind not in STRICT or not holds(question.kind, question.unit, own):
        return None
    total = sum(words.values()) or 1.0
    best: Bound | None = None
    for clause, at, value in _values(question, own):
        share = sum(weight for word, weight in words.items() if _says(clause, word)) / total
        behind = clause[at + len(value) : at + len(value) + _REACH]
        before = clause[max(0, at - _BEFORE) : at]
        target = question.target
        found = Bound(
            value=value,
            clause=share,
            next_to=bool(target) and (_counts(behind, target) or _says(before, target)),
            names_target=bool(target) and _says(clause, target),
        )
        if best is None or _rank(found) > _rank(best):
            best = found
    return best


def _rank(bound: Bound) -> tuple[bool, float]:
    return (bound.next_to, bound.clause)


def _values(question: Question, own: str) -> Iterator[tuple[str, int, str]]:
    """Clauses that hold a value: the clause, where the value stands in it, the value."""
    if question.kind is None:
        return
    for clause in _CLAUSE.findall(own):
        for start, value in values(question.kind, question.unit, clause):
            yield clause, start, value


def _counts(behind: str, target: str) -> bool:
    """Whether what stands behind a number is what is counted, and not a part of it (子项目)."""
    return _says(behind, target) and not any(f"{part}{target}" in behind for part in "子副分")


def _says(text: str, word: str) -> bool:
    return word in text or any(one in text for one in synonyms().get(word, ()))
