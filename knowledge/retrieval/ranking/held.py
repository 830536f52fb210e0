"""Which pairs of a query's characters stand in which sentences, for many texts at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from knowledge.retrieval.passages import CUT
from knowledge.retrieval.ranking.counted import Column

_LONGEST = 12
"""A run in common that is longer than this says no more."""
_OTHERS = 2
"""Sentences after the best one that are looked at."""
_CHARACTERS = 1 << 16
"""Characters that are told apart at first sight; the few above count as the last."""
_SAME = 12
"""Decimals to which two sentences hold the same."""
_HIGH = np.uint64(32)

Codes = NDArray[np.uint64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One number for each text."""

    best: Column
    """The rarities in the sentence with most of them."""
    length: Column
    """How long that one is, as a logarithm."""
    others: Column
    """The rarities in the next two sentences together."""
    runs: Column
    """Characters of the longest run in common."""


class Held:
    """A query's runs of characters and what each pair is worth, ready to be looked for."""

    def __init__(self, runs: Sequence[str], pairs: Mapping[str, float]) -> None:
        self._runs = "".join(run + CUT for run in runs)
        every = [*map("".join, pairwise(self._runs)), *pairs]
        coded = {int(_pairs_of(_codes(pair))[0]): pair for pair in every if CUT not in pair}
        self._keys: Codes = np.array(sorted(coded), dtype=np.uint64)
        names = [coded[key] for key in self._keys.tolist()]
        places = {name: at for at, name in enumerate(names)}
        self._worth = np.array([pairs.get(name, 0.0) for name in names])
        self._at_run = [places.get(first + last, -1) for first, last in pairwise(self._runs)]
        self._begins = np.zeros(_CHARACTERS, dtype=bool)
        self._begins[_seen(self._keys >> _HIGH)] = True

    def of(self, texts: Sequence[str], bodies: Sequence[str]) -> Found:
        """Look for them in texts, each of which ends with its body; CUT is between sentences."""
        codes = _codes(CUT.join(texts))
        cuts = np.flatnonzero(codes == ord(CUT))
        held = self._matrix(codes, cuts)
        lengths = np.diff(cuts, prepend=-1, append=len(codes)) - 1
        ends = np.cumsum([text.count(CUT) + 1 for text in texts])
        firsts = ends - np.array([body.count(CUT) + 1 for body in bodies])
        shares = held @ self._worth
        last = np.repeat(np.arange(len(ends)), np.diff(ends, prepend=0))
        order = np.lexsort((-shares.round(_SAME), np.arange(len(last)) >= firsts[last], last))
        best, length = shares[order[firsts]], lengths[order[firsts]]
        others = np.zeros(len(texts))
        for one in range(1, 1 + _OTHERS):
            there = firsts + one < ends
            others[there] += shares[order[firsts[there] + one]]
        present = np.logical_or.reduceat(held, np.append(0, ends[:-1]), axis=0)
        runs = np.array(list(map(self._run, texts, self._bounds(present).T.tolist())), dtype=float)
        return Found(best=best, length=np.log1p(length), others=others, runs=runs)

    def _matrix(self, codes: Codes, cuts: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Whether each sentence, a row, has each pair."""
        held = np.zeros((len(cuts) + 1, len(self._keys)), dtype=bool)
        begun = np.flatnonzero(self._begins[_seen(codes[:-1])])
        if not len(begun):
            return held
        pairs = (codes[begun] << _HIGH) | codes[begun + 1]
        at = np.minimum(np.searchsorted(self._keys, pairs), len(self._keys) - 1)
        same = self._keys[at] == pairs
        held[np.searchsorted(cuts, begun[same]), at[same]] = True
        return held

    def _bounds(self, present: NDArray[np.bool_]) -> NDArray[np.int64]:
        """How long a run from each place of the query can be at most, for each text, a column."""
        longest = np.ones((len(self._at_run), len(present)), dtype=np.int64)
        after = np.ones(len(present), dtype=np.int64)
        for place in range(len(self._at_run) - 1, -1, -1):
            pair = self._at_run[place]
            after = np.where(present[:, pair], after + 1, 1) if pair >= 0 else np.ones_like(after)
            longest[place] = after
        return longest

    def _run(self, text: str, bounds: Sequence[int]) -> int:
        """Length of the longest run of characters in common."""
        best = 0
        for start, bound in enumerate(bounds):
            while best < bound and self._runs[start : start + best + 1] in text:
                best += 1
            if best >= _LONGEST:
                return _LONGEST
        return best


def _codes(text: str) -> Codes:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.uint64)


def _pairs_of(codes: Codes) -> Codes:
    pairs: Codes = (codes[:-1] << _HIGH) | codes[1:]
    return pairs


def _seen(codes: Codes) -> NDArray[np.int64]:
    return np.minimum(codes, _CHARACTERS - 1).astype(np.int64)
