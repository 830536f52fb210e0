"""Where somebody is, or whom they serve: province, city, county."""

from dataclasses import asdict, dataclass
from typing import ClassVar, override

from actions.forms.draft import Doubt, Json
from actions.forms.kinds.base import NOTHING, Finding, Heard, Kind
from core.domain.needs import Region

PATIENCE = 2
"""Answers not understood in a row after which one is taken in the person's own words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionKind(Kind):
    """An ambiguous county is asked back, and what the next answer says settles it."""

    reader: ClassVar[str] = "region"
    heard_again: ClassVar[bool] = True

    @override
    def find(self, heard: Heard) -> Finding:
        reading = heard.read()
        said, found = reading.draft.region, reading.region
        if said is not None and not found.ambiguous:
            return Finding(value=asdict(_settled(said, heard.doubt)))
        if found.ambiguous:
            options = tuple(asdict(one) for one in found.options)
            values = {"name": found.ambiguous}
            return Finding(doubt=Doubt(kind="ambiguous", values=values, options=options))
        return Finding(declined=True) if heard.asked and reading.modes.any_mode else NOTHING

    @override
    def in_own_words(self, text: str, times: int) -> Json | None:
        return asdict(Region(raw=text)) if times >= PATIENCE else None

    @override
    def options(self, doubt: Doubt) -> tuple[str, ...]:
        return tuple(Region(**one).name for one in doubt.options)

    @override
    def show(self, value: Json) -> str:
        one = self.meaning(value)
        return one.name or one.raw

    @override
    def meaning(self, value: Json) -> Region:
        return Region(**value)


def _settled(said: Region, doubt: Doubt | None) -> Region:
    """The one of the places in doubt that what was said agrees with."""
    options = [Region(**one) for one in (doubt.options if doubt else ())]
    within = [one for one in options if _agrees(one, said)]
    return within[0] if len(within) == 1 else said


def _agrees(option: Region, said: Region) -> bool:
    pairs = ((option.province, said.province), (option.city, said.city))
    return all(theirs is None or ours == theirs for ours, theirs in pairs)
