"""Industries: labels of the nine areas, and the person's own word."""

from dataclasses import dataclass
from typing import Any, ClassVar, override

from actions import wording
from actions.forms.draft import Json
from actions.forms.kinds.base import NOTHING, Finding, Heard, Kind
from core.domain.needs import Industry


@dataclass(frozen=True, slots=True, kw_only=True)
class IndustryKind(Kind):
    """A second word on the trade adds to the first, unless it corrects or answers."""

    reader: ClassVar[str] = "industry"
    heard_again: ClassVar[bool] = True

    @override
    def find(self, heard: Heard) -> Finding:
        reading = heard.read()
        said = reading.draft.industry
        if said is None:
            return Finding(declined=True) if heard.asked and reading.modes.any_mode else NOTHING
        if heard.known and not heard.asked and not heard.corrects:
            said = _added(self.meaning(heard.known), said)
        return Finding(value=_json(said))

    @override
    def in_own_words(self, text: str, times: int) -> Json | None:
        return _json(Industry(raw=text))

    @override
    def show(self, value: Json) -> str:
        return wording.industry(self.meaning(value))

    @override
    def meaning(self, value: Json) -> Industry:
        return Industry(labels=tuple(value["labels"]), raw=value["raw"])


def _json(one: Industry) -> dict[str, Any]:
    return {"labels": list(one.labels), "raw": one.raw}


def _added(known: Industry, said: Industry) -> Industry:
    words = [word for word in said.raw.split("、") if word not in known.raw]
    return Industry(
        labels=tuple(dict.fromkeys((*known.labels, *said.labels))),
        raw="、".join((known.raw, *words)),
    )
