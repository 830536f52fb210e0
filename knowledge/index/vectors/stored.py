"""Which documents have their vectors in a collection: a small list beside the vectors."""

from collections.abc import Mapping
from pathlib import Path

from knowledge.index.sealing import DamagedIndexError, read_noted, write_noted


class Stored:
    """Documents by their marks, each with its number of passages; kept in a file.

    A document is `pending` from before its vectors are stored until they are, so that whatever
    dies in between leaves nothing behind that nobody knows of.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self.done: dict[int, int] = {}
        self.pending: dict[int, int] = {}
        try:
            content = read_noted(path)
            self.done, self.pending = (_read(content[name]) for name in ("done", "pending"))
        except DamagedIndexError:
            pass  # nothing is known, so everything is stored again

    @property
    def exists(self) -> bool:
        """Whether anything was ever stored for this collection."""
        return self._path.exists()

    def missing(self, wanted: Mapping[int, int]) -> dict[int, int]:
        """Those wanted whose vectors are not stored."""
        return {mark: count for mark, count in wanted.items() if mark not in self.done}

    def unwanted(self, wanted: Mapping[int, int]) -> dict[int, int]:
        """Those that have, or may have, vectors that nobody wants any more."""
        known = self.pending | self.done
        return {mark: count for mark, count in known.items() if mark not in wanted}

    def clear(self) -> None:
        """Forget all: the vectors are lost."""
        self.done, self.pending = {}, {}

    def begin(self, marks: Mapping[int, int]) -> None:
        """Note that the vectors of these documents are about to be stored."""
        self.pending |= marks
        self.save()

    def end(self, marks: Mapping[int, int]) -> None:
        """Note that they are stored."""
        self.done |= marks
        self.pending = {one: count for one, count in self.pending.items() if one not in marks}
        self.save()

    def forget(self, marks: Mapping[int, int]) -> None:
        """Note that their vectors are removed."""
        for known in (self.done, self.pending):
            for mark in marks:
                known.pop(mark, None)
        self.save()

    def save(self) -> None:
        """Write the file, in one step."""
        content = {"done": _written(self.done), "pending": _written(self.pending)}
        temporary = self._path.with_suffix(".new")
        write_noted(temporary, content)
        temporary.replace(self._path)


def _written(marks: Mapping[int, int]) -> dict[str, int]:
    return {f"{mark:x}": count for mark, count in marks.items()}


def _read(marks: Mapping[str, int]) -> dict[int, int]:
    return {int(mark, 16): count for mark, count in marks.items()}
