"""One of a list, by its words, its place or its letter; in a questionnaire each counts."""

import re
from dataclasses import dataclass
from typing import ClassVar, override

from actions.forms.draft import Json
from actions.forms.kinds.base import NOTHING, Finding, Heard, Kind
from actions.understanding.picking import NOT_THERE, placed
from actions.understanding.text import fold
from core.domain.records import Record

LETTER = re.compile(r"(?:选|我选)?\s*([A-Ha-h])\s*[.、。项]?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One answer of the list."""

    name: str
    called: tuple[str, ...] = ()
    """Other words for it."""
    score: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice(Kind):
    """The option that is named, alone."""

    labelled: ClassVar[bool] = True
    own: ClassVar[bool] = True

    listed: tuple[Option, ...]

    @override
    def find(self, heard: Heard) -> Finding:
        if not heard.asked:
            return NOTHING
        at = self._picked(heard.text)
        return NOTHING if at is None else Finding(value={"name": self.listed[at].name})

    @override
    def answers(self, text: str, records: tuple[Record, ...]) -> bool:
        said = fold(text).strip()
        return any(said in map(fold, (one.name, *one.called)) for one in self.listed)

    @override
    def leaves(self, heard: Heard) -> str:
        return "" if self._picked(heard.text) is not None else heard.text

    @override
    def choices(self, records: tuple[Record, ...]) -> tuple[str, ...]:
        return tuple(one.name for one in self.listed)

    @override
    def show(self, value: Json) -> str:
        return str(value["name"])

    @property
    @override
    def best(self) -> int:
        return max(one.score for one in self.listed)

    @override
    def score(self, value: Json) -> int:
        return next((one.score for one in self.listed if one.name == value.get("name")), 0)

    def _picked(self, text: str) -> int | None:
        said = fold(text).strip()
        letter = LETTER.fullmatch(said)
        places = [ord(letter[1].upper()) - ord("A")] if letter else placed(said, self.listed)
        if len(places) == 1 and places[0] != NOT_THERE and places[0] < len(self.listed):
            return places[0]
        return self._named(said)

    def _named(self, said: str) -> int | None:
        """The option whose words are said; of several the longest words win, if one's alone."""
        lengths = [
            max((len(w) for w in map(fold, (one.name, *one.called)) if w in said), default=0)
            for one in self.listed
        ]
        best = max(lengths)
        if best and lengths.count(best) == 1:
            return lengths.index(best)
        within = [
            at for at, one in enumerate(self.listed) if len(said) > 1 and said in fold(one.name)
        ]
        return within[0] if len(within) == 1 else None
