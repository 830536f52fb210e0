"""What stands on every page, page numbers among it, is no text of the document."""

import re
from collections import Counter
from collections.abc import Sequence

_EDGE = 2
"""Lines at the top and at the bottom of a page that are looked at."""
_MIN_PAGES = 3
_SHARE = 0.5
_PAGE_NUMBER = re.compile(
    r"^(?:[-—–―~·\s]*\d{1,4}[-—–―~·\s]*|第\s*\d{1,4}\s*页(?:\s*[,，/]?\s*共\s*\d{1,4}\s*页)?"
    r"|\d{1,4}\s*/\s*\d{1,4}|Page\s*\d{1,4}(?:\s*of\s*\d{1,4})?)$",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"^[-—–·\s\d]+|[-—–·\s\d]+$")


def without_margins(pages: Sequence[list[str]]) -> list[list[str]]:
    """The pages without page numbers and without lines that most pages begin or end with."""
    seen: Counter[str] = Counter()
    for page in pages:
        seen.update({_shape(page[at]) for at in _edges(page)} - {""})
    least = max(_MIN_PAGES, len(pages) * _SHARE)
    repeated = {shape for shape, count in seen.items() if count >= least}
    return [_inner(page, repeated) for page in pages]


def _edges(page: Sequence[str]) -> set[int]:
    size = len(page)
    return {*range(min(_EDGE, size)), *range(max(size - _EDGE, 0), size)}


def _shape(line: str) -> str:
    """A running title without the page number at either end."""
    return "".join(_NUMBERED.sub("", line).split())


def _inner(page: list[str], repeated: set[str]) -> list[str]:
    dropped = {
        at
        for at in _edges(page)
        if "\t" not in page[at]
        and (_shape(page[at]) in repeated or _PAGE_NUMBER.match(page[at].strip()))
    }
    return [line for at, line in enumerate(page) if at not in dropped]
