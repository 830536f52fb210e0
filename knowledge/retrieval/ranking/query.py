"""A query as it is searched and ranked by: its tokens, its words, its places."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from knowledge.lexicon.lists import stopwords
from knowledge.lexicon.officially import officially
from knowledge.lexicon.places import places_in
from knowledge.lexicon.words import grams, is_chinese, normalise, segmenter, strip_question_words

OFFICIAL = 0.3
"""Weight of an official word that the query does not say, against 1 of one it says.

Measured: for lay questions 0.15 found less, and 0.5 cost the questions in official words.
"""

_PAIR = 2
_KIND = "[省市区县]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What is looked for."""

    text: str
    """Normalised, without the words that only make it a question."""
    tokens: tuple[str, ...]
    official: tuple[str, ...]
    """Tokens of the official words for what it says in lay ones."""
    regional: frozenset[str]
    """Those of its tokens that name a place."""
    crossing: frozenset[str]
    """Pairs of characters that reach from one word into the next."""
    words: tuple[str, ...]
    """Those that carry a subject, in order."""
    topic: tuple[str, ...]
    """Those of its words that name no place."""
    provinces: frozenset[str]

    @property
    def weighted(self) -> dict[str, float]:
        """Every token with its weight for finding candidates."""
        return dict.fromkeys(self.tokens, 1.0) | dict.fromkeys(self.official, OFFICIAL)


def query_of(question: str) -> Query:
    """Read a query."""
    whole = normalise(question)
    text = strip_question_words(whole)
    tokens = tuple(dict.fromkeys(grams(text)))
    official = dict.fromkeys(token for word in officially(text) for token in grams(word))
    named = places_in(whole)
    words = [word for word, _ in segmenter().cut(whole)]
    inside = {left + right for word in words for left, right in pairwise(word)}
    regional = frozenset(_regional(whole, named))
    carrying = tuple(word for word in words if _carries(word) and word in text)
    return Query(
        text=text,
        tokens=tokens,
        official=tuple(token for token in official if token not in tokens),
        regional=regional,
        crossing=frozenset(one for one in tokens if len(one) == _PAIR and is_chinese(one))
        - inside,
        words=carrying,
        topic=tuple(word for word in carrying if not regional.issuperset(grams(word))),
        provinces=frozenset(named.values()),
    )


def _regional(text: str, names: Iterable[str]) -> Iterable[str]:
    """The tokens of names and of the 省 or 市 behind them."""
    for name in names:
        for found in re.findall(f"{name}{_KIND}?", text):
            yield from grams(found)


def _carries(word: str) -> bool:
    return len(word) >= _PAIR and is_chinese(word) and word not in stopwords()
