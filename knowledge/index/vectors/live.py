"""Vectors that follow an index: stored once a version is published, removed when it drops them."""

import logging
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from knowledge.index.embedding.identity import fingerprint_of
from knowledge.index.locking import exclusive
from knowledge.index.vectors.collection import BATCH, VectorIndex, collection_name, open_vectors
from knowledge.index.vectors.stored import Stored

if TYPE_CHECKING:
    from langchain_core.embeddings import Embeddings

log = logging.getLogger(__name__)

Texts = Callable[[int], Sequence[str]]
"""Gives the texts of a document's passages by its mark."""


def key_of(mark: int, ordinal: int) -> str:
    """The key of the passage at that place in the document of that mark."""
    return f"{mark:016x}-{ordinal}"


def parse_key(key: str) -> tuple[int, int]:
    """Mark and ordinal of a key; a foreign key belongs to no document."""
    mark, _, ordinal = key.partition("-")
    try:
        return int(mark, 16), int(ordinal)
    except ValueError:
        return -1, -1


class LiveVectors:
    """The vectors of one home folder, on its disk or on a Chroma server.

    What is on this disk is opened anew after other processes changed it, for Chroma does not
    notice by itself.
    """

    def __init__(
        self, folder: Path, embeddings: "Callable[[], Embeddings]", url: str | None = None
    ) -> None:
        self._folder = folder
        self._embeddings = embeddings
        self._url = url
        self._chroma = folder / "chroma"

    def stamp(self) -> tuple[int, int]:
        """Changes whenever vectors were stored or removed, by whatever process."""
        try:
            status = (self._folder / "changed").stat()
        except FileNotFoundError:
            return (0, 0)
        return (status.st_ino, status.st_mtime_ns)

    def open(self) -> VectorIndex | None:
        """Open them for reading; None while nothing is stored for the present embedding."""
        name = self._name()
        return self._open(name) if self._stored(name).exists and self._there() else None

    def follow(
        self, wanted: Mapping[int, int], texts: Texts, told: Callable[[int, int], None]
    ) -> bool:
        """Store what is missing and remove what is no longer wanted; True when anything was.

        `wanted` has the number of passages of each document by its mark; `told` hears how many
        documents are done, and of how many.
        """
        with self._lock():
            name = self._name()
            stored = self._stored(name)
            if not self._there():
                stored.clear()
            missing, unwanted = stored.missing(wanted), stored.unwanted(wanted)
            if self._url is None and not missing and not unwanted:
                return False
            vectors = self._opened(name)
            try:
                if vectors.count() < sum(stored.done.values()):
                    log.warning("vectors are missing from %s; storing them again", name)
                    stored.clear()
                    missing = dict(wanted)
                for done in _stored_in(vectors, stored, missing, texts):
                    told(done, len(missing))
                _remove(vectors, stored, unwanted)
                self._forget_others(vectors, name)
            finally:
                vectors.close()
            if missing or unwanted:
                self._say_changed()
            return bool(missing or unwanted)

    def _name(self) -> str:
        return collection_name(fingerprint_of(self._embeddings()))

    def _stored(self, name: str) -> Stored:
        return Stored(self._folder / f"{name}.json")

    def _there(self) -> bool:
        return self._url is not None or (self._chroma / "chroma.sqlite3").exists()

    def _open(self, name: str) -> VectorIndex:
        return open_vectors(self._chroma, self._embeddings(), name, url=self._url)

    def _opened(self, name: str) -> VectorIndex:
        """Open for writing; what is broken on this disk is thrown away and made anew."""
        try:
            return self._open(name)
        except Exception as error:
            if self._url is not None:
                raise
            log.warning("the vectors in %s are damaged (%s); storing them again", name, error)
            shutil.rmtree(self._chroma, ignore_errors=True)
            return self._open(name)

    def _forget_others(self, vectors: VectorIndex, name: str) -> None:
        """Remove what was stored for other embeddings by this house."""
        for path in self._folder.glob("documents-*.json"):
            if path.stem != name:
                vectors.drop(path.stem)
                path.unlink()

    def _say_changed(self) -> None:
        temporary = self._folder / "changed.new"
        temporary.touch()
        temporary.replace(self._folder / "changed")

    @contextmanager
    def _lock(self) -> Iterator[None]:
        with exclusive(self._folder):
            yield


def _stored_in(
    vectors: VectorIndex, stored: Stored, missing: Mapping[int, int], texts: Texts
) -> Iterator[int]:
    """Store what is missing; tells now and then how many documents are done."""
    done = 0
    for marks in _portions(missing):
        stored.begin(marks)
        vectors.put(
            (key_of(mark, at), text) for mark in marks for at, text in enumerate(texts(mark))
        )
        stored.end(marks)
        done += len(marks)
        yield done


def _remove(vectors: VectorIndex, stored: Stored, unwanted: Mapping[int, int]) -> None:
    for marks in _portions(unwanted):
        vectors.remove([key_of(mark, at) for mark, count in marks.items() for at in range(count)])
        stored.forget(marks)


def _portions(marks: Mapping[int, int]) -> Iterator[dict[int, int]]:
    """Documents of about as many passages as are stored at once."""
    portion: dict[int, int] = {}
    for mark, count in marks.items():
        portion[mark] = count
        if sum(portion.values()) >= BATCH:
            yield portion
            portion = {}
    if portion:
        yield portion
