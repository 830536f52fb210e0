"""Ranking of whole documents by their best passage, for measuring retrieval."""

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from core.domain.documents import Document, DocumentFacts, DocumentId
from knowledge.index.embedding.identity import is_learned
from knowledge.index.semantic import SemanticHalf
from knowledge.index.vectors.live import LiveVectors
from knowledge.index.versions import Versions
from knowledge.retrieval.following import follow
from knowledge.retrieval.loading import load_corpus
from knowledge.retrieval.search import Corpus
from knowledge.retrieval.segments.segment import Entry
from knowledge.retrieval.segments.writing import settled, write_entries
from knowledge.structure.chunks import chunks

if TYPE_CHECKING:
    from langchain_core.embeddings import Embeddings

_PASSAGES_PER_DOCUMENT = 8


class RankedCorpus:
    """A collection, indexed the way the assistant indexes documents."""

    def __init__(self, corpus: Corpus) -> None:
        self.corpus = corpus

    @property
    def chunks(self) -> int:
        """How many passages the collection was cut into."""
        return len(self.corpus.passages)

    def rank(self, query: str, limit: int = 10) -> list[str]:
        """Ids of the best documents, best first, each by its best passage."""
        hits = self.corpus.search(query, limit=limit * _PASSAGES_PER_DOCUMENT)
        ids = dict.fromkeys(hit.passage.source.source for hit in hits)
        return list(ids)[:limit]


def build_corpus(
    path: Path, folder: Path, embeddings: "Embeddings | None" = None, *, semantic: bool = True
) -> RankedCorpus:
    """Index a corpus.jsonl of {id, title, text} in an empty folder.

    The semantic half uses `embeddings`, or the embedded default.
    """
    versions = Versions(folder / "documents")
    with versions.lock():
        version = versions.publish(settled(versions, write_entries(versions, _entries(path))))
    corpus = load_corpus(versions, version.parts)
    if not semantic:
        return RankedCorpus(corpus)
    used = embeddings or _default()
    vectors = LiveVectors(folder / "vectors", lambda: used)
    follow(vectors, corpus.parts, lambda _done, _all: None)
    half = SemanticHalf(vectors.open, learned=is_learned(used), stamp=vectors.stamp)
    return RankedCorpus(Corpus(corpus.parts, half))


def _default() -> "Embeddings":
    from knowledge.index.embedding.hashed import (  # noqa: PLC0415 -- heavy: loaded on first use
        HashedEmbeddings,
    )

    return HashedEmbeddings()


def _entries(path: Path) -> Iterator[Entry]:
    with path.open(encoding="utf-8") as lines:
        rows: Iterable[dict[str, str]] = (json.loads(line) for line in lines if line.strip())
        for mark, row in enumerate(rows):
            yield Entry(mark=mark, document=_document(row), chunks=chunks(row["text"]))


def _document(row: dict[str, str]) -> Document:
    return Document(
        id=DocumentId(row["id"]),
        source=row["id"],
        digest="",
        text=row["text"],
        facts=DocumentFacts(title=row.get("title", "")),
        ingested_at=datetime.fromtimestamp(0, tz=UTC),
    )
