"""Writes segments of documents, and writes those together that should be one."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge.index.tiers import Size, to_merge
from knowledge.index.versions import Part, Versions
from knowledge.retrieval.segments.segment import (
    DocumentSegment,
    Entry,
    merge_segments,
    read_counts,
    read_marks,
    write_segment,
)

_PER_SEGMENT = 4_000_000
"""Characters after which a segment is closed, so that memory stays small."""


def write_entries(versions: Versions, entries: Iterator[Entry]) -> "list[Kept]":
    """New segments of these documents; hold the lock of the versions while calling."""
    names: list[str] = []
    while (first := next(entries, None)) is not None:
        names.append(versions.write(partial(_fill, first, entries)))
    return [Kept.read(versions, Part(segment=name)) for name in names]


def settled(versions: Versions, kept: "list[Kept]") -> list[Part]:
    """The parts of a version, after writing together what should be one segment.

    Raises:
        DamagedIndexError: a segment to be written anew is not as it was written.
    """
    while places := to_merge([one.size for one in kept]):
        chosen = [kept[at] for at in places]
        name = versions.write(partial(_merge, versions, chosen))
        merged = Kept.read(versions, Part(segment=name))
        others = [one for at, one in enumerate(kept) if at not in places]
        kept = [*others[: places[0]], merged, *others[places[0] :]]
    return [one.part for one in kept]


def _merge(versions: Versions, chosen: "Sequence[Kept]", folder: Path) -> None:
    parts = [
        (DocumentSegment(versions.checked(one.part.segment)), one.part.deleted) for one in chosen
    ]
    merge_segments(folder, parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A segment as a part of the version to come."""

    part: Part
    all_marks: tuple[int, ...]
    counts: tuple[int, ...]
    """Passages of each document."""
    changed: bool = False
    """Whether other documents count than in the version before."""

    @classmethod
    def read(cls, versions: Versions, part: Part) -> "Kept":
        """As a version names it."""
        folder = versions.segment(part.segment)
        marks, counts = read_marks(folder), read_counts(folder)
        return cls(part=part, all_marks=tuple(marks.tolist()), counts=tuple(counts.tolist()))

    @property
    def marks(self) -> list[int]:
        """Those of the documents that count."""
        gone = set(self.part.deleted)
        return [mark for at, mark in enumerate(self.all_marks) if at not in gone]

    @property
    def size(self) -> Size:
        """In passages."""
        return Size(
            items=sum(self.counts),
            live=sum(self.counts) - sum(self.counts[at] for at in self.part.deleted),
        )

    def without_others(self, wanted: NDArray[np.uint64]) -> "Kept":
        """Only what is wanted still counts."""
        unwanted = ~np.isin(np.array(self.all_marks, dtype=np.uint64), wanted)
        deleted = tuple(np.flatnonzero(unwanted).tolist())
        return Kept(
            part=Part(segment=self.part.segment, deleted=deleted),
            all_marks=self.all_marks,
            counts=self.counts,
            changed=deleted != self.part.deleted,
        )


def _fill(first: Entry, entries: Iterator[Entry], folder: Path) -> None:
    write_segment(folder, _until_full(first, entries))


def _until_full(first: Entry, entries: Iterable[Entry]) -> Iterator[Entry]:
    """Entries up to the size of a segment."""
    size = 0
    for entry in chain((first,), entries):
        yield entry
        size += len(entry.document.text)
        if size >= _PER_SEGMENT:
            return
