"""BM25 over any tokens; built by bm25s, searched by adding up its precomputed columns."""

import json
import logging
import math
import warnings
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

K1 = 0.9
B = 0.4

Scores = NDArray[np.float32]


class LexicalIndex:
    """Scores every item of a collection for a query; read-only once loaded."""

    def __init__(self, folder: Path) -> None:
        vocabulary = json.loads((folder / "vocabulary.json").read_text(encoding="utf-8"))
        self._ids: dict[str, int] = {token: at for at, token in enumerate(vocabulary["tokens"])}
        self.size: int = vocabulary["size"]
        self._weights: NDArray[np.float32] = _mapped(folder / "weights.npy")
        self._items: NDArray[np.int32] = _mapped(folder / "items.npy")
        self._starts: NDArray[np.int64] = np.load(folder / "starts.npy")

    def scores(self, tokens: Mapping[str, float] | Iterable[str]) -> Scores:
        """The score of every item; a mapping gives each token its weight in the query."""
        found = np.zeros(self.size, dtype=np.float32)
        weighted = tokens if isinstance(tokens, Mapping) else dict.fromkeys(tokens, 1.0)
        for token, weight in weighted.items():
            at = self._ids.get(token)
            if at is None:
                continue
            start, end = self._starts[at], self._starts[at + 1]
            found[self._items[start:end]] += self._weights[start:end] * np.float32(weight)
        return found

    def frequency(self, token: str) -> int:
        """In how many items the token occurs."""
        at = self._ids.get(token)
        return 0 if at is None else int(self._starts[at + 1] - self._starts[at])

    def rarity(self, token: str) -> float:
        """Inverse document frequency, in (0, 1]; 1 when no item has the token."""
        top = math.log(1 + (self.size + 0.5) / 0.5)
        count = self.frequency(token)
        return math.log(1 + (self.size - count + 0.5) / (count + 0.5)) / top


def _mapped(path: Path) -> NDArray[Any]:
    array: NDArray[Any] = np.load(path, mmap_mode="r")
    return array


def build_lexical(folder: Path, items: Iterable[Sequence[str]]) -> int:
    """Write the index of tokenised items; returns how many items."""
    folder.mkdir(parents=True, exist_ok=True)
    ids: dict[str, int] = {}
    rows = [[ids.setdefault(token, len(ids)) for token in tokens] for tokens in items]
    parts = _columns(rows, ids)
    for name, array in parts.items():
        np.save(folder / f"{name}.npy", array)
    content = json.dumps({"size": len(rows), "tokens": list(ids)}, ensure_ascii=False)
    (folder / "vocabulary.json").write_text(content, encoding="utf-8")
    return len(rows)


def _columns(rows: list[list[int]], ids: dict[str, int]) -> dict[str, NDArray[Any]]:
    if not ids:
        return {
            "weights": np.zeros(0, np.float32),
            "items": np.zeros(0, np.int32),
            "starts": np.zeros(1, np.int64),
        }
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import bm25s  # noqa: PLC0415 -- heavy: loaded on first use

        logging.getLogger("bm25s").setLevel(logging.WARNING)
        engine = bm25s.BM25(k1=K1, b=B)
        engine.index((rows, ids), create_empty_token=False, show_progress=False)
    return {
        "weights": np.asarray(engine.scores["data"], np.float32),
        "items": np.asarray(engine.scores["indices"], np.int32),
        "starts": np.asarray(engine.scores["indptr"], np.int64),
    }
