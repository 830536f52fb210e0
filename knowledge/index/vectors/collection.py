"""The semantic half: one Chroma collection for each embedding, behind LangChain.

It lives on while versions come and go: items have keys that stay, are stored when a version has
been published and removed when none needs them. What a search finds there and the version at hand
does not know is left out by whoever asks.
"""

import hashlib
import re
from collections.abc import Iterable, Sequence
from itertools import batched
from pathlib import Path
from typing import TYPE_CHECKING, Any

from knowledge.index.vectors.chroma import close_client, open_client

if TYPE_CHECKING:
    from langchain_chroma import Chroma
    from langchain_core.embeddings import Embeddings

BATCH = 1_000
"""Items that are embedded and stored, or removed, at once."""

_NAME = re.compile(r"[^a-z0-9]+")
_NAMED = 40


def collection_name(fingerprint: str) -> str:
    """The collection of an embedding; readable, and different for different fingerprints."""
    readable = _NAME.sub("-", fingerprint.lower()).strip("-")[:_NAMED].strip("-")
    digest = hashlib.blake2b(fingerprint.encode(), digest_size=6).hexdigest()
    return "-".join(filter(None, ("documents", readable, digest)))


class VectorIndex:
    """Items by meaning, each under a key of its own."""

    def __init__(self, store: "Chroma", client: Any) -> None:  # noqa: ANN401 -- two client kinds
        self._store = store
        self._client = client

    def nearest(self, text: str, limit: int) -> list[tuple[str, float]]:
        """The keys of the nearest items, best first, with a similarity in [-1, 1]."""
        found = self._store.similarity_search_with_score(text, k=limit)
        return [(document.id or "", 1.0 - score) for document, score in found]

    def count(self) -> int:
        """How many items are stored."""
        return int(self._client.get_collection(self._store._collection_name).count())  # noqa: SLF001 -- LangChain's wrapper does not count

    def put(self, items: Iterable[tuple[str, str]]) -> None:
        """Store texts under their keys, in place of what is there."""
        for batch in batched(items, BATCH):
            keys, texts = zip(*batch, strict=True)
            self._store.add_texts(list(texts), ids=list(keys))

    def remove(self, keys: Sequence[str]) -> None:
        """Remove items; those that are not there do no harm."""
        for batch in batched(keys, BATCH):
            self._store.delete(ids=list(batch))

    def drop(self, name: str) -> None:
        """Remove another collection, if there is one of that name."""
        if any(one.name == name for one in self._client.list_collections()):
            self._client.delete_collection(name)

    def close(self) -> None:
        """Let go of files and sockets."""
        close_client(self._client)


def open_vectors(
    folder: Path, embeddings: "Embeddings", name: str, *, url: str | None = None
) -> VectorIndex:
    """Open a collection, new if there is none: in `folder`, or on the Chroma server at `url`."""
    from langchain_chroma import Chroma  # noqa: PLC0415 -- heavy: loaded on first use

    client = open_client(folder, url)
    try:
        store = Chroma(
            collection_name=name,
            embedding_function=embeddings,
            client=client,
            collection_configuration={"hnsw": {"space": "cosine"}},
        )
    except BaseException:
        close_client(client)
        raise
    return VectorIndex(store, client)
