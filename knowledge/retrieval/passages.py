"""Passages of documents as an index version keeps them, read from disk one at a time."""

from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import accumulate, chain
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.domain.documents import DocumentId
from knowledge.lexicon.words import normalise
from knowledge.retrieval.segments.rows import Source, chunk_of, of_part, worded
from knowledge.retrieval.segments.segment import DocumentSegment
from knowledge.structure.chunks import Chunk

__all__ = ["Passage", "Passages", "Source"]

_CACHED = 4_096

CUT = "|"
"""Between sentences in a normal form: it outlives normalising, and no token reaches across."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A chunk and the document it was cut from."""

    number: int
    """Its place in the index."""
    source: Source
    """Its document; the facts are those of the annex it stands in."""
    chunk: Chunk


class Wording(NamedTuple):
    """The words of a passage as they are searched, not normalised yet."""

    title: str
    labels: Sequence[str]
    sentences: Sequence[str]


class NormalForm(NamedTuple):
    """The same, normalised, with CUT between headings and between sentences."""

    title: str
    labels: str
    """Those that the title does not say."""
    body: str


class Passages:
    """The passages of one version, numbered through its segments.

    Passages of removed documents keep their numbers until their segment is written anew; the
    numbers of a document's passages are always neighbours.
    """

    def __init__(self, parts: Sequence[tuple[DocumentSegment, Collection[int]]]) -> None:
        self._segments = tuple(segment for segment, _ in parts)
        self._deleted = tuple(frozenset(deleted) for _, deleted in parts)
        self._bases: list[int] = [0, *accumulate(len(segment) for segment in self._segments)]
        self._cached = lru_cache(maxsize=_CACHED)(self._read)
        self._normal = lru_cache(maxsize=_CACHED)(self._normalised)
        self._worded = lru_cache(maxsize=_CACHED)(self._words)

    def __len__(self) -> int:
        return self._bases[-1]

    def __getitem__(self, number: int) -> Passage:
        return self._cached(number)

    def __iter__(self) -> Iterator[Passage]:
        return (self[number] for source in self.sources for number in self.numbers(source.id))

    @cached_property
    def sources(self) -> tuple[Source, ...]:
        """The documents of this version."""
        every = zip(self._segments, self._deleted, strict=True)
        return tuple(chain.from_iterable(_left(segment, gone) for segment, gone in every))

    def title_of(self, source: str) -> str:
        """The title of the document from that source; the source where there is none."""
        return self._titles.get(source, source)

    @cached_property
    def _titles(self) -> dict[str, str]:
        return {one.source: one.facts.title for one in self.sources}

    def numbers(self, document: DocumentId) -> range:
        """The numbers of a document's passages; none when it is not in this version."""
        for segment, gone, base in zip(self._segments, self._deleted, self._bases, strict=False):
            at = segment.places.get(document)
            if at is not None and at not in gone:
                own = segment.passages_of(at)
                return range(base + own.start, base + own.stop)
        return range(0)

    def first_of(self, passage: Passage) -> int:
        """The number of the first passage of the same document."""
        which = self._which(passage.number)
        segment, base = self._segments[which], self._bases[which]
        return base + segment.passages_of(segment.document_of(passage.number - base)).start

    def spans(self, numbers: NDArray[np.int64]) -> NDArray[np.int64]:
        """The first passage of each one's document, and in a second row the one after its last."""
        found = np.zeros((2, len(numbers)), dtype=np.int64)
        which = np.searchsorted(self._bases, numbers, side="right") - 1
        for at in set(which.tolist()):
            base, own = self._bases[at], which == at
            found[:, own] = self._segments[at].spans(numbers[own] - base) + base
        return found

    def wording(self, number: int) -> Wording:
        """What a passage says, without making a passage of it."""
        return self._worded(number)

    def _words(self, number: int) -> Wording:
        which = self._which(number)
        segment, own = self._segments[which], number - self._bases[which]
        title = segment.title(segment.document_of(own))
        return Wording(title, *worded(segment.row(own)))

    def normal(self, number: int) -> NormalForm:
        """What a passage says, normalised."""
        return self._normal(number)

    def _normalised(self, number: int) -> NormalForm:
        title, labels, sentences = self.wording(number)
        untitled = CUT.join(label for label in labels if label not in title)
        return NormalForm(
            _normal_title(title),
            normalise(untitled) if untitled else "",
            normalise(CUT.join(sentences)),
        )

    def _which(self, number: int) -> int:
        if not 0 <= number < len(self):
            raise IndexError(number)
        return bisect_right(self._bases, number) - 1

    def _read(self, number: int) -> Passage:
        which = self._which(number)
        segment, own = self._segments[which], number - self._bases[which]
        row = segment.row(own)
        source = of_part(segment.source(segment.document_of(own)), row)
        return Passage(number=number, source=source, chunk=chunk_of(row))


@lru_cache(maxsize=_CACHED)
def _normal_title(title: str) -> str:
    return normalise(title)


def _left(segment: DocumentSegment, gone: Collection[int]) -> Iterable[Source]:
    if not gone:
        return segment.sources
    return (source for at, source in enumerate(segment.sources) if at not in gone)
