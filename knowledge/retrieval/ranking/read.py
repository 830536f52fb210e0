"""What of a query stands in the text of candidates: words, runs, neighbours, sentences, titles."""

import re
import statistics
from collections.abc import Collection, Iterable
from functools import cache
from itertools import pairwise

import numpy as np

from knowledge.index.lexical.bm25 import LexicalIndex
from knowledge.lexicon.lists import regions
from knowledge.lexicon.words import is_chinese, normalise
from knowledge.retrieval.passages import CUT, Passages, Wording
from knowledge.retrieval.ranking.counted import Column, Numbers
from knowledge.retrieval.ranking.held import Held
from knowledge.retrieval.ranking.query import Query

_HEAD = 60
"""Characters of a document's beginning that say what region it is about."""
_NEAR = 12
"""Characters that may stand between two words which belong together."""


class Reader:
    """Compares the texts of candidates with one query."""

    def __init__(self, query: Query, lexical: LexicalIndex, passages: Passages) -> None:
        self._query = query
        self._passages = passages
        runs = [run for run in _runs(query.text) if run]
        self._pairs = {
            one: lexical.rarity(one) for one in query.tokens if len(one) > 1 and is_chinese(one)
        }
        self._total = sum(self._pairs.values()) or 1.0
        self._held = Held(
            runs, {one: v for one, v in self._pairs.items() if lexical.frequency(one)}
        )
        self._words = {word: _rarity(word, lexical) for word in query.words}
        self._said = sum(self._words.values()) or 1.0
        self._topic = {word: self._words[word] for word in query.topic}
        self._topical = sum(self._topic.values()) or 1.0
        self._neighbours = list(pairwise(query.topic))

    def read(self, candidates: Numbers) -> dict[str, Column]:
        """The features of each candidate that its text tells, by name."""
        normal = [self._passages.normal(number) for number in candidates.tolist()]
        starts, stops = self._passages.spans(candidates)
        alone = 1 / (stops - starts)
        texts = [CUT.join(one) for one in normal]
        found = self._held.of(texts, [one.body for one in normal])
        present = [[word for word in self._words if word in text] for text in texts]
        titles = {title: self._title(title) for title in {one.title for one in normal}}
        titled = np.array([titles[one.title] for one in normal]).T
        elsewhere = {first: self._elsewhere(first) for first in set(starts.tolist())}
        return {
            "words": np.array([sum(self._words[one] for one in words) for words in present])
            / self._said,
            "run": found.runs,
            "near": np.array(list(map(self._near, texts, present))),
            "sentence": found.best / self._total,
            "sentence_length": found.length,
            "sentence_length_alone": found.length * alone,
            "other_sentences": found.others / self._total,
            "title_words": titled[0],
            "title_alone": titled[1] * alone,
            "title_match_alone": titled[2] * alone,
            "elsewhere": np.array([float(elsewhere[first]) for first in starts.tolist()]),
        }

    def _title(self, title: str) -> tuple[float, float, float]:
        """What a title holds of the topic, of the query's pairs, and they of its own."""
        own = set(map("".join, pairwise(title)))
        shared = [self._pairs[pair] for pair in self._pairs.keys() & own]
        return (
            sum(v for word, v in self._topic.items() if word in title) / self._topical,
            sum(shared) / self._total,
            len(shared) / max(1, len(own)),
        )

    def _near(self, text: str, present: Collection[str]) -> float:
        """Share of the query's neighbouring words that stand near each other in that order."""
        if not self._neighbours:
            return 0.0
        near = sum(
            one in present and other in present and _follows(text, one, other)
            for one, other in self._neighbours
        )
        return near / len(self._neighbours)

    def _elsewhere(self, first: int) -> bool:
        """Whether the document is headed by another province than the one asked about."""
        if not self._query.provinces:
            return False
        headed = _provinces(_head(self._passages.wording(first)))
        return bool(headed) and not headed & self._query.provinces


def _follows(text: str, word: str, other: str) -> bool:
    at = text.find(word)
    while at >= 0:
        end = at + len(word)
        if text.find(other, end, end + _NEAR + len(other)) >= 0:
            return True
        at = text.find(word, end)
    return False


def _head(wording: Wording) -> str:
    return normalise(wording.title + CUT + "".join(wording.sentences)[:_HEAD])


def _provinces(text: str) -> frozenset[str]:
    """Provinces whose name or a city's stands anywhere: faster than telling names from words."""
    return frozenset(regions()[name] for name in _region().findall(text))


@cache
def _region() -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, sorted(regions(), key=len, reverse=True))))


def _runs(text: str) -> Iterable[str]:
    run = ""
    for char in text:
        if is_chinese(char):
            run += char
        else:
            yield run
            run = ""
    yield run


def _rarity(word: str, lexical: LexicalIndex) -> float:
    """How rare a word's pairs of characters are."""
    return statistics.fmean(lexical.rarity(left + right) for left, right in pairwise(word))
