"""Segments of records: what of each is searched, whose it is, and the postings."""

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.domain.records import Library, Record, RecordId
from knowledge.index.lexical.columns import Columns
from knowledge.index.lexical.postings import Postings, merge, postings_of, without
from knowledge.index.rows import Rows, RowWriter, runs
from knowledge.lexicon.words import normalise

_LEXICAL = "lexical"
_LIBRARIES = tuple(Library)
CODES = {library: code for code, library in enumerate(_LIBRARIES)}
"""Libraries as numbers, in the order of their definition."""


def record_text(record: Record) -> str:
    """What of a record is searched."""
    parts = (
        record.title,
        record.summary,
        record.organisation or "",
        " ".join(record.keywords),
        " ".join(record.industries),
        " ".join(record.modes),
        " ".join(record.details.values()),
    )
    return "\n".join(part for part in parts if part)


def _hash(text: str) -> int:
    told = text.encode(errors="surrogatepass")
    return int.from_bytes(hashlib.blake2b(told, digest_size=8).digest())


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A record to be indexed: its text normalised."""

    record_id: RecordId
    library: Library
    text: str

    @classmethod
    def of(cls, record: Record) -> "Entry":
        """What is indexed of a record."""
        text = normalise(record_text(record))
        return cls(record_id=record.id, library=record.library, text=text)

    @property
    def key(self) -> int:
        """64 bits for its id."""
        return key_of(self.record_id)

    @property
    def mark(self) -> int:
        """64 bits for what is searched of it."""
        return _hash(f"{self.record_id}\0{self.text}")


def key_of(record_id: RecordId) -> int:
    """64 bits for the id of a record."""
    return _hash(record_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """What is known of each record of a segment without opening the texts."""

    keys: NDArray[np.uint64]
    marks: NDArray[np.uint64]
    libraries: NDArray[np.uint8]

    @classmethod
    def read(cls, folder: Path) -> "Register":
        """Those of a segment."""
        return cls(
            keys=np.load(folder / "keys.npy"),
            marks=np.load(folder / "marks.npy"),
            libraries=np.load(folder / "libraries.npy"),
        )

    def save(self, folder: Path) -> None:
        """Write them into a segment."""
        np.save(folder / "keys.npy", self.keys)
        np.save(folder / "marks.npy", self.marks)
        np.save(folder / "libraries.npy", self.libraries)


class RecordSegment:
    """An opened segment; records are numbered from 0 in it."""

    def __init__(self, folder: Path) -> None:
        self.name = folder.name
        self.postings = Postings.load(folder / _LEXICAL)
        self.columns = Columns.load(folder / _LEXICAL)
        self.told = Register.read(folder)
        self.rows = Rows(folder / "rows.jsonl")

    def row(self, at: int) -> tuple[RecordId, str]:
        """The id of a record and what is searched of it."""
        record_id, text = self.rows[at]
        return RecordId(record_id), text

    def dead(self, deleted: Collection[int]) -> NDArray[np.bool_]:
        """Which records no longer count."""
        gone = np.zeros(len(self.rows), dtype=bool)
        gone[list(deleted)] = True
        return gone


def write_segment(folder: Path, entries: Iterable[Entry]) -> None:
    """Write records as a segment."""
    writer = RowWriter(folder / "rows.jsonl")
    kept: list[Entry] = []
    for entry in entries:
        writer.add([entry.record_id, entry.text])
        kept.append(entry)
    writer.close()
    Register(
        keys=np.array([one.key for one in kept], dtype=np.uint64),
        marks=np.array([one.mark for one in kept], dtype=np.uint64),
        libraries=np.array([CODES[one.library] for one in kept], dtype=np.uint8),
    ).save(folder)
    postings = postings_of([one.text for one in kept])
    postings.save(folder / _LEXICAL)
    Columns.of(postings).save(folder / _LEXICAL)


def merge_segments(folder: Path, parts: Sequence[tuple[RecordSegment, Collection[int]]]) -> None:
    """Write the records of several segments, without the deleted ones, as one segment."""
    writer = RowWriter(folder / "rows.jsonl")
    gone = [segment.dead(deleted) for segment, deleted in parts]
    for (segment, _), dead in zip(parts, gone, strict=True):
        for first, last in runs(np.flatnonzero(~dead).tolist()):
            writer.copy(segment.rows, first, last)
    writer.close()
    told = [(segment.told, ~dead) for (segment, _), dead in zip(parts, gone, strict=True)]
    Register(
        keys=np.concatenate([one.keys[left] for one, left in told]),
        marks=np.concatenate([one.marks[left] for one, left in told]),
        libraries=np.concatenate([one.libraries[left] for one, left in told]),
    ).save(folder)
    left = [without(s.postings, dead) for (s, _), dead in zip(parts, gone, strict=True)]
    merge(left, folder / _LEXICAL)
    Columns.of(Postings.load(folder / _LEXICAL)).save(folder / _LEXICAL)
