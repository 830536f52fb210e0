"""The last day for something, said back as a date with its weekday."""

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, override

from actions import wording
from actions.forms.draft import Doubt, Json
from actions.forms.kinds.base import NOTHING, Finding, Heard, Kind, read
from actions.understanding.extract import Reading
from actions.understanding.text import fold
from core.domain.needs import FIELDS, Deadline, DeadlineKind


@dataclass(frozen=True, slots=True, kw_only=True)
class DueDay(Kind):
    """A day that has passed is said to be past; a bare duration names it whatever is asked."""

    reader: ClassVar[str] = "deadline"
    replaces: ClassVar[bool] = True
    echoed: ClassVar[bool] = True

    @override
    def find(self, heard: Heard) -> Finding:
        reading = self._reading(heard)
        if reading.draft.deadline is not None:
            return Finding(value=_json(reading.draft.deadline))
        found = reading.deadline
        if heard.asked and (found.no_deadline or reading.modes.any_mode):
            return Finding(declined=True)
        if found.past:
            values = {"day": wording.day(found.past.on)}
            return Finding(doubt=Doubt(kind="past", values=values))
        if found.vague:
            return Finding(doubt=Doubt(kind="vague", values={"said": found.vague}))
        return NOTHING

    def _reading(self, heard: Heard) -> Reading:
        reading = heard.read()
        if heard.reader in {"", self.reader}:
            return reading
        if any(getattr(reading.draft, name) for name in FIELDS):
            return reading
        alone = read(heard.text, heard.at, self.reader)
        found = alone.draft.deadline
        return alone if found and found.raw == fold(heard.text).strip() else reading

    @override
    def show(self, value: Json) -> str:
        return wording.day(self.meaning(value).on)

    @override
    def meaning(self, value: Json) -> Deadline:
        return Deadline(
            on=date.fromisoformat(value["iso"]),
            raw=value["raw"],
            kind=DeadlineKind(value["kind"]),
        )


def _json(one: Deadline) -> dict[str, Any]:
    return {"iso": one.on.isoformat(), "raw": one.raw, "kind": str(one.kind)}
