"""Years that a text names, and whether evidence is about the years of a question."""

import re
from collections.abc import Collection
from functools import lru_cache

from knowledge.lexicon.words import normalise
from knowledge.retrieval.passages import Passage
from knowledge.structure.chunks import Sentence

_A_YEAR = re.compile(r"(?<!\d)(20\d{2})(?!\d)")
_MEASURED_AGAINST = re.compile(
    r"[比较](?:上年|20\d{2}年?)(?:度|底|末|同期)?[^，。；,;]{0,6}(?=[增减提下降上多少高低翻])"
)
"""A year that only measures another one: 比2024年增长."""

_SPAN = re.compile(r"(20\d{2})\s*[-—~至到]\s*(20\d{2})")


@lru_cache(maxsize=4_096)
def years_in(text: str) -> frozenset[int]:
    """The years that a normalised text names, those inside a span too."""
    text = _MEASURED_AGAINST.sub(" ", text)
    found = {int(year) for year in _A_YEAR.findall(text)}
    for first, last in _SPAN.findall(text):
        found |= set(range(int(first), int(last) + 1))
    return frozenset(found)


def covers_year(years: Collection[int], passage: Passage) -> bool:
    """Whether the document is of, or plans for, one of the years."""
    facts = passage.source.facts
    if facts.year is None:
        return False
    last = facts.expires_on.year if facts.expires_on else facts.year
    return any(facts.year <= year <= last for year in years)


def speaks_of_years(years: frozenset[int], sentence: Sentence, passage: Passage) -> bool:
    """Whether a sentence is about one of the years: by its words, else by its document's plan.

    A document without a year of its own is not held against it.
    """
    path = "\n".join(sentence.path)
    said = years_in(normalise(sentence.text)) or years_in(normalise(path))
    if said or passage.source.facts.year is None:
        return bool(said & years) if said else True
    return covers_year(years, passage)
