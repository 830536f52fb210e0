"""The text as all readers see it: one character for one character, so offsets fit the original."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from actions.understanding.lexicon import simplified

CLAUSE_ENDS = re.compile(r"[,。!?;\n…]+")
"""What parts clauses, after `fold`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A piece of the text by offsets."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """The piece itself."""
        return text[self.start : self.end]


class _Folds(dict[int, str]):
    """What every character is read as; worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        folded = unicodedata.normalize("NFKC", char)
        read = folded if len(folded) == 1 else char
        self[code] = simplified().get(read, read)
        return self[code]


_FOLDS = _Folds()


def fold(text: str) -> str:
    """Full-width forms made half-width, traditional characters simplified, same length."""
    return text.translate(_FOLDS)


def mask(text: str, spans: Iterable[Span]) -> str:
    """The text with the spans blanked, same length; blanks end a clause."""
    chars = list(text)
    for span in spans:
        chars[span.start : span.end] = "\n" * (span.end - span.start)
    return "".join(chars)


def clauses(text: str) -> list[Span]:
    """The clauses of a folded text, without their ends."""
    found: list[Span] = []
    start = 0
    for stop in CLAUSE_ENDS.finditer(text):
        if text[start : stop.start()].strip():
            found.append(Span(start=start, end=stop.start()))
        start = stop.end()
    if text[start:].strip():
        found.append(Span(start=start, end=len(text)))
    return found


def clause_around(text: str, at: int) -> Span:
    """The clause that the character at `at` stands in."""
    start = max((stop.end() for stop in CLAUSE_ENDS.finditer(text, 0, at)), default=0)
    stop = CLAUSE_ENDS.search(text, at)
    return Span(start=start, end=stop.start() if stop else len(text))


def before(text: str, at: int, width: int = 12) -> str:
    """What stands before `at` in the same clause, at most `width` characters."""
    return text[max(clause_around(text, at).start, at - width) : at]


def after(text: str, at: int, width: int = 12) -> str:
    """What stands from `at` on in the same clause, at most `width` characters."""
    stop = CLAUSE_ENDS.search(text, at)
    return text[at : min(stop.start() if stop else len(text), at + width)]
