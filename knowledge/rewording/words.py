"""What the model is told and which words it may add, from the file beside this module."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml


@cache
def words() -> dict[str, Any]:
    """The content of words.yml."""
    text = (Path(__file__).parent / "words.yml").read_text(encoding="utf-8")
    content: dict[str, Any] = yaml.safe_load(text)
    return content


def say(group: str, name: str, **values: str) -> str:
    """A text of a group, filled in; what is filled in is not read for braces."""
    return str(words()[group][name]).format(**values)


@cache
def joining() -> tuple[str, ...]:
    """Pieces that join and frame, longest first."""
    return tuple(sorted(words()["joining"], key=len, reverse=True))


@cache
def grammar() -> frozenset[str]:
    """Characters of grammar."""
    return frozenset(words()["grammar"])
