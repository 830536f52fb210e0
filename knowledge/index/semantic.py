"""The semantic half of a search: it may fail, and then the words alone find."""

import logging
import threading
from collections.abc import Callable
from typing import Protocol

from knowledge.endpoint.outage import Outage

log = logging.getLogger(__name__)

REST_S = 5.0
"""How long a vector store or a model that failed is left alone."""


class Vectors(Protocol):
    """An open vector store."""

    def nearest(self, text: str, limit: int) -> list[tuple[int, float]]:
        """The nearest items, best first, with a similarity in [-1, 1]."""
        ...

    def close(self) -> None:
        """Let go of files and sockets."""
        ...


class SemanticHalf:
    """Vectors that are opened when first asked, and again after they failed."""

    def __init__(
        self, open_vectors: Callable[[], Vectors], *, learned: bool, rest_s: float = REST_S
    ) -> None:
        """`learned` says that the vectors know meaning, so that they are always asked."""
        self.learned = learned
        self._open = open_vectors
        self._vectors: Vectors | None = None
        self._lock = threading.Lock()
        self._outage = Outage(patience=1, rest_s=rest_s)

    def open(self) -> None:
        """Open them now; whatever is wrong is raised."""
        self._opened()

    def nearest(self, text: str, limit: int) -> list[tuple[int, float]]:
        """What lies near by meaning; nothing while the store or the model fails, said once."""
        if not self._outage.may_try():
            return []
        try:
            found = self._opened().nearest(text, limit)
        except Exception as error:  # noqa: BLE001 -- stores and models of other makers raise anything
            self.close()
            if self._outage.failed():
                log.warning("no vectors (%s); searching by words alone until they are back", error)
            return []
        if self._outage.succeeded():
            log.warning("vectors are back; searching by meaning again")
        return found

    def close(self) -> None:
        """Let go of files and sockets; the next question opens them again."""
        with self._lock:
            vectors, self._vectors = self._vectors, None
        if vectors is not None:
            vectors.close()

    def _opened(self) -> Vectors:
        with self._lock:
            if self._vectors is None:
                self._vectors = self._open()
            return self._vectors
