"""Postings: for each token the items that have it and how often, as arrays on disk.

They hold counts, not scores: what a token is worth depends on all segments of a version, and is
worked out when a question is asked.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from knowledge.index.lexical.tokens import Keys, keys_in

_HIGH = np.uint64(32)
_FIRST_WORD = np.uint64(1 << 63)
_WORD_RANKS = 0xA000_0000
"""Above the pair of the two highest characters: ranks of words stand in for their hashes here."""
_MOST = 255
"""A token that an item repeats more often counts as often as this."""
_PORTION = 4_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Postings:
    """The postings of the items 0 to `size`; `starts[i]:starts[i + 1]` belong to `keys[i]`."""

    keys: Keys
    """In ascending order."""
    starts: NDArray[np.int64]
    items: NDArray[np.int32]
    """Ascending within a token."""
    counts: NDArray[np.uint8]
    lengths: NDArray[np.int32]
    """Tokens in each item."""

    @property
    def size(self) -> int:
        """How many items there are."""
        return len(self.lengths)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Those saved in a folder, mapped into memory."""
        return cls(**{one.name: mapped(folder / f"{one.name}.npy") for one in fields(cls)})

    def save(self, folder: Path) -> None:
        """Write them into a folder."""
        folder.mkdir(parents=True, exist_ok=True)
        for one in fields(self):
            np.save(folder / f"{one.name}.npy", getattr(self, one.name))

    def slices(self, keys: Keys) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Where the postings of each key begin and end; nowhere when there are none."""
        if not len(self.keys):
            return np.zeros(len(keys), np.int64), np.zeros(len(keys), np.int64)
        at = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        starts = self.starts[at]
        return starts, np.where(self.keys[at] == keys, self.starts[at + 1], starts)

    def count(
        self, start: int, end: int, items: NDArray[np.int32], into: NDArray[np.uint8]
    ) -> None:
        """Write how often the token of these postings stands in each of `items`; they ascend."""
        having = self.items[start:end]
        if not len(having) or not len(items):
            return
        if len(having) > len(items):
            at = having.searchsorted(items)
            at[at == len(having)] = 0
            same = having[at] == items
            into[same] = self.counts[start:end][at[same]]
            return
        at = items.searchsorted(having)
        at[at == len(items)] = 0
        same = items[at] == having
        into[at[same]] = self.counts[start:end][same]


def mapped(path: Path) -> Any:  # noqa: ANN401 -- arrays of several types
    """An array on disk as a plain view; slices of numpy's memmap class cost ten times as much."""
    return np.load(path, mmap_mode="r").view(np.ndarray)


def postings_of(texts: Sequence[str]) -> Postings:
    """The postings of normalised texts, which are the items in this order."""
    keys, items = keys_in(texts)
    lengths = np.bincount(items, minlength=len(texts)).astype(np.int32)
    is_word = keys >= _FIRST_WORD
    words, ranks = np.unique(keys[is_word], return_inverse=True)
    keys[is_word] = ranks.astype(np.uint64) + np.uint64(_WORD_RANKS)
    pairs = np.sort((keys << _HIGH) | items.astype(np.uint64))
    firsts = _firsts(pairs)
    counts = np.minimum(np.diff(firsts, append=len(pairs)), _MOST).astype(np.uint8)
    pairs = pairs[firsts]
    tokens = pairs >> _HIGH
    starts = _firsts(tokens)
    found = tokens[starts]
    ranked = found >= np.uint64(_WORD_RANKS)
    found[ranked] = words[(found[ranked] - np.uint64(_WORD_RANKS)).astype(np.int64)]
    return Postings(
        keys=found,
        starts=np.append(starts, len(pairs)),
        items=(pairs & np.uint64(0xFFFF_FFFF)).astype(np.int32),
        counts=counts,
        lengths=lengths,
    )


def _firsts(values: NDArray[np.uint64]) -> NDArray[np.int64]:
    """Where each run of equal values begins."""
    changes = np.ones(len(values), dtype=bool)
    np.not_equal(values[1:], values[:-1], out=changes[1:])
    return np.flatnonzero(changes)


def without(postings: Postings, dead: NDArray[np.bool_]) -> Postings:
    """The postings of the items that are left, numbered anew."""
    if not dead.any():
        return postings
    kept = ~dead[postings.items]
    numbers = np.cumsum(~dead, dtype=np.int32) - np.int32(1)
    before = np.concatenate(([0], np.cumsum(kept, dtype=np.int64)))
    starts = before[postings.starts]
    used = np.append(np.diff(starts) > 0, True)
    return Postings(
        keys=postings.keys[used[:-1]],
        starts=starts[used],
        items=numbers[postings.items[kept]],
        counts=postings.counts[kept],
        lengths=postings.lengths[~dead],
    )


def merge(parts: Sequence[Postings], folder: Path) -> None:
    """Write the postings of all items of `parts`, in this order, into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    keys = np.unique(np.concatenate([part.keys for part in parts]))
    places = [np.searchsorted(keys, part.keys) for part in parts]
    sizes = np.zeros(len(keys), dtype=np.int64)
    for part, at in zip(parts, places, strict=True):
        sizes[at] += np.diff(part.starts)
    starts = np.concatenate(([0], np.cumsum(sizes)))
    np.save(folder / "keys.npy", keys)
    np.save(folder / "starts.npy", starts)
    np.save(folder / "lengths.npy", np.concatenate([part.lengths for part in parts]))
    items = _new(folder / "items.npy", np.int32, int(starts[-1]))
    counts = _new(folder / "counts.npy", np.uint8, int(starts[-1]))
    free = starts[:-1].copy()
    base = 0
    for part, at in zip(parts, places, strict=True):
        for slot, which in _moves(part, free[at]):
            items[slot] = part.items[which] + np.int32(base)
            counts[slot] = part.counts[which]
        free[at] += np.diff(part.starts)
        base += part.size
    for array in (items, counts):
        if isinstance(array, np.memmap):
            array.flush()


def _moves(part: Postings, to: NDArray[np.int64]) -> Iterator[tuple[NDArray[np.int64], slice]]:
    """Portions of a part's postings and where each of them goes."""
    token = 0
    while token < len(to):
        begin = int(part.starts[token])
        last = max(int(np.searchsorted(part.starts, begin + _PORTION)) - 1, token + 1)
        end = int(part.starts[last])
        shifts = to[token:last] - part.starts[token:last]
        yield (
            np.repeat(shifts, np.diff(part.starts[token : last + 1])) + np.arange(begin, end),
            slice(begin, end),
        )
        token = last


def _new(path: Path, kind: type, size: int) -> Any:  # noqa: ANN401 -- arrays of several types
    if not size:  # an empty file cannot be mapped
        np.save(path, np.zeros(0, kind))
        return np.zeros(0, kind)
    return np.lib.format.open_memmap(path, mode="w+", dtype=kind, shape=(size,))
