"""The current version of an index in memory, renewed when another is published."""

import logging
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from knowledge.index.versions import DamagedIndexError, Version, Versions

log = logging.getLogger(__name__)


class Shelf[T]:
    """The current version of one index, loaded again whenever another becomes current."""

    def __init__(
        self,
        versions: Versions,
        load_version: Callable[[Version], T],
        rebuild: Callable[[Path], dict[str, Any]],
        dispose: Callable[[T], None] = lambda _: None,
    ) -> None:
        self._versions = versions
        self._load = load_version
        self._rebuild = rebuild
        self._dispose = dispose
        self._lock = threading.Lock()
        self._left: list[T] = []
        self._loaded: tuple[tuple[int, int], T] | None = None

    def get(self) -> T:
        """The current version; a missing or damaged one is rebuilt first."""
        stamp = self._versions.stamp()
        loaded = self._loaded
        if loaded is not None and loaded[0] == stamp:
            return loaded[1]
        with self._lock:
            loaded = self._loaded
            stamp = self._versions.stamp()
            if loaded is None or loaded[0] != stamp:
                self._leave()
                loaded = self._open(stamp)
                self._loaded = loaded
            return loaded[1]

    def close(self) -> None:
        """Let go of what is loaded."""
        with self._lock:
            self._leave()
            while self._left:
                self._dispose(self._left.pop())

    def _leave(self) -> None:
        """Put the loaded version aside; a reader may still be in it, in the one before no more."""
        while self._left:
            self._dispose(self._left.pop())
        if self._loaded is not None:
            self._left.append(self._loaded[1])
            self._loaded = None

    def _open(self, stamp: tuple[int, int]) -> tuple[tuple[int, int], T]:
        try:
            version = self._versions.current()
            if version is not None:
                return stamp, self._load(version)
            log.info("no index yet; building it")
        except Exception as error:  # noqa: BLE001 -- whatever is wrong with it, it can be rebuilt
            log.warning("the index is damaged (%s); rebuilding it from the database", error)
        with self._versions.lock():
            if self._versions.stamp() == stamp:
                version = self._versions.publish(self._rebuild)
                return self._versions.stamp(), self._load(version)
        version = self._versions.current()
        if version is None:
            raise DamagedIndexError("the index vanished while it was rebuilt; start again")
        return self._versions.stamp(), self._load(version)
