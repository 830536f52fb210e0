"""A form as its description tells it: its fields in the order in which they are asked."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from actions.forms.draft import CONFIRM, Json, is_declined
from actions.forms.kinds.base import Kind
from actions.understanding.text import fold
from core.domain.records import Library

NEED = "need"
"""The form whose entries are needs; entries of all others are submissions."""


class Part(StrEnum):
    """Where in a record of a library a field's value goes; what goes nowhere stays private."""

    TITLE = "title"
    SUMMARY = "summary"
    ORGANISATION = "organisation"
    INDUSTRIES = "industries"
    MODES = "modes"
    REGION = "region"
    DETAILS = "details"


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One thing that is asked for."""

    name: str
    label: str
    kind: Kind
    required: bool
    says: Mapping[str, str]
    """Questions by variant: ask, unclear, change, needed, and the kinds of doubt."""
    quick: tuple[str, ...] = ()
    """Quick replies beside those of the kind."""
    called: re.Pattern[str]
    """Words people call it by."""
    part: Part | None = None

    def lacks(self, values: Mapping[str, Json | None]) -> bool:
        """Whether this has still to be asked for; nothing in its place is an answer left open."""
        if self.name not in values:
            return True
        value = values[self.name]
        if not self.required or value is None or is_declined(value):
            return False
        return not self.kind.complete(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """What a total of scores from `least` on means."""

    least: int
    name: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A form: what it is called, what it asks, and where an accepted one goes."""

    name: str
    title: str
    called: re.Pattern[str]
    """Words people ask for it by."""
    prefix: str
    """What its numbers begin with."""
    fields: tuple[Field, ...]
    library: Library | None = None
    confirmed: bool = True
    """Whether the summary is shown and confirmed before it is stored."""
    words: Mapping[str, str] = field(default_factory=dict)
    """Its own words in place of those all forms share."""
    levels: tuple[Level, ...] = ()

    def field(self, name: str | None) -> Field | None:
        """The field of that name, or None."""
        return next((one for one in self.fields if one.name == name), None)

    def speaks_of(self, text: str) -> tuple[Field, ...]:
        """The fields that the text names."""
        folded = fold(text)
        return tuple(one for one in self.fields if one.called.search(folded))

    def next(self, values: Mapping[str, Json | None]) -> str:
        """The first field nothing is known of; the confirmation when there is none."""
        return next((one.name for one in self.fields if one.lacks(values)), CONFIRM)

    @property
    def open_library(self) -> Library | None:
        """The library of whose open records the form asks for one."""
        found = (getattr(one.kind, "library", None) for one in self.fields)
        return next((one for one in found if one), None)
