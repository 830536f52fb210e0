"""What a sentence is made of, for the recognizer: words, pieces of words, pairs of characters."""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import jieba

HOME = Path(__file__).resolve().parent
LONGEST_PIECE = 4
NUMBER = re.compile(r"[0-9]+")
WORD = re.compile(r"\w")
NAMED = re.compile(r"(?<![a-z])([a-z]{2,3})[-—–_\s]?[0-9]{4,}")
"""The number of a need or an order, which says by its letters what is spoken of."""
LETTERS = "[2-9a-hjkmnp-tv-z]{4}"
CODE = re.compile(rf"(?<![0-9a-z])(?=[0-9-]*[a-z]){LETTERS}-{LETTERS}(?![0-9a-z])")
"""A code that binds accounts (`core/domain/people.py`): no two have a piece in common."""


def simplified() -> dict[int, str]:
    """Each traditional character to its simplified one, for `str.translate`."""
    lines = (HOME / "traditional.txt").read_text(encoding="utf-8").splitlines()
    pairs = " ".join(line for line in lines if not line.startswith("#")).split()
    return {ord(traditional): simple for traditional, simple in pairs}


class Features:
    """Reads sentences by the dictionary of `knowledge/`, traditional characters as simplified."""

    def __init__(self) -> None:
        """Load the table and jieba's dictionaries."""
        self._simplified = simplified()
        for path in sorted((HOME / "dictionary").glob("*.txt")):
            jieba.load_userdict(str(path))

    def of(self, text: str) -> Counter[str]:
        """How often each feature occurs in a sentence."""
        simple = text.translate(self._simplified).lower()
        shape = NUMBER.sub("0", simple)
        found = Counter(f"pair {first}{second}" for first, second in pairwise(f"^{shape}$"))
        found.update(f"named {letters}" for letters in NAMED.findall(simple))
        if CODE.search(simple):
            found["code"] = 3
        for word in jieba.cut(simple):
            if NUMBER.fullmatch(word):  # 88 is a goodbye, but 85 is not nearly one
                found.update((f"word {word}", f"number {len(word)}"))
            elif word.strip():
                found.update(_parts(word))
        return found


def _parts(word: str) -> Iterator[str]:
    """The word itself, and its pieces with the blanks around it."""
    if WORD.search(word):
        yield f"word {word}"
    padded = f" {word} "
    for length in range(1, LONGEST_PIECE + 1):
        for start in range(max(len(padded) - length, 0) + 1):
            yield padded[start : start + length]
