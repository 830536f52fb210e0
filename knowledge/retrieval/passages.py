"""Passages of documents as an index version keeps them, read from disk one at a time."""

import json
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from core.domain.documents import Document, DocumentFacts, DocumentId, Level
from knowledge.structure.chunks import Chunk, Sentence

_CACHED = 4_096


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A document as the index knows it: everything but its text."""

    id: DocumentId
    source: str
    digest: str
    facts: DocumentFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A chunk and the document it was cut from."""

    number: int
    """Its place in the index."""
    source: Source
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
                line = json.dumps(_chunk_row(at, chunk), ensure_ascii=False)
                handle.write(line.encode() + b"\n")
                offsets.append(handle.tell())
                texts.append(search_text(document.facts.title, chunk))
    np.save(folder / "offsets.npy", np.array(offsets, dtype=np.int64))
    content = json.dumps(sources, ensure_ascii=False)
    (folder / "sources.json").write_text(content, encoding="utf-8")
    return texts


def _source_row(document: Document) -> dict[str, Any]:
    facts = asdict(document.facts)
    for name in ("signed_on", "closes_on", "expires_on"):
        facts[name] = facts[name].isoformat() if facts[name] else None
    return {
        "id": document.id,
        "source": document.source,
        "digest": document.digest,
        "facts": facts,
    }


def _source(row: dict[str, Any]) -> Source:
    facts = dict(row["facts"])
    for name in ("signed_on", "closes_on", "expires_on"):
        facts[name] = date.fromisoformat(facts[name]) if facts[name] else None
    facts["level"] = Level(facts["level"]) if facts["level"] else None
    return Source(
        id=DocumentId(row["id"]),
        source=row["source"],
        digest=row["digest"],
        facts=DocumentFacts(**facts),
    )


def _chunk_row(document: int, chunk: Chunk) -> list[Any]:
    return [document, [_sentence_row(one) for one in chunk.sentences]]


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
        at, rows = json.loads(self._bytes[start:end].tobytes())
        chunk = Chunk(sentences=tuple(map(_sentence, rows)))
        return Passage(number=number, source=self.sources[at], chunk=chunk)
