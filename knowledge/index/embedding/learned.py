"""What embeddings that were learned have in common."""

import threading
from abc import abstractmethod
from collections import OrderedDict
from collections.abc import Sequence
from typing import override

import numpy as np
from langchain_core.embeddings import Embeddings
from numpy.typing import NDArray

from core.domain.errors import BadInputError
from knowledge.index.embedding.words import say

Vectors = NDArray[np.float32]

_REMEMBERED = 256
"""Questions whose vector is kept: one question is searched several times."""


class LearnedEmbeddings(Embeddings):
    """Vectors of length 1 from a model that knows meaning."""

    learned = True

    def __init__(self, name: str, instruction: str) -> None:
        """`name` tells models apart; `instruction` is put before every question."""
        self.name = name
        self._instruction = instruction
        self._dimension: int | None = None
        self._asked: OrderedDict[str, list[float]] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def dimension(self) -> int:
        """Numbers in a vector; asks the model once."""
        if self._dimension is None:
            self.embed_query(self.name)
        assert self._dimension is not None  # noqa: S101 -- every embedding sets it
        return self._dimension

    @property
    def fingerprint(self) -> str:
        """Changes whenever vectors made before cannot be compared with new ones."""
        return f"{self.name}/{self.dimension}"

    @override
    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        if not texts:
            return []
        return [list(map(float, row)) for row in self._measured(self._embed(texts))]

    @override
    def embed_query(self, text: str) -> list[float]:
        with self._lock:
            known = self._asked.get(text)
        if known is not None:
            return known
        (row,) = self._measured(self._embed_question(self._instruction + text))
        vector = list(map(float, row))
        with self._lock:
            self._asked[text] = vector
            while len(self._asked) > _REMEMBERED:
                self._asked.popitem(last=False)
        return vector

    @abstractmethod
    def _embed(self, texts: Sequence[str]) -> Vectors:
        """One row a text, of any length."""

    def _embed_question(self, text: str) -> Vectors:
        return self._embed([text])

    def _measured(self, rows: Vectors) -> Vectors:
        """Rows of length 1; a model that changes its dimension is refused."""
        found = rows.shape[1]
        if self._dimension is not None and found != self._dimension:
            raise BadInputError(
                say("dimension", model=self.name, found=found, wanted=self._dimension)
            )
        self._dimension = found
        lengths = np.linalg.norm(rows, axis=1, keepdims=True)
        return (rows / np.maximum(lengths, np.finfo(np.float32).tiny)).astype(np.float32)
