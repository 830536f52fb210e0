"""Plain search over records, to measure matching against: no gates, no facets, nothing learned."""

from collections.abc import Callable, Sequence
from pathlib import Path

from core.domain.records import Record, RecordId
from knowledge.index.lexical.bm25 import LexicalIndex, LexicalSegment
from knowledge.index.lexical.postings import postings_of
from knowledge.lexicon.words import grams, normalise
from knowledge.recall.segment import record_text

type Search = Callable[[str, int], list[RecordId]]


def by_words(records: Sequence[Record]) -> Search:
    """BM25 over characters and pairs of characters."""
    texts = [normalise(record_text(record)) for record in records]
    index = LexicalIndex([LexicalSegment(postings_of(texts))])

    def search(text: str, limit: int) -> list[RecordId]:
        numbers, _ = index.top(grams(normalise(text)), limit)
        return [records[at].id for at in numbers.tolist()]

    return search


def by_vectors(records: Sequence[Record], folder: Path) -> Search:
    """Chroma with the embedding that needs no download."""
    from knowledge.index.embedding.hashed import (  # noqa: PLC0415 -- heavy: loaded on first use
        HashedEmbeddings,
    )
    from knowledge.index.vectors.chroma import (  # noqa: PLC0415 -- heavy: loaded on first use
        open_client,
    )

    embedding = HashedEmbeddings()
    collection = open_client(folder, None).create_collection("records")
    collection.add(
        ids=[str(record.id) for record in records],
        embeddings=embedding.embed_documents([record_text(record) for record in records]),
    )

    def search(text: str, limit: int) -> list[RecordId]:
        found = collection.query(query_embeddings=[embedding.embed_query(text)], n_results=limit)
        return [RecordId(one) for one in found["ids"][0]]

    return search
