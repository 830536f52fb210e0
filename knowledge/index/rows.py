"""JSON rows of a file, each found by its number, read one at a time."""

import json
import os
import weakref
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

_BLOCK = 1 << 22


class Rows:
    """JSON rows of a file, read one at a time.

    Read, not mapped: the system keeps what is asked for often, and the process stays small.
    """

    def __init__(self, path: Path) -> None:
        self.offsets: NDArray[np.int64] = np.load(path.with_suffix(".npy"), mmap_mode="r")
        self.offsets = self.offsets.view(np.ndarray)
        self._handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        weakref.finalize(self, os.close, self._handle)

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def __getitem__(self, number: int) -> Any:  # noqa: ANN401 -- whatever the row holds
        if number >= len(self):
            raise IndexError(number)
        begin, end = self.offsets[number : number + 2].tolist()
        return json.loads(self.read(begin, end).decode(errors="surrogatepass"))

    def __iter__(self) -> Iterator[Any]:
        return (self[number] for number in range(len(self)))

    def read(self, begin: int, end: int) -> bytes:
        """The bytes between two places of the file."""
        return os.pread(self._handle, end - begin, begin)


class RowWriter:
    """Writes JSON rows; knows where each begins."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._offsets = [0]
        self._handle = path.open("wb")

    def add(self, row: object) -> None:
        """Write one row."""
        line = json.dumps(row, ensure_ascii=False, separators=(",", ":"))
        written = self._handle.write(line.encode(errors="surrogatepass") + b"\n")
        self._offsets.append(self._offsets[-1] + written)

    def copy(self, rows: Rows, first: int, last: int) -> None:
        """Write neighbouring rows of another file."""
        begin, end = int(rows.offsets[first]), int(rows.offsets[last])
        shift = self._offsets[-1] - begin
        self._offsets.extend((rows.offsets[first + 1 : last + 1] + shift).tolist())
        for at in range(begin, end, _BLOCK):
            self._handle.write(rows.read(at, min(at + _BLOCK, end)))

    def close(self) -> None:
        """Finish the file."""
        self._handle.close()
        np.save(self._path.with_suffix(".npy"), np.array(self._offsets, dtype=np.int64))


def runs(places: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Neighbouring places as ranges."""
    at = 0
    while at < len(places):
        end = at
        while end + 1 < len(places) and places[end + 1] == places[end] + 1:
            end += 1
        yield places[at], places[end] + 1
        at = end + 1
