"""Segments of documents: passages, the documents they were cut from, and their postings."""

from bisect import bisect_right
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from core.domain.documents import Document, DocumentId
from knowledge.index.lexical.columns import Columns
from knowledge.index.lexical.postings import Postings, merge, postings_of, without
from knowledge.index.rows import Rows, RowWriter, runs
from knowledge.lexicon.words import normalise
from knowledge.retrieval.segments.rows import (
    Source,
    chunk_row,
    search_text,
    source_of,
    source_row,
    title_of,
)
from knowledge.structure.chunks import Chunk

_LEXICAL = "lexical"
_CACHED = 4_096


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A document to be indexed; `mark` stands for its state, 64 bits of a hash."""

    mark: int
    document: Document
    chunks: Sequence[Chunk]


class DocumentSegment:
    """An opened segment; documents and passages are numbered from 0 in it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.name = folder.name
        self.postings = Postings.load(folder / _LEXICAL)
        self.columns = Columns.load(folder / _LEXICAL)
        self._rows = Rows(folder / "passages.jsonl")
        self._sources = Rows(folder / "sources.jsonl")
        self._firsts: NDArray[np.int64] = np.load(folder / "firsts.npy")
        self.source = lru_cache(maxsize=_CACHED)(self._source)
        """One of its documents, without reading the others."""
        self.title = lru_cache(maxsize=_CACHED)(self._title)
        """The title of one of its documents."""

    def __len__(self) -> int:
        return len(self._rows)

    @cached_property
    def sources(self) -> tuple[Source, ...]:
        """Its documents."""
        return tuple(source_of(row) for row in self._sources)

    def _source(self, document: int) -> Source:
        return source_of(self._sources[document])

    def _title(self, document: int) -> str:
        return title_of(self._sources[document])

    @cached_property
    def places(self) -> dict[DocumentId, int]:
        """The number of each document."""
        return {source.id: at for at, source in enumerate(self.sources)}

    @cached_property
    def marks(self) -> NDArray[np.uint64]:
        """The mark of each document."""
        return read_marks(self._folder)

    def passages_of(self, document: int) -> range:
        """The numbers of a document's passages."""
        return range(int(self._firsts[document]), int(self._firsts[document + 1]))

    def document_of(self, passage: int) -> int:
        """The number of the document a passage was cut from."""
        return bisect_right(self._firsts, passage) - 1

    def spans(self, passages: NDArray[np.int64]) -> NDArray[np.int64]:
        """The first passage of each one's document, and in a second row the one after its last."""
        at = np.searchsorted(self._firsts, passages, side="right")
        return np.stack([self._firsts[at - 1], self._firsts[at]])

    def row(self, passage: int) -> list[Any]:
        """A passage as it was written."""
        row: list[Any] = self._rows[passage]
        return row

    def dead(self, deleted: Collection[int]) -> NDArray[np.bool_]:
        """Which passages go with the deleted documents."""
        gone = np.zeros(len(self), dtype=bool)
        for document in deleted:
            own = self.passages_of(document)
            gone[own.start : own.stop] = True
        return gone

    def copy(self, deleted: Collection[int], into: "_Writer") -> None:
        """Write the documents that are left once more, without reading what is in them."""
        left = [at for at in range(len(self._firsts) - 1) if at not in deleted]
        for first, last in runs(left):
            begin, end = int(self._firsts[first]), int(self._firsts[last])
            into.sources.copy(self._sources, first, last)
            into.passages.copy(self._rows, begin, end)
            into.firsts.extend(self._firsts[first + 1 : last + 1] - begin + into.firsts[-1])
            into.marks.extend(self.marks[first:last])


def read_marks(folder: Path) -> NDArray[np.uint64]:
    """The marks of a segment's documents, without opening it."""
    found: NDArray[np.uint64] = np.load(folder / "marks.npy")
    return found


def read_counts(folder: Path) -> NDArray[np.int64]:
    """How many passages each document of a segment has, without opening it."""
    counts: NDArray[np.int64] = np.diff(np.load(folder / "firsts.npy"))
    return counts


def write_segment(folder: Path, entries: Iterable[Entry]) -> None:
    """Write documents and their passages as a segment."""
    texts: list[str] = []
    with _Writer(folder) as writer:
        for entry in entries:
            document = entry.document
            writer.sources.add(source_row(document))
            for chunk in entry.chunks:
                writer.passages.add(chunk_row(document.parts, chunk))
                texts.append(normalise(search_text(document.facts.title, chunk)))
            writer.firsts.append(len(texts))
            writer.marks.append(entry.mark)
    postings = postings_of(texts)
    postings.save(folder / _LEXICAL)
    Columns.of(postings).save(folder / _LEXICAL)


def merge_segments(folder: Path, parts: Sequence[tuple[DocumentSegment, Collection[int]]]) -> None:
    """Write the documents of several segments, without the deleted ones, as one segment."""
    with _Writer(folder) as writer:
        for segment, deleted in parts:
            segment.copy(deleted, writer)
    left = [without(segment.postings, segment.dead(deleted)) for segment, deleted in parts]
    merge(left, folder / _LEXICAL)
    Columns.of(Postings.load(folder / _LEXICAL)).save(folder / _LEXICAL)


class _Writer:
    """The files of a segment while it is written, but for its postings."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self.sources = RowWriter(folder / "sources.jsonl")
        self.passages = RowWriter(folder / "passages.jsonl")
        self.firsts: list[int] = [0]
        self.marks: list[int] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.sources.close()
        self.passages.close()
        np.save(self._folder / "firsts.npy", np.array(self.firsts, dtype=np.int64))
        np.save(self._folder / "marks.npy", np.array(self.marks, dtype=np.uint64))
