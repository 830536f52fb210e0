"""Passages of documents as an index version keeps them, read from disk one at a time."""

import json
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import TypeAdapter

from core.domain.documents import Document, DocumentFacts, DocumentId, Part
from knowledge.structure.chunks import Chunk, Sentence

_CACHED = 4_096
_FACTS = TypeAdapter(DocumentFacts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A document as the index knows it: everything but its text."""

    id: DocumentId
    source: str
    digest: str
    facts: DocumentFacts
    parts: tuple[DocumentFacts, ...] = ()
    """The facts of its main text and of each annex, when it has annexes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A chunk and the document it was cut from."""

    number: int
    """Its place in the index."""
    source: Source
    """Its document; the facts are those of the annex it stands in."""
    chunk: Chunk


def search_text(title: str, chunk: Chunk) -> str:
    """What of a passage is searched: the document's title, its headings, its text."""
    labels = [label for label in chunk.path if label not in title]
    return "\n".join((title, *labels, chunk.text))


def write_passages(folder: Path, entries: Iterable[tuple[Document, Iterable[Chunk]]]) -> list[str]:
    """Write documents and their passages; returns the texts to be searched, in order."""
    folder.mkdir(parents=True, exist_ok=True)
    sources: list[dict[str, Any]] = []
    offsets = [0]
    texts: list[str] = []
    with (folder / "passages.jsonl").open("wb") as handle:
        for at, (document, chunks) in enumerate(entries):
            sources.append(_source_row(document))
            for chunk in chunks:
                line = json.dumps(_chunk_row(at, document.parts, chunk), ensure_ascii=False)
                handle.write(line.encode() + b"\n")
                offsets.append(handle.tell())
                texts.append(search_text(document.facts.title, chunk))
    np.save(folder / "offsets.npy", np.array(offsets, dtype=np.int64))
    content = json.dumps(sources, ensure_ascii=False)
    (folder / "sources.json").write_text(content, encoding="utf-8")
    return texts


def _source_row(document: Document) -> dict[str, Any]:
    return {
        "id": document.id,
        "source": document.source,
        "digest": document.digest,
        "facts": _FACTS.dump_python(document.facts, mode="json"),
        "parts": [_FACTS.dump_python(part.facts, mode="json") for part in document.parts],
    }


def _source(row: dict[str, Any]) -> Source:
    return Source(
        id=DocumentId(row["id"]),
        source=row["source"],
        digest=row["digest"],
        facts=_FACTS.validate_python(row["facts"]),
        parts=tuple(_FACTS.validate_python(facts) for facts in row["parts"]),
    )


def _of_part(source: Source, part: int) -> Source:
    return replace(source, facts=source.parts[part]) if part < len(source.parts) else source


def _chunk_row(document: int, parts: Sequence[Part], chunk: Chunk) -> list[Any]:
    ended = sum(part.end <= chunk.start for part in parts)
    return [document, ended, [_sentence_row(one) for one in chunk.sentences]]


def _sentence_row(one: Sentence) -> list[Any]:
    text = None if one.text == one.quote else one.text
    return [one.quote, text, one.start, one.path, *([one.cells, one.table] if one.row else ())]


def _sentence(row: list[Any]) -> Sentence:
    quote, text, start, path, *told = row
    cells, table = told or ((), -1)
    return Sentence(
        text=quote if text is None else text,
        quote=quote,
        start=start,
        end=start + len(quote),
        path=tuple(path),
        row=bool(told),
        cells=tuple((name, value) for name, value in cells),
        table=table,
    )


class Passages:
    """The passages of one version."""

    def __init__(self, folder: Path) -> None:
        rows = json.loads((folder / "sources.json").read_text(encoding="utf-8"))
        self.sources: tuple[Source, ...] = tuple(_source(row) for row in rows)
        self._places = {source.id: at for at, source in enumerate(self.sources)}
        self._offsets = np.load(folder / "offsets.npy", mmap_mode="r")
        self._bytes = np.memmap(folder / "passages.jsonl", mode="r") if len(self) else None
        self._cached = lru_cache(maxsize=_CACHED)(self._read)

    def __len__(self) -> int:
        return len(self._offsets) - 1

    def __getitem__(self, number: int) -> Passage:
        return self._cached(number)

    def __iter__(self) -> Iterator[Passage]:
        return (self[number] for number in range(len(self)))

    def first_of(self, passage: Passage) -> int:
        """The number of the first passage of the same document."""
        places = self._places
        at = places[passage.source.id]
        return bisect_left(
            range(passage.number), at, key=lambda number: places[self[number].source.id]
        )

    def _read(self, number: int) -> Passage:
        if self._bytes is None:
            raise IndexError(number)
        start, end = int(self._offsets[number]), int(self._offsets[number + 1])
        at, part, rows = json.loads(self._bytes[start:end].tobytes())
        chunk = Chunk(sentences=tuple(map(_sentence, rows)))
        source = _of_part(self.sources[at], part)
        return Passage(number=number, source=source, chunk=chunk)
