"""Whole conversations as they are written down in the YAML files of this folder.

The format is described in the README beside this file; a key nobody knows is an error.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Self

import yaml

from core.domain.reminders import SHANGHAI

HERE = Path(__file__).parent
BEGINS = datetime(2026, 11, 23, 9, 0, tzinfo=SHANGHAI)
"""When every conversation begins, a Monday; the example site is loaded as of this morning."""

MINUTE = timedelta(minutes=1)
UNITS = {"m": MINUTE, "h": timedelta(hours=1), "d": timedelta(days=1)}

type Expected = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One thing said, or `answers`: whatever is asked is answered until nothing is."""

    say: str = ""
    answers: bool = False
    until: str | None = None
    """Answering stops before a question on this (a name of CUES, or a pattern)."""
    needs_opening: str | None = None
    """Said first when nothing is being asked."""
    rounds: int = 12
    by: str = ""
    after: timedelta = MINUTE
    twice: bool = False
    kind: tuple[str, ...] = ()
    """Kinds that the last reply may have."""
    has_kind: str | None = None
    hears: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    silent: bool = False
    """A person of the association has the conversation: the bot says nothing of its own."""
    reopens: bool = False
    """From here on a question may be asked again."""
    back_to_question: bool = False
    """Something open is asked, or shown for confirmation, at the end of the turn."""

    @classmethod
    def of(cls, said: str | Mapping[str, Any]) -> Self:
        """Read a turn: a text, or a mapping."""
        if isinstance(said, str):
            return cls(say=said)
        values = dict(said)
        for name in ("kind", "hears", "never"):
            one = values.get(name, ())
            values[name] = (one,) if isinstance(one, str) else tuple(map(str, one))
        if "after" in values:
            values["after"] = _span(values["after"])
        return cls(**values)


def _span(said: str) -> timedelta:
    return int(said[:-1]) * UNITS[said[-1]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """One whole conversation, and what the database holds when it is over."""

    name: str
    turns: tuple[Turn, ...]
    ends: Mapping[str, Expected]
    """What is expected, by the person; one person's name is empty."""
    person: Mapping[str, str] = field(default_factory=dict)
    pending: str | None = None
    """Why this conversation cannot hold yet."""

    @classmethod
    def of(cls, written: Mapping[str, Any]) -> Self:
        """Read a conversation."""
        values = dict(written)
        values.pop("about", None)
        twice = values.pop("twice", False)
        said = [_with_twice(one, twice=twice) for one in values.pop("says")]
        turns = tuple(Turn.of(one) for one in said)
        ends = values.pop("ends")
        people = {turn.by for turn in turns}
        return cls(turns=turns, ends=ends if people != {""} else {"": ends}, **values)


def _with_twice(said: str | Mapping[str, Any], *, twice: bool) -> str | Mapping[str, Any]:
    if not twice:
        return said
    return {"twice": True, **({"say": said} if isinstance(said, str) else said)}


def conversations() -> tuple[Conversation, ...]:
    """Every conversation of the folder, file by file."""
    return tuple(
        Conversation.of(one)
        for path in sorted(HERE.glob("*.yml"))
        for one in yaml.safe_load(path.read_text("utf-8"))
    )
