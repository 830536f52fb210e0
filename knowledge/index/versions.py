"""Versions of an index: a small manifest naming immutable segments, and one pointer.

    current                 names the manifest that readers use
    versions/<name>.json    segments of a version, and which of their documents no longer count
    segments/<name>/        a sealed folder, shared by all versions that name it

Segments and manifest are written first and become visible only when the pointer is replaced, so a
reader never sees half a version and a crash leaves the old one. Writers exclude each other by a
lock on a file, across threads and processes.
"""

import os
import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from knowledge.index.locking import exclusive
from knowledge.index.sealing import DamagedIndexError, check, read_noted, seal, write_noted


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A segment in a version; `deleted` are places of its documents that no longer count."""

    segment: str
    deleted: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A published version: its segments and what its writer noted."""

    name: str
    parts: tuple[Part, ...]
    notes: dict[str, Any] = field(default_factory=dict)


class Versions:
    """The versions under one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._pointer = folder / "current"

    def stamp(self) -> tuple[int, int]:
        """Changes whenever another version becomes current; costs one stat."""
        try:
            status = self._pointer.stat()
        except FileNotFoundError:
            return (0, 0)
        return (status.st_ino, status.st_mtime_ns)

    def current(self) -> Version | None:
        """The current version; None when nothing was ever published.

        Raises:
            DamagedIndexError: the pointer leads to something unreadable.
        """
        name = self._named()
        return self._read(name) if name else None

    def segment(self, name: str) -> Path:
        """The folder of a segment."""
        return self._folder / "segments" / name

    def checked(self, name: str) -> Path:
        """The folder of a segment whose files are as they were written.

        Raises:
            DamagedIndexError: they are not.
        """
        check(self.segment(name))
        return self.segment(name)

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Exclude other writers; waits for them."""
        with exclusive(self._folder):
            yield

    def write(self, fill: Callable[[Path], None]) -> str:
        """Write a new segment and return its name; hold the lock while calling.

        It is kept only if a version that names it is published before the lock is given up.
        """
        name = _new_name("s")
        folder = self.segment(name)
        folder.mkdir(parents=True)
        try:
            fill(folder)
            seal(folder)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        return name

    def publish(self, parts: Sequence[Part], notes: dict[str, Any] | None = None) -> Version:
        """Make a version of these segments the current one; hold the lock while calling."""
        version = Version(name=_new_name("v"), parts=tuple(parts), notes=notes or {})
        self._manifest(version.name).parent.mkdir(parents=True, exist_ok=True)
        rows = [[part.segment, list(part.deleted)] for part in version.parts]
        write_noted(self._manifest(version.name), {"parts": rows, "notes": version.notes})
        before = self._named()
        temporary = self._folder / "current.new"
        temporary.write_text(version.name, encoding="utf-8")
        temporary.replace(self._pointer)
        self._sweep([version.name, before])
        return version

    def _manifest(self, name: str) -> Path:
        return self._folder / "versions" / f"{name}.json"

    def _read(self, name: str) -> Version:
        content = read_noted(self._manifest(name))
        parts = (Part(segment=one, deleted=tuple(deleted)) for one, deleted in content["parts"])
        return Version(name=name, parts=tuple(parts), notes=content["notes"])

    def _named(self) -> str:
        try:
            return self._pointer.read_text(encoding="utf-8").strip()
        except FileNotFoundError:
            return ""

    def _sweep(self, names: Iterable[str]) -> None:
        """Remove all but the current version and the one that readers may still be opening."""
        kept = {self._manifest(name).name for name in names if name}
        for name in names:
            try:
                kept |= {part.segment for part in self._read(name).parts} if name else set()
            except DamagedIndexError:
                continue
        for folder in ("versions", "segments"):
            for entry in (self._folder / folder).glob("*"):
                if entry.name in kept:
                    continue
                if entry.is_dir():
                    shutil.rmtree(entry, ignore_errors=True)
                else:
                    entry.unlink(missing_ok=True)


def _new_name(kind: str) -> str:
    return f"{kind}{time.time_ns():x}-{os.getpid()}"
