"""What an index must know of an embedding: whose vectors these are, and how much they know."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from langchain_core.embeddings import Embeddings


def fingerprint_of(embeddings: "Embeddings") -> str:
    """Name and dimension; vectors of different fingerprints cannot be compared.

    Raises:
        KeqiaoError: the embedding has to be asked and does not answer.
    """
    found = getattr(embeddings, "fingerprint", None)
    if isinstance(found, str):
        return found
    name = type(embeddings).__qualname__
    return f"{name}/{len(embeddings.embed_query(name))}"


def is_learned(embeddings: "Embeddings") -> bool:
    """Whether the vectors know meaning; one of unknown make is taken to."""
    return bool(getattr(embeddings, "learned", True))
