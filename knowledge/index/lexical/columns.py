"""The counts of the most common tokens once more, for every item.

What a common token adds to a few items would else have to be searched for in a long list, and what
it adds to all of them is quicker added up in the order of the items.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from knowledge.index.lexical.postings import Postings, mapped

_COMMON = 8
"""A token is common when more than one in so many items has it."""
_WORTH = 2_000
"""Fewer items than this are searched through quickly anyhow."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """`counts[column, item]` for the tokens whose postings begin at `starts`, in order."""

    starts: NDArray[np.int64]
    counts: NDArray[np.uint8]

    @classmethod
    def of(cls, postings: Postings, *, worth: int = _WORTH) -> Self:
        """Those of the common tokens of a segment; none when it is small."""
        least = postings.size // _COMMON if postings.size >= worth else postings.size
        tokens = np.flatnonzero(np.diff(postings.starts) > least)
        counts = np.zeros((len(tokens), postings.size), dtype=np.uint8)
        for column, token in enumerate(tokens.tolist()):
            own = slice(postings.starts[token], postings.starts[token + 1])
            counts[column, postings.items[own]] = postings.counts[own]
        return cls(starts=postings.starts[tokens], counts=counts)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Those saved in a folder, mapped into memory."""
        return cls(
            starts=np.load(folder / "common_starts.npy"),
            counts=mapped(folder / "common_counts.npy"),
        )

    def save(self, folder: Path) -> None:
        """Write them into a folder."""
        np.save(folder / "common_starts.npy", self.starts)
        np.save(folder / "common_counts.npy", self.counts)

    def places(self, starts: NDArray[np.int64]) -> NDArray[np.int64]:
        """The column of the token whose postings begin there; -1 when it has none."""
        if not len(self.starts):
            return np.full(len(starts), -1)
        at = np.minimum(np.searchsorted(self.starts, starts), len(self.starts) - 1)
        return np.where(self.starts[at] == starts, at, -1)
