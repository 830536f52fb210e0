"""The semantic half: Chroma, embedded beside the index or as a server, behind LangChain."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from knowledge.index.chroma import close_client, open_client

if TYPE_CHECKING:
    from langchain_chroma import Chroma
    from langchain_core.embeddings import Embeddings

_BATCH = 2_000


class VectorIndex:
    """Passages by meaning: numbers of items with their similarity."""

    def __init__(self, store: "Chroma", client: Any) -> None:  # noqa: ANN401 -- two client kinds
        self._store = store
        self._client = client

    def nearest(self, text: str, limit: int) -> list[tuple[int, float]]:
        """The nearest items, best first, with a similarity in [-1, 1]."""
        found = self._store.similarity_search_with_score(text, k=limit)
        return [(int(document.metadata["item"]), 1.0 - score) for document, score in found]

    def count(self) -> int:
        """How many items are stored."""
        return len(self._store.get(include=[])["ids"])

    def add(self, texts: Sequence[str]) -> None:
        """Store items under their position."""
        for start, batch in _batches(texts):
            numbers = range(start, start + len(batch))
            self._store.add_texts(
                list(batch),
                metadatas=[{"item": number} for number in numbers],
                ids=[str(number) for number in numbers],
            )

    def close(self) -> None:
        """Let go of files and sockets."""
        close_client(self._client)


def _batches(texts: Sequence[str]) -> Iterator[tuple[int, Sequence[str]]]:
    for start in range(0, len(texts), _BATCH):
        yield start, texts[start : start + _BATCH]


def open_vectors(
    folder: Path, embeddings: "Embeddings", *, url: str | None = None, create: bool = False
) -> VectorIndex:
    """Open the vectors of a version: in its folder, or on the Chroma server at `url`.

    On a server the collection is named after the version's folder.
    """
    from langchain_chroma import Chroma  # noqa: PLC0415 -- heavy: loaded on first use

    client = open_client(folder / "chroma.live", url)
    try:
        store = Chroma(
            collection_name=f"{folder.parent.name}-{folder.name}",
            embedding_function=embeddings,
            client=client,
            collection_configuration={"hnsw": {"space": "cosine"}},
            create_collection_if_not_exists=create,
        )
    except BaseException:
        close_client(client)
        raise
    return VectorIndex(store, client)
