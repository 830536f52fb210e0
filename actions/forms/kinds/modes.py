"""How a person wants to work together."""

from dataclasses import dataclass
from typing import ClassVar, override

from actions import wording
from actions.forms.draft import Json
from actions.forms.kinds.base import NOTHING, Finding, Heard, Kind, asks_us


@dataclass(frozen=True, slots=True, kw_only=True)
class Modes(Kind):
    """The programme's cooperation modes, several at once."""

    reader: ClassVar[str] = "modes"
    heard_again: ClassVar[bool] = True

    @override
    def find(self, heard: Heard) -> Finding:
        if heard.opening and asks_us(heard.text):
            return NOTHING
        reading = heard.read()
        if reading.draft.modes:
            return Finding(value={"names": list(reading.draft.modes)})
        return Finding(declined=True) if heard.asked and reading.modes.any_mode else NOTHING

    @override
    def show(self, value: Json) -> str:
        return wording.join(value["names"])

    @override
    def meaning(self, value: Json) -> tuple[str, ...]:
        return tuple(value["names"])
