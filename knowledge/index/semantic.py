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

    def nearest(self, text: str, limit: int) -> list[tuple[str, float]]:
        """The keys of the nearest items, best first, with a similarity in [-1, 1]."""
        ...

    def close(self) -> None:
        """Let go of files and sockets."""
        ...


class SemanticHalf:
    """Vectors that are opened when first asked, and again after they failed or changed."""

    def __init__(
        self,
        open_vectors: Callable[[], Vectors | None],
        *,
        learned: bool,
        stamp: Callable[[], object] = lambda: None,
        rest_s: float = REST_S,
    ) -> None:
        """`learned` says that the vectors know meaning, so that they are always asked.

        `stamp` gives something else whenever the vectors have changed behind our back.
        """
        self.learned = learned
        self._open = open_vectors
        self._stamp = stamp
        self._vectors: tuple[object, Vectors | None] | None = None
        self._lock = threading.Lock()
        self._outage = Outage(patience=1, rest_s=rest_s)

    def nearest(self, text: str, limit: int) -> list[tuple[str, float]]:
        """What lies near by meaning; nothing while the store or the model fails, said once."""
        if not self._outage.may_try():
            return []
        try:
            found = self._nearest(text, limit)
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
            self._leave()

    def _nearest(self, text: str, limit: int) -> list[tuple[str, float]]:
        vectors = self._opened()
        try:
            return [] if vectors is None else vectors.nearest(text, limit)
        except Exception:
            again = self._opened()
            if again is None or again is vectors:
                raise
            return again.nearest(text, limit)  # another thread had just opened them anew

    def _opened(self) -> Vectors | None:
        with self._lock:
            stamp = self._stamp()
            if self._vectors is None or self._vectors[0] != stamp:
                self._leave()
                self._vectors = (stamp, self._open())
            return self._vectors[1]

    def _leave(self) -> None:
        opened, self._vectors = self._vectors, None
        if opened is not None and opened[1] is not None:
            opened[1].close()
