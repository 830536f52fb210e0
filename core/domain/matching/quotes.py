"""Words of both sides, verbatim: what a reason stands on."""

import re
from collections.abc import Iterable, Sequence

from core.domain.matching.rules import folded
from core.domain.records import Record

_CLAUSES = re.compile(r"[^，。；！？!?;\n]+")
LONGEST = 40
"""Characters of a quote; a longer clause is cut around the word it is quoted for."""


def quote(texts: Iterable[str], words: Sequence[str]) -> str:
    """The clause of these texts that holds most of the words, verbatim; empty when none does."""
    best, count = "", 0
    for text in texts:
        for found in _CLAUSES.finditer(text):
            clause = found[0].strip()
            held = sum(word in folded(clause) for word in words)
            if held > count:
                best, count = clause, held
    return _cut(best, words)


def _cut(clause: str, words: Sequence[str]) -> str:
    if len(clause) <= LONGEST:
        return clause
    low = clause.lower()
    places = [low.find(word) for word in words if word in low]
    start = max(0, min(places, default=0) - LONGEST // 4)
    return clause[start : start + LONGEST].strip()


def texts_of(record: Record) -> tuple[str, ...]:
    """What a record says of itself, its title first."""
    return (record.title, *record.keywords, record.summary, *record.details.values())


def pairs(text: str) -> set[str]:
    """Pairs of neighbouring characters of folded text."""
    return {text[at : at + 2] for at in range(len(text) - 1)}
