"""Loads the word lists that lie beside this module, each once."""

from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "dictionary"


@cache
def lines(name: str) -> tuple[str, ...]:
    """The entries of a list, without comments and empty lines."""
    text = (FOLDER / f"{name}.txt").read_text(encoding="utf-8")
    found = (line.strip() for line in text.splitlines())
    return tuple(line for line in found if line and not line.startswith("#"))


@cache
def stopwords() -> frozenset[str]:
    """Words that carry no subject."""
    return frozenset(lines("stopwords"))


@cache
def generic() -> frozenset[str]:
    """Words that nearly every question about a call could hold."""
    return frozenset(lines("generic"))


@cache
def sorts() -> frozenset[str]:
    """Nouns that only say of what sort an answer is."""
    return frozenset(lines("sorts"))


@cache
def exacting() -> frozenset[str]:
    """Things that are stated only where they are named."""
    return frozenset(lines("exacting"))


@cache
def synonyms() -> dict[str, tuple[str, ...]]:
    """What people say, to the words documents use."""
    return _said("synonyms")


@cache
def lay() -> dict[str, tuple[str, ...]]:
    """What people say, to the words of laws and official documents; not always the same thing."""
    return _said("lay")


def _said(name: str) -> dict[str, tuple[str, ...]]:
    table: dict[str, tuple[str, ...]] = {}
    for line in lines(name):
        said, *official = line.split()
        table[said] = tuple(official)
    return table


@cache
def regions() -> dict[str, str]:
    """Names of provinces and cities, each to its province's short name."""
    table: dict[str, str] = {}
    for line in lines("regions"):
        province, *cities = line.split()
        for name in (province, *cities):
            table.setdefault(name, province)
    return table


@cache
def abbreviations() -> dict[str, str]:
    """One-character names of provinces, each to the short name."""
    return dict(line.split() for line in lines("abbreviations"))


@cache
def contrasts() -> tuple[tuple[str, ...], ...]:
    """Sets of words of which people mean one instead of the other, the longest first."""
    return tuple(tuple(sorted(line.split(), key=len, reverse=True)) for line in lines("contrasts"))
