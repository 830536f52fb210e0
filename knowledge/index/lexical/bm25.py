"""BM25 over the segments of a version, ranked as if they were one."""

import math
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from knowledge.index.lexical.columns import Columns
from knowledge.index.lexical.postings import Postings
from knowledge.index.lexical.ranking import (
    AT_ONCE,
    Numbers,
    Scores,
    Tally,
    Terms,
    best,
    best_among,
)
from knowledge.index.lexical.tokens import Keys, key_of

K1 = 0.9
B = 0.4

_CACHED = 65_536
_MOST = 2
"""Where one item in so many is wanted, all are looked at and the others left out."""

Query = Mapping[str, float] | Iterable[str]
"""Tokens; a mapping gives each its weight in the query."""


class LexicalSegment:
    """Postings, and which of their items still count."""

    def __init__(
        self,
        postings: Postings,
        dead: NDArray[np.bool_] | None = None,
        columns: Columns | None = None,
    ) -> None:
        self.postings = postings
        self.columns = Columns.of(postings) if columns is None else columns
        self.dead = dead if dead is not None and dead.any() else None
        self._gone = np.flatnonzero(self.dead) if self.dead is not None else None
        lengths = postings.lengths if self.dead is None else postings.lengths[~self.dead]
        self.live: int = len(lengths)
        self.tokens = int(lengths.sum())

    def frequencies(self, starts: Numbers, ends: Numbers) -> Numbers:
        """How many items that count have each token."""
        found = ends - starts
        if self.dead is not None:
            found -= [self._dead_in(start, end) for start, end in zip(starts, ends, strict=True)]
        return found

    def counted(self, keys: Keys, items: NDArray[np.int32]) -> NDArray[np.uint8]:
        """How often each token, a row, stands in each of these items; they ascend."""
        starts, ends = self.postings.slices(keys)
        columns = np.where(ends > starts, self.columns.places(starts), -1)
        found = np.zeros((len(keys), len(items)), dtype=np.uint8)
        common = columns >= 0
        if common.any():
            found[common] = self.columns.counts[columns[common][:, None], items]
        for row in np.flatnonzero(~common).tolist():
            self.postings.count(int(starts[row]), int(ends[row]), items, found[row])
        return found

    def _dead_in(self, start: int, end: int) -> int:
        items = self.postings.items[start:end]
        gone = self._gone
        if gone is None or self.dead is None or not len(items):
            return 0
        if len(items) <= len(gone):
            return int(np.count_nonzero(self.dead[items]))
        at = np.minimum(np.searchsorted(items, gone), len(items) - 1)
        return int(np.count_nonzero(items[at] == gone))


class LexicalIndex:
    """Finds the best items of a collection for a query; only read.

    Items are numbered through all segments, those that no longer count included.
    """

    def __init__(
        self,
        segments: Sequence[LexicalSegment],
        *,
        k1: float = K1,
        b: float = B,
        at_once: int = AT_ONCE,
    ) -> None:
        self._at_once = at_once
        self._segments = tuple(segments)
        self.size = sum(one.live for one in segments)
        tokens = sum(one.tokens for one in segments)
        self.average = tokens / self.size if tokens else 1.0
        """Tokens in an item."""
        self._norms = [
            np.asarray(k1 * (1 - b + b * one.postings.lengths / self.average)) for one in segments
        ]
        sizes = [one.postings.size for one in segments]
        self._bases: list[int] = [0, *np.cumsum(sizes, dtype=np.int64).tolist()]
        self._frequency = lru_cache(maxsize=_CACHED)(self._count)
        self._rarity = lru_cache(maxsize=_CACHED)(self._rare)

    def top(
        self, query: Query, limit: int, *, within: Numbers | None = None
    ) -> tuple[Numbers, Scores]:
        """The numbers and scores of the best items, best first, ties in order.

        `within` are the only items looked at, in ascending order.
        """
        found = [np.zeros(0, np.int64)]
        scores = [np.zeros(0)]
        floor = 0.0
        for at, tally in self._tallies(query):
            own = None if within is None else self._own(at, within)
            if own is not None and len(own) * _MOST >= self._segments[at].live:
                tally.dead = _outside(own, len(tally.norms))
                own = None
            if own is None:
                numbers, values = best(tally, limit, floor)
            else:
                numbers, values = best_among(tally, own, limit, floor)
            found.append(numbers + self._bases[at])
            scores.append(values)
            floor = _reached(scores, limit)
        return _sorted(np.concatenate(found), np.concatenate(scores), limit)

    def scores_of(self, query: Query, numbers: Numbers) -> Scores:
        """The score of each of these items."""
        if not len(numbers):
            return np.zeros(0)
        ascending, places = np.unique(numbers, return_inverse=True)
        values = np.zeros(len(ascending))
        for at, tally in self._tallies(query):
            own = slice(*np.searchsorted(ascending, self._bases[at : at + 2]))
            values[own] = tally.whole(0, ascending[own] - self._bases[at])
        return values.astype(np.float32).astype(np.float64)[places]

    def counts(self, tokens: Sequence[str], numbers: Numbers) -> NDArray[np.float64]:
        """How often each token, a row, stands in each of these items; they ascend."""
        found = np.zeros((len(tokens), len(numbers)))
        keys: Keys = np.array([key_of(token) for token in tokens], dtype=np.uint64)
        for at, one in enumerate(self._segments):
            begin, end = np.searchsorted(numbers, self._bases[at : at + 2]).tolist()
            if begin < end:
                own = (numbers[begin:end] - self._bases[at]).astype(np.int32)
                found[:, begin:end] = one.counted(keys, own)
        return found

    def lengths(self, numbers: Numbers) -> NDArray[np.float64]:
        """The number of tokens in each of these items, against the average; they ascend."""
        found = np.zeros(len(numbers))
        for at, one in enumerate(self._segments):
            begin, end = np.searchsorted(numbers, self._bases[at : at + 2]).tolist()
            found[begin:end] = one.postings.lengths[numbers[begin:end] - self._bases[at]]
        return found / self.average

    def frequency(self, token: str) -> int:
        """In how many items the token occurs."""
        return self._frequency(token)

    def idf(self, token: str) -> float:
        """Inverse document frequency as scores are made of it: above what a token can add."""
        count = self._frequency(token)
        return math.log(1 + (self.size - count + 0.5) / (count + 0.5))

    def rarity(self, token: str) -> float:
        """Inverse document frequency, in (0, 1]; 1 when no item has the token."""
        return self._rarity(token)

    def _rare(self, token: str) -> float:
        top = math.log(1 + (self.size + 0.5) / 0.5)
        return self.idf(token) / top

    def _count(self, token: str) -> int:
        keys = np.array([key_of(token)], dtype=np.uint64)
        places = ((one, *one.postings.slices(keys)) for one in self._segments)
        return sum(int(one.frequencies(starts, ends)[0]) for one, starts, ends in places)

    def _own(self, at: int, numbers: Numbers) -> Numbers:
        """Which of the numbers are live items of a segment, as it counts them."""
        begin, end = np.searchsorted(numbers, self._bases[at : at + 2])
        items: Numbers = numbers[begin:end] - self._bases[at]
        dead = self._segments[at].dead
        return items if dead is None else items[~dead[items]]

    def _tallies(self, query: Query) -> Iterable[tuple[int, Tally]]:
        """A tally for each segment that has any of the tokens, the largest segment first."""
        weighted = query if isinstance(query, Mapping) else dict.fromkeys(query, 1.0)
        keys: Keys = np.array([key_of(token) for token in weighted], dtype=np.uint64)
        weights = np.array(list(weighted.values()), dtype=np.float64)
        places = [one.postings.slices(keys) for one in self._segments]
        counts = np.zeros(len(keys), dtype=np.int64)
        for one, (starts, ends) in zip(self._segments, places, strict=True):
            counts += one.frequencies(starts, ends)
        rarities = np.log(1 + (self.size - counts + 0.5) / (counts + 0.5))
        order = np.argsort(counts, kind="stable")
        order = order[counts[order] > 0]
        sizes = [one.postings.size for one in self._segments]
        for at in sorted(range(len(sizes)), key=lambda at: -sizes[at]):
            starts, ends = places[at]
            present = order[ends[order] > starts[order]]
            if len(present):
                yield (
                    at,
                    self._tally(at, (weights * rarities)[present], starts[present], ends[present]),
                )

    def _tally(self, at: int, weights: Scores, starts: Numbers, ends: Numbers) -> Tally:
        """An empty tally of a segment for terms that are rarest first."""
        one = self._segments[at]
        columns = one.columns.places(starts)
        order = np.argsort(columns >= 0, kind="stable")
        terms = Terms(
            weights=weights[order], starts=starts[order], ends=ends[order], columns=columns[order]
        )
        return Tally(
            postings=one.postings,
            common=one.columns.counts,
            norms=self._norms[at],
            dead=one.dead,
            terms=terms,
            at_once=self._at_once,
        )


def _outside(wanted: Numbers, size: int) -> NDArray[np.bool_]:
    """Which of a segment's items are not wanted."""
    left = np.ones(size, dtype=np.bool_)
    left[wanted] = False
    return left


def _reached(scores: Sequence[Scores], limit: int) -> float:
    """The score of the last of the best so far."""
    every = np.concatenate(scores)
    if len(every) < limit:
        return 0.0
    return float(np.partition(every, len(every) - limit)[len(every) - limit])


def _sorted(numbers: Numbers, scores: Scores, limit: int) -> tuple[Numbers, Scores]:
    """The first `limit`; scores are rounded, so that the order of adding up decides no tie."""
    rounded = scores.astype(np.float32).astype(np.float64)
    order = np.lexsort((numbers, -rounded))[:limit]
    return numbers[order], rounded[order]
