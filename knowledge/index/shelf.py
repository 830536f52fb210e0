"""The current version of an index in memory, renewed when another is published."""

import logging
import threading
from collections.abc import Callable

from knowledge.index.sealing import DamagedIndexError
from knowledge.index.versions import Version, Versions

log = logging.getLogger(__name__)


class Shelf[T]:
    """The current version of one index, loaded again whenever another becomes current."""

    def __init__(
        self,
        versions: Versions,
        load_version: Callable[[Version, T | None], T],
        rebuild: Callable[[], object],
    ) -> None:
        """`load_version` is given what was loaded before, to take over what is the same.

        `rebuild` publishes a version that owes nothing to what is there; it is called under the
        lock of `versions`.
        """
        self._versions = versions
        self._load = load_version
        self._rebuild = rebuild
        self._lock = threading.Lock()
        self._loaded: tuple[tuple[int, int], T] | None = None

    def get(self) -> T:
        """The current version; a missing or damaged one is rebuilt first.

        While another thread loads a newer version, the one before is given.
        """
        stamp = self._versions.stamp()
        loaded = self._loaded
        if loaded is not None and loaded[0] == stamp:
            return loaded[1]
        if not self._lock.acquire(blocking=loaded is None):
            return loaded[1] if loaded is not None else self.get()
        try:
            loaded = self._loaded
            stamp = self._versions.stamp()
            if loaded is None or loaded[0] != stamp:
                loaded = self._open(stamp, loaded[1] if loaded is not None else None)
                self._loaded = loaded
            return loaded[1]
        finally:
            self._lock.release()

    def close(self) -> None:
        """Let go of what is loaded."""
        with self._lock:
            self._loaded = None

    def _open(self, stamp: tuple[int, int], before: T | None) -> tuple[tuple[int, int], T]:
        try:
            version = self._versions.current()
            if version is not None:
                return stamp, self._load(version, before)
            log.info("no index yet; building it")
        except Exception as error:  # noqa: BLE001 -- whatever is wrong with it, it can be rebuilt
            log.warning("the index is damaged (%s); rebuilding it from the database", error)
        with self._versions.lock():
            if self._versions.stamp() == stamp:
                self._rebuild()
            stamp = self._versions.stamp()
            version = self._versions.current()
            if version is None:
                raise DamagedIndexError("the index vanished while it was rebuilt; start again")
            return stamp, self._load(version, None)
