"""Immutable versions of an index in folders of their own, and one pointer to the current one.

A version is written beside the current one and becomes visible only when the pointer is replaced,
so a reader never sees half of it and a crash leaves the old one. Writers exclude each other by a
lock on a file, across threads and processes.
"""

import fcntl
import hashlib
import json
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.domain.errors import KeqiaoError

FORMAT = 4
"""Raised when what is written changes; another format counts as damaged and is rebuilt."""

_MANIFEST = "manifest.json"
_BLOCK = 1 << 20


class DamagedIndexError(KeqiaoError):
    """A version that cannot be read: incomplete, altered, or of another format."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A published version: its folder and what its writer noted."""

    folder: Path
    notes: dict[str, Any]


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
        """The current version, checked; None when nothing was ever published.

        Raises:
            DamagedIndexError: the pointer leads to something unreadable.
        """
        try:
            name = self._pointer.read_text(encoding="utf-8").strip()
        except FileNotFoundError:
            return None
        folder = self._folder / name
        return Version(folder=folder, notes=_verify(folder))

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Exclude other writers; waits for them."""
        self._folder.mkdir(parents=True, exist_ok=True)
        with (self._folder / "lock").open("a") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            try:
                yield
            finally:
                fcntl.flock(handle, fcntl.LOCK_UN)

    def publish(self, write: Callable[[Path], dict[str, Any]]) -> Version:
        """Write a new version and make it current; hold the lock while calling.

        `write` fills the folder and returns its notes. Folders below a name ending in `.live` are
        changed by their engine while being read, and are left out of the checksums.
        """
        folder = self._folder / f"v{time.time_ns():x}-{os.getpid()}"
        folder.mkdir(parents=True)
        try:
            notes = write(folder)
            _seal(folder, notes)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        before = self._named()
        temporary = self._folder / "current.new"
        temporary.write_text(folder.name, encoding="utf-8")
        temporary.replace(self._pointer)
        self._sweep({folder.name, before})
        return Version(folder=folder, notes=notes)

    def _named(self) -> str:
        try:
            return self._pointer.read_text(encoding="utf-8").strip()
        except FileNotFoundError:
            return ""

    def _sweep(self, kept: set[str]) -> None:
        """Remove all but the current version and the one that readers may still be leaving."""
        for entry in self._folder.iterdir():
            if entry.is_dir() and entry.name not in kept:
                shutil.rmtree(entry, ignore_errors=True)


def _files(folder: Path) -> list[Path]:
    found = [path for path in folder.rglob("*") if path.is_file()]
    names = [path.relative_to(folder) for path in found]
    return sorted(
        name
        for name in names
        if name.name != _MANIFEST and not any(part.endswith(".live") for part in name.parts)
    )


def _checksum(path: Path) -> str:
    digest = hashlib.blake2b(digest_size=16)
    with path.open("rb") as handle:
        while block := handle.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def _seal(folder: Path, notes: dict[str, Any]) -> None:
    sums = {str(name): _checksum(folder / name) for name in _files(folder)}
    content = json.dumps({"format": FORMAT, "files": sums, "notes": notes}, ensure_ascii=False)
    (folder / _MANIFEST).write_text(content, encoding="utf-8")


def _verify(folder: Path) -> dict[str, Any]:
    try:
        manifest = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))
        if manifest["format"] != FORMAT:
            raise DamagedIndexError(f"{folder} has format {manifest['format']}, not {FORMAT}")
        for name, checksum in manifest["files"].items():
            if _checksum(folder / name) != checksum:
                raise DamagedIndexError(f"{folder / name} was altered")
        notes: dict[str, Any] = manifest["notes"]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise DamagedIndexError(f"{folder} is incomplete: {error}") from error
    return notes
