"""Ranking of whole documents by their best passage, for measuring retrieval."""

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from core.domain.documents import Document, DocumentFacts, DocumentId
from knowledge.index.embedding.identity import is_learned
from knowledge.index.semantic import SemanticHalf
from knowledge.index.vectors import open_vectors
from knowledge.retrieval.search import Corpus, write_corpus

if TYPE_CHECKING:
    from langchain_core.embeddings import Embeddings

_PASSAGES_PER_DOCUMENT = 8


class RankedCorpus:
    """A collection, indexed the way the assistant indexes documents."""

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus

    @property
    def chunks(self) -> int:
        """How many passages the collection was cut into."""
        return len(self._corpus.passages)

    def rank(self, query: str, limit: int = 10) -> list[str]:
        """Ids of the best documents, best first, each by its best passage."""
        hits = self._corpus.search(query, limit=limit * _PASSAGES_PER_DOCUMENT)
        ids = dict.fromkeys(hit.passage.source.source for hit in hits)
        return list(ids)[:limit]


def build_corpus(
    path: Path, folder: Path, embeddings: "Embeddings | None" = None, *, semantic: bool = True
) -> RankedCorpus:
    """Index a corpus.jsonl of {id, title, text} in an empty folder.

    The semantic half uses `embeddings`, or the embedded default.
    """
    if semantic and embeddings is None:
        from knowledge.index.embedding.hashed import (  # noqa: PLC0415 -- heavy: loaded on first use
            HashedEmbeddings,
        )

        embeddings = HashedEmbeddings()
    version = folder / "corpus"
    write_corpus(version, _entries(path), embeddings)
    if embeddings is None:
        return RankedCorpus(Corpus(version))
    opened = partial(open_vectors, version, embeddings)
    return RankedCorpus(Corpus(version, SemanticHalf(opened, learned=is_learned(embeddings))))


def _entries(path: Path) -> Iterator[Document]:
    with path.open(encoding="utf-8") as lines:
        rows: Iterable[dict[str, str]] = (json.loads(line) for line in lines if line.strip())
        for row in rows:
            yield Document(
                id=DocumentId(row["id"]),
                source=row["id"],
                digest="",
                text=row["text"],
                facts=DocumentFacts(title=row.get("title", "")),
                ingested_at=datetime.fromtimestamp(0, tz=UTC),
            )
