"""One of the open records of a library, such as the call that somebody applies for."""

from dataclasses import dataclass
from typing import ClassVar, override

from actions.forms.draft import Json
from actions.forms.kinds.base import NOTHING, Finding, Heard, Kind
from actions.understanding.picking import NOT_THERE, by_title, placed
from actions.understanding.text import fold
from core.domain.records import Library, Record

PATIENCE = 2
SHOWN = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordKind(Kind):
    """Named by its place in the list or by words of its title."""

    labelled: ClassVar[bool] = True
    own: ClassVar[bool] = True

    library: Library

    @override
    def find(self, heard: Heard) -> Finding:
        titles = [one.title for one in heard.records]
        if not titles or not (heard.asked or heard.opening):
            return NOTHING
        at = [one for one in placed(heard.text, titles) if one != NOT_THERE] if heard.asked else []
        at = at or by_title(fold(heard.text), titles)
        if len(at) != 1:
            return NOTHING
        found = heard.records[at[0]]
        return Finding(value={"id": found.id, "title": found.title})

    @override
    def in_own_words(self, text: str, times: int) -> Json | None:
        return {"id": None, "title": text} if times >= PATIENCE else None

    @override
    def answers(self, text: str, records: tuple[Record, ...]) -> bool:
        return fold(text).strip() in {fold(one.title) for one in records}

    @override
    def leaves(self, heard: Heard) -> str:
        return "" if self.find(heard).value else heard.text

    @override
    def choices(self, records: tuple[Record, ...]) -> tuple[str, ...]:
        return tuple(one.title for one in records[:SHOWN])

    @override
    def show(self, value: Json) -> str:
        return str(value["title"])
