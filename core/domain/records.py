"""Records of the resource libraries: what can be matched with a need, listed, or reminded of."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import NewType

RecordId = NewType("RecordId", str)


class Library(StrEnum):
    """The libraries of records; needs and policy documents have tables of their own."""

    PROJECTS = "projects"
    EXPERTS = "experts"
    OPENSOURCE = "opensource"
    CHAINS = "chains"
    SCENARIOS = "scenarios"
    CASES = "cases"
    TEAMS = "teams"
    PROVIDERS = "providers"
    INSTRUMENTS = "instruments"
    EVENTS = "events"
    CALLS = "calls"


MATCHABLE = (
    Library.EXPERTS,
    Library.TEAMS,
    Library.PROJECTS,
    Library.CASES,
    Library.PROVIDERS,
    Library.INSTRUMENTS,
    Library.SCENARIOS,
    Library.OPENSOURCE,
)
"""Libraries whose records can answer a need."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One record. Events and calls carry the instants that reminders hang on (aware UTC)."""

    library: Library
    external_id: str
    """Unique inside its library: the importer's id, or derived from title and organisation."""
    title: str
    summary: str = ""
    organisation: str | None = None
    industries: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    modes: tuple[str, ...] = ()
    region: str | None = None
    """Where it serves; None means anywhere."""
    source: str = ""
    valid_from: date | None = None
    valid_until: date | None = None
    starts_at: datetime | None = None
    closes_at: datetime | None = None
    """Registration or application deadline."""
    details: Mapping[str, str] = field(default_factory=dict)
    """Public extras shown to people: kind, place, link, organiser, eligibility ..."""
    withdrawn: bool = False
    version: int = 1
    """Counts changes of `starts_at`, `closes_at` and `withdrawn`; a reminder is of one version."""

    @property
    def id(self) -> RecordId:
        """`library/external_id`."""
        return RecordId(f"{self.library}/{self.external_id}")

    def current_at(self, now: datetime, today: date) -> bool:
        """Whether the record may be shown as current: not withdrawn, in force, not over.

        An event without an end is over once it has started; a call once it has closed, however
        long it has been open.
        """
        if self.withdrawn:
            return False
        if self.valid_from and today < self.valid_from:
            return False
        if self.valid_until and today > self.valid_until:
            return False
        last = self.closes_at
        if self.library is not Library.CALLS:
            last = self.starts_at or self.closes_at
        return last is None or last > now


def concerns(record: Record, topic: str) -> bool:
    """Whether `topic` stands in the record's kind, title, region, industries or keywords."""
    texts = (
        record.details.get("kind", ""),
        record.title,
        record.region or "",
        *record.industries,
        *record.keywords,
    )
    return any(topic in text for text in texts)
