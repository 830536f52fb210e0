"""The embedding that needs no download: character n-grams thrown onto fixed random directions."""

from typing import override

import numpy as np
from langchain_core.embeddings import Embeddings
from numpy.typing import NDArray

from knowledge.lexicon.words import normalise

DIMENSIONS = 256
_SPOTS = 8
_SIZES = (1, 2, 3)
_WEIGHTS = {1: 0.5, 2: 1.0, 3: 1.0}
_MAX_CHARS = 2_000
_PRIMES = np.array([0x9E3779B1, 0x85EBCA77, 0xC2B2AE3D], dtype=np.uint64)


class HashedEmbeddings(Embeddings):
    """256 dimensions; equal n-grams pull texts together, nothing is learned."""

    learned = False
    fingerprint = f"hashed-1/{DIMENSIONS}"
    """Its number rises when what is computed changes."""

    @override
    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return [list(map(float, self._embed(text))) for text in texts]

    @override
    def embed_query(self, text: str) -> list[float]:
        return self.embed_documents([text])[0]

    def _embed(self, text: str) -> NDArray[np.float64]:
        points = np.array([ord(char) for char in normalise(text)[:_MAX_CHARS]], dtype=np.uint64)
        vector = np.zeros(DIMENSIONS)
        for size in _SIZES:
            if len(points) >= size:
                vector += _WEIGHTS[size] * _projected(_hashes(points, size))
        length = float(np.linalg.norm(vector))
        if length == 0.0:
            vector[0] = length = 1.0
        return vector / length


def _hashes(points: NDArray[np.uint64], size: int) -> NDArray[np.uint64]:
    """One number for each run of `size` characters."""
    count = len(points) - size + 1
    mixed = np.zeros(count, dtype=np.uint64)
    for shift in range(size):
        mixed = (mixed + points[shift : shift + count] + np.uint64(size)) * _PRIMES[shift]
        mixed ^= mixed >> np.uint64(29)
    return mixed


def _projected(hashes: NDArray[np.uint64]) -> NDArray[np.float64]:
    """The sum of the n-grams' directions, each n-gram damped by its square root."""
    unique, counts = np.unique(hashes, return_counts=True)
    weights = np.sqrt(counts)
    vector = np.zeros(DIMENSIONS)
    for spot in range(_SPOTS):
        mixed = (unique + np.uint64(spot + 1)) * _PRIMES[spot % 3]
        mixed ^= mixed >> np.uint64(31)
        mixed *= np.uint64(0xBF58476D1CE4E5B9)
        mixed ^= mixed >> np.uint64(27)
        signs = np.where(mixed & np.uint64(256), 1.0, -1.0)
        places = (mixed & np.uint64(DIMENSIONS - 1)).astype(np.int64)
        vector += np.bincount(places, weights=weights * signs, minlength=DIMENSIONS)
    return vector
