"""The words of answers, read from wording.yml."""

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml


@cache
def _wording() -> dict[str, Any]:
    text = (Path(__file__).parent / "wording.yml").read_text(encoding="utf-8")
    content: dict[str, Any] = yaml.safe_load(text)
    return content


def say(name: str, **values: str) -> str:
    """The sentence of that name (dots lead into groups), filled in."""
    found: Any = _wording()
    for part in name.split("."):
        found = found[part]
    return str(found).format(**values)


def say_date(day: date) -> str:
    """A day as people read it."""
    return say("date", year=str(day.year), month=str(day.month), day=str(day.day))
