"""The best items of one segment, exactly, without looking at most postings of common tokens.

Rare tokens are added up for every item that has them. As soon as an item that has none of these
can no longer reach the best, the tokens left are looked up for the items that still can, the more
common ones for ever fewer of them (the idea of MaxScore).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from knowledge.index.lexical.postings import Postings

Scores = NDArray[np.float64]
Numbers = NDArray[np.int64]

AT_ONCE = 8_192
"""Postings that are added up before the first look at what can still be among the best."""
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
    """Counts by item and column."""
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
        terms = self.terms
        bounds = list(
            zip(terms.starts[first:last].tolist(), terms.ends[first:last].tolist(), strict=True)
        )
        items = np.concatenate([self.postings.items[start:end] for start, end in bounds])
        counts = np.concatenate([self.postings.counts[start:end] for start, end in bounds])
        weights = np.repeat(terms.weights[first:last], [end - start for start, end in bounds])
        weights *= counts / (counts + self.norms[items])
        self.scores += np.bincount(items, weights=weights, minlength=len(self.scores))
        if self.dead is not None:
            self.scores[self.dead] = 0.0

    def look_up(self, term: int, among: Numbers) -> None:
        """Add one term to the items `among`, which are in ascending order."""
        own = slice(self.terms.starts[term], self.terms.ends[term])
        items, counts = self.postings.items[own], self.postings.counts[own]
        if len(items) > _LOOKUP * len(among):
            at = items.searchsorted(among.astype(np.int32))
            at[at == len(items)] = 0
            at = at[items[at] == among]
            items, counts = items[at], counts[at]
        self.scores[items] += self.terms.weights[term] * (counts / (counts + self.norms[items]))

    def look_across(self, first: int, among: Numbers) -> None:
        """Add all terms from `first` on, which have columns, to the items `among`."""
        counts = self.common[among[:, None], self.terms.columns[first:]]
        shares = counts / (counts + self.norms[among][:, None])
        self.scores[among] += shares @ self.terms.weights[first:]


def best(tally: Tally, limit: int, floor: float = 0.0) -> tuple[Numbers, Scores]:
    """The best items above zero in ascending order, at least those that beat `floor`.

    A few more than `limit` are returned when they are as good as the last.
    """
    rest = tally.terms.rest()
    done, among = 0, np.zeros(0, dtype=np.int64)
    for last in _portions(tally.terms, tally.at_once):
        tally.add(done, last)
        done = last
        among = np.flatnonzero(tally.scores > 0)
        wanted = _wanted(tally.scores[among], limit, floor)
        if wanted > rest[done] * _ROUNDING:
            break
    return narrowed(tally, done, among, limit, floor=floor)


def _portions(terms: Terms, at_once: int) -> Iterator[int]:
    """Ends of portions of terms, each of twice as many postings as those before."""
    sums = np.cumsum(terms.ends - terms.starts)
    goal, done = at_once, 0
    while done < len(sums):
        done = max(int(np.searchsorted(sums, goal, side="right")), done + 1)
        goal = 2 * int(sums[done - 1])
        yield done


def narrowed(
    tally: Tally, first: int, among: Numbers, limit: int, *, floor: float = 0.0
) -> tuple[Numbers, Scores]:
    """The best of the items `among`, to which the terms from `first` on are still to be added."""
    rest = tally.terms.rest()
    scarce = tally.terms.scarce
    for term in range(first, scarce):
        among = _hopeful(tally, among, limit, floor=floor, rest=rest[term])
        tally.look_up(term, among)
    across = max(first, scarce)
    among = _hopeful(tally, among, limit, floor=floor, rest=rest[across])
    if across < len(rest) - 1:
        tally.look_across(across, among)
    scores = tally.scores[among]
    kept = scores > 0
    return among[kept], scores[kept]


def _hopeful(tally: Tally, among: Numbers, limit: int, *, floor: float, rest: float) -> Numbers:
    """Those of the items `among` that may be among the best when `rest` is added at most."""
    if len(among) <= limit:
        return among
    scores = tally.scores[among]
    return among[(scores + rest) * _ROUNDING >= _wanted(scores, limit, floor)]


def _wanted(scores: Scores, limit: int, floor: float) -> float:
    """What an item must reach to be among the best, as far as is known."""
    if len(scores) < limit:
        return floor
    return max(floor, float(np.partition(scores, len(scores) - limit)[len(scores) - limit]))
