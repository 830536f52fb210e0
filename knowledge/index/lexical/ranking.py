"""The best items of one segment, exactly, without looking at most postings of common tokens.

Rare tokens are added up for every item that has them, and the most promising items are scored in
full: what the last of the best reaches is known early. As soon as an item that has none of the
tokens so far can no longer reach it, those left are looked up for the items that still can, the
more common ones for ever fewer of them (the idea of MaxScore).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from knowledge.index.lexical.postings import Postings

Scores = NDArray[np.float64]
Numbers = NDArray[np.int64]

AT_ONCE = 131_072
"""Postings that are added up before the first look at what can still be among the best."""
_PROMISING = 4
"""How many times as many items as are wanted are scored in full, to know what must be reached."""
_LOOKUP = 6
"""Looking one item up among postings costs about as much as adding up so many of them."""
_ROUNDING = 1 + 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """The tokens of a query that a segment has; those with a column last, else rarest first.

    `weights` are what a token adds at most: the weight in the query times its rarity.
    """

    weights: Scores
    starts: Numbers
    ends: Numbers
    columns: Numbers
    """Of each term among the segment's columns; -1 when it has none."""

    def rest(self) -> Scores:
        """What the terms from each place on can add at most; one place more than terms."""
        return np.append(np.cumsum(self.weights[::-1])[::-1], 0.0)

    @property
    def scarce(self) -> int:
        """How many of them have no column."""
        return int(np.count_nonzero(self.columns < 0))


@dataclass(slots=True, kw_only=True)
class Tally:
    """The scores of one segment's items while a query's terms are added to them."""

    postings: Postings
    common: NDArray[np.uint8]
    """Counts by column and item."""
    norms: Scores
    """What the length of each item adds to the counts of its tokens."""
    dead: NDArray[np.bool_] | None
    terms: Terms
    at_once: int = AT_ONCE
    scores: Scores = field(init=False)

    def __post_init__(self) -> None:
        self.scores = np.zeros(len(self.norms))

    def add(self, first: int, last: int) -> None:
        """Add the terms from `first` up to `last` to all items that have them."""
        scarce = self.terms.scarce
        if first < scarce:
            self._add_listed(slice(first, min(last, scarce)))
        for term in range(max(first, scarce), last):
            counts = self.common[self.terms.columns[term]].astype(np.float64)
            counts /= counts + self.norms
            counts *= self.terms.weights[term]
            self.scores += counts
        if self.dead is not None:
            self.scores[self.dead] = 0.0

    def _add_listed(self, which: slice) -> None:
        terms = self.terms
        bounds = list(zip(terms.starts[which].tolist(), terms.ends[which].tolist(), strict=True))
        items = np.concatenate([self.postings.items[start:end] for start, end in bounds])
        counts = np.concatenate([self.postings.counts[start:end] for start, end in bounds])
        weights = np.repeat(terms.weights[which], [end - start for start, end in bounds])
        weights *= counts / (counts + self.norms[items])
        self.scores += np.bincount(items, weights=weights, minlength=len(self.scores))

    def share(self, term: int, among: Numbers, norms: Scores) -> Scores:
        """What one term adds to the items `among`, which ascend and have these norms."""
        counts = self._counts(term, among).astype(np.float64)
        counts /= counts + norms
        counts *= self.terms.weights[term]
        return counts

    def _counts(self, term: int, among: Numbers) -> NDArray[np.uint8]:
        column = self.terms.columns[term]
        if column >= 0:
            common: NDArray[np.uint8] = self.common[column][among]
            return common
        own = slice(self.terms.starts[term], self.terms.ends[term])
        items, counts = self.postings.items[own], self.postings.counts[own]
        if len(items) <= _LOOKUP * len(among):
            every = np.zeros(len(self.norms), dtype=np.uint8)
            every[items] = counts
            return every[among]
        at = items.searchsorted(among.astype(np.int32))
        at[at == len(items)] = 0
        return np.where(items[at] == among, counts[at], np.uint8(0))

    def whole(self, first: int, among: Numbers) -> Scores:
        """The scores of the items `among`, which ascend, with the terms from `first` on."""
        terms = range(first, len(self.terms.weights))
        if not terms:
            return self.scores[among]
        counts = np.array([self._counts(term, among) for term in terms], dtype=np.float64)
        counts /= counts + self.norms[among]
        found: Scores = self.scores[among] + self.terms.weights[first:] @ counts
        return found

    def reached(self, first: int, among: Numbers, limit: int) -> float:
        """What `limit` of the items `among` reach at least, with the terms from `first` on."""
        if len(among) < limit:
            return 0.0
        many = _PROMISING * limit
        if len(among) > many:
            promising = np.argpartition(self.scores[among], len(among) - many)[-many:]
            among = np.sort(among[promising])
        return _last_of_best(self.whole(first, among), limit)


def best(tally: Tally, limit: int, floor: float = 0.0) -> tuple[Numbers, Scores]:
    """The best items above zero in ascending order, at least those that beat `floor`.

    A few more than `limit` are returned when they are as good as the last.
    """
    rest = tally.terms.rest()
    done = 0
    for last in _portions(tally.terms, tally.at_once):
        tally.add(done, last)
        done = last
        among = _able(tally.scores, _needed(floor, rest[done]))
        floor = max(floor, tally.reached(done, among, limit))
        if floor > rest[done] * _ROUNDING:
            break
    among = _able(tally.scores, _needed(floor, rest[done]))
    return _narrowed(tally, done, among, limit, floor=floor)


def _portions(terms: Terms, at_once: int) -> Iterator[int]:
    """Ends of portions of terms, each of twice as many postings as those before."""
    sums = np.cumsum(terms.ends - terms.starts)
    goal, done = at_once, 0
    while done < len(sums):
        done = max(int(np.searchsorted(sums, goal, side="right")), done + 1)
        goal = 2 * int(sums[done - 1])
        yield done


def best_among(
    tally: Tally, among: Numbers, limit: int, floor: float = 0.0
) -> tuple[Numbers, Scores]:
    """The best of the items `among` alone, which ascend; otherwise as `best`."""
    floor = max(floor, tally.reached(0, among, limit))
    return _narrowed(tally, 0, among, limit, floor=floor)


def _narrowed(
    tally: Tally, first: int, among: Numbers, limit: int, *, floor: float
) -> tuple[Numbers, Scores]:
    """The best of the items `among`, to which the terms from `first` on are still to be added."""
    rest = tally.terms.rest()
    scores, norms = tally.scores[among], tally.norms[among]
    for term in range(first, len(rest) - 1):
        needed = _needed(floor, rest[term])
        if needed > 0:
            able = _able(scores, needed)
            among, scores, norms = among[able], scores[able], norms[able]
        scores += tally.share(term, among, norms)
    if len(among) > limit:
        floor = max(floor, _last_of_best(scores, limit))
    kept = _able(scores, _needed(floor, 0.0))
    return among[kept], scores[kept]


def _able(scores: Scores, wanted: float) -> Numbers:
    """Which scores are above zero and reach what is wanted."""
    return np.flatnonzero(scores >= wanted if wanted > 0 else scores > 0)


def _needed(floor: float, rest: float) -> float:
    """The score from which `rest` may lead to the floor, rounded either way."""
    return floor / _ROUNDING - rest


def _last_of_best(scores: Scores, limit: int) -> float:
    """The least of the best `limit` of at least so many scores."""
    return float(np.partition(scores, len(scores) - limit)[len(scores) - limit])
