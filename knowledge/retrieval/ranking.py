"""Ranking of whole documents by their best passage, for measuring retrieval."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from core.domain.documents import Document, DocumentFacts, DocumentId
from knowledge.index.vectors import open_vectors
from knowledge.retrieval.corpus import Corpus, write_corpus

if TYPE_CHECKING:
    from langchain_core.embeddings import Embeddings

_PASSAGES_PER_DOCUMENT = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One document of a collection to be measured."""

    id: str
    title: str
    text: str


class Ranker:
    """A collection, indexed the way the assistant indexes documents."""

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus

    @property
    def chunks(self) -> int:
        """How many passages the collection was cut into."""
        return len(self._corpus.passages)

    def rank(self, query: str, *, limit: int = 10) -> list[str]:
        """Ids of the best documents, best first, each by its best passage."""
        hits = self._corpus.search(query, limit=limit * _PASSAGES_PER_DOCUMENT)
        ids = dict.fromkeys(hit.passage.source.source for hit in hits)
        return list(ids)[:limit]


def build_ranker(
    entries: Iterable[Entry], folder: Path, embeddings: "Embeddings | None" = None
) -> Ranker:
    """Index a collection in an empty folder; with the semantic half when embeddings are given."""
    write_corpus(folder, (_document(entry) for entry in entries), embeddings)
    vectors = open_vectors(folder, embeddings) if embeddings is not None else None
    return Ranker(Corpus(folder, vectors))


def _document(entry: Entry) -> Document:
    return Document(
        id=DocumentId(entry.id),
        source=entry.id,
        digest="",
        text=entry.text,
        facts=DocumentFacts(title=entry.title),
        ingested_at=datetime.fromtimestamp(0, tz=UTC),
    )
