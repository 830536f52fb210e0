"""The sentences of this package, from the file beside it."""

from functools import cache
from pathlib import Path

import yaml


@cache
def _words() -> dict[str, str]:
    text = (Path(__file__).parent / "words.yml").read_text(encoding="utf-8")
    words: dict[str, str] = yaml.safe_load(text)
    return words


def say(name: str, **values: object) -> str:
    """The sentence of that name, filled in."""
    return _words()[name].format(**values)
