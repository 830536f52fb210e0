"""Personal data in a text by its form: addresses, numbers of persons, telephones."""

import re

from knowledge.lexicon.words import segmenter

PATTERNS = (
    ("email", re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII)),
    ("id", re.compile(r"(?<![0-9A-Za-z])[1-9]\d{16}[0-9Xx](?![0-9A-Za-z])", re.ASCII)),
    (
        "credit",
        re.compile(
            r"(?<![0-9A-Za-z])(?=\d*[A-Z])(?=[A-Z]*\d)[0-9A-Z]{18}(?![0-9A-Za-z])", re.ASCII
        ),
    ),
    (
        "phone",
        re.compile(
            r"(?<!\d)(?:(?:\+?86[- ]?)?1[3-9]\d(?:[- ]?\d{4}){2}|[(（]?0\d{2,3}[)）]?[- ]?\d{7,8}"
            r"|400[- ]?\d{3}[- ]?\d{4}|\d{3,4}[- ]\d{7,8}|(?<![.\d])[2-8]\d{7})(?!\d)",
            re.ASCII,
        ),
    ),
    ("id", re.compile(r"(?<!\d)\d{15,19}(?!\d)", re.ASCII)),
)
"""In order; longer numbers first, so that no part of one is taken for a telephone."""

PIECES = re.compile(r"\w{2,}")
"""The parts of a thing by which it may be known as well."""


def impersonal(text: str, words: list[str]) -> list[str]:
    """Those words that are no piece of personal data of a text, and no person's name."""
    known = [found[0] for _, pattern in PATTERNS for found in pattern.finditer(text)]
    pieces = [piece for one in known for piece in PIECES.findall(one)]
    return [word for word in words if not any(one in word for one in pieces) and not _person(word)]


def _person(word: str) -> bool:
    parts = segmenter().cut(word)
    return len(parts) == 1 and parts[0][1].startswith("nr")
