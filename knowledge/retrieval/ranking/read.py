"""What of a query stands in the text of candidates: words, runs, neighbours, sentences, titles."""

import math
import re
import statistics
from collections.abc import Iterable
from functools import cache, lru_cache
from itertools import pairwise

import numpy as np

from knowledge.index.lexical.bm25 import LexicalIndex
from knowledge.lexicon.lists import regions
from knowledge.lexicon.words import is_chinese, normalise
from knowledge.retrieval.passages import Passages, Wording
from knowledge.retrieval.ranking.counted import Column, Numbers
from knowledge.retrieval.ranking.query import Query

_CUT = "|"
"""Between sentences: it outlives normalising, and no token reaches across."""
_HEAD = 60
"""Characters of a document's beginning that say what region it is about."""
_NEAR = 12
"""Characters that may stand between two words which belong together."""
_LONGEST = 12
"""A run in common that is longer than this says no more."""
_OTHERS = slice(1, 3)


class Reader:
    """Compares the texts of candidates with one query."""

    def __init__(self, query: Query, lexical: LexicalIndex, passages: Passages) -> None:
        self._query = query
        self._passages = passages
        pairs = [one for one in query.tokens if len(one) > 1 and is_chinese(one)]
        self._pairs = {one: lexical.rarity(one) for one in pairs}
        self._known = [one for one in pairs if lexical.frequency(one)]
        self._total = sum(self._pairs.values()) or 1.0
        self._words = {word: _rarity(word, lexical) for word in query.words}
        self._said = sum(self._words.values()) or 1.0
        self._topic = {word: self._words[word] for word in query.topic}
        self._topical = sum(self._topic.values()) or 1.0
        self._neighbours = list(pairwise(query.topic))
        self._heads: dict[int, bool] = {}
        self._runs = [run for run in _runs(query.text) if run]

    def read(self, candidates: Numbers) -> dict[str, Column]:
        """The features of each candidate that its text tells, by name."""
        rows = [self._row(number) for number in candidates.tolist()]
        return {name: np.array([row[name] for row in rows]) for name in rows[0]} if rows else {}

    def _row(self, number: int) -> dict[str, float]:
        siblings = self._passages.siblings(number)
        wording = self._passages.wording(number)
        title = _normal(wording.title)
        body = _normal(_CUT.join(wording.sentences))
        text = _CUT.join((title, _normal(_CUT.join(_untitled(wording))), body))
        alone = 1 / len(siblings)
        title_pairs = set(map("".join, pairwise(title)))
        shared = [rarity for pair, rarity in self._pairs.items() if pair in title_pairs]
        best, length, others = self._sentences(body)
        return {
            "words": sum(v for word, v in self._words.items() if word in text) / self._said,
            "run": float(self._run(text)),
            "near": self._near(text),
            "sentence": best,
            "sentence_length": length,
            "sentence_length_alone": length * alone,
            "other_sentences": others,
            "title_words": sum(v for word, v in self._topic.items() if word in title)
            / self._topical,
            "title_alone": sum(shared) / self._total * alone,
            "title_match_alone": len(shared) / max(1, len(title_pairs)) * alone,
            "elsewhere": float(self._elsewhere(siblings.start)),
        }

    def _sentences(self, body: str) -> tuple[float, float, float]:
        """What the best sentence holds of the query, its length, and what the next two hold."""
        known = [(pair, self._pairs[pair]) for pair in self._known if pair in body]
        found = [
            (sum([rarity for pair, rarity in known if pair in sentence]) / self._total, sentence)
            for sentence in body.split(_CUT)
        ]
        found.sort(key=lambda one: -one[0])
        return (
            found[0][0],
            math.log1p(len(found[0][1])),
            sum(share for share, _ in found[_OTHERS]),
        )

    def _run(self, text: str) -> int:
        """Length of the longest run of characters in common."""
        best = 0
        for run in self._runs:
            for start in range(len(run)):
                while start + best < len(run) and run[start : start + best + 1] in text:
                    best += 1
                if best >= _LONGEST:
                    return _LONGEST
        return best

    def _near(self, text: str) -> float:
        """Share of the query's neighbouring words that stand near each other in that order."""
        if not self._neighbours:
            return 0.0
        return sum(_follows(text, *pair) for pair in self._neighbours) / len(self._neighbours)

    def _elsewhere(self, first: int) -> bool:
        """Whether the document is headed by another province than the one asked about."""
        if not self._query.provinces:
            return False
        if first not in self._heads:
            headed = _provinces(_head(self._passages.wording(first)))
            self._heads[first] = bool(headed) and not headed & self._query.provinces
        return self._heads[first]


def _follows(text: str, word: str, other: str) -> bool:
    at = text.find(word)
    while at >= 0:
        end = at + len(word)
        if text.find(other, end, end + _NEAR + len(other)) >= 0:
            return True
        at = text.find(word, end)
    return False


def _head(wording: Wording) -> str:
    return normalise(wording.title + _CUT + "".join(wording.sentences)[:_HEAD])


def _provinces(text: str) -> frozenset[str]:
    """Provinces whose name or a city's stands anywhere: faster than telling names from words."""
    return frozenset(regions()[name] for name in _region().findall(text))


@cache
def _region() -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, sorted(regions(), key=len, reverse=True))))


@lru_cache(maxsize=4_096)
def _normal(text: str) -> str:
    return normalise(text)


def _untitled(wording: Wording) -> Iterable[str]:
    return (label for label in wording.labels if label not in wording.title)


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
