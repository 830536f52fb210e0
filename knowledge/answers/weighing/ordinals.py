"""The first of several is said in several ways: 第一批, 首批, 第1批."""

import re

_FIRST = re.compile(r"^(?:第[一1]|首)([批期届次轮场])$")


def said_first(word: str) -> tuple[str, ...]:
    """Other ways of saying a word that names the first of several; empty for any other word."""
    found = _FIRST.match(word)
    return tuple(f"{way}{found[1]}" for way in ("第一", "首", "第1")) if found else ()
