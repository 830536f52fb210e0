"""Records of the resource libraries: what can be matched with a need, listed, or reminded of."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import NewType

from core.domain.dates.series import Series

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


class Standing(StrEnum):
    """What a record is on a day: only what is current is shown to people."""

    CURRENT = "current"
    COMING = "coming"
    OVER = "over"
    WITHDRAWN = "withdrawn"
    PRIVATE = "private"


CURRENT_ONLY = frozenset({Standing.CURRENT})


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """On what conditions those behind a record work with a need; None: nothing is known."""

    consent: bool | None = None
    """Whether they agreed to be brought together with needs."""
    budget_min: int | None = None
    """The least sum, in yuan, for which they work."""
    budget_max: int | None = None
    accepts: tuple[str, ...] = ()
    """The trades they work for, where these are others than their own."""
    trl: int | None = None
    """Technology readiness, 1 to 9."""
    lead_days: int | None = None
    """The least time that they need, in days."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase:
    """A named date of what takes long: 申报立项, 中期评估, 验收考核."""

    name: str
    at: datetime
    """By when, aware UTC."""


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
    ends_at: datetime | None = None
    phases: tuple[Phase, ...] = ()
    """In order of their dates."""
    series: Series | None = None
    """By what rule it takes place again; the dates are those of the next time."""
    details: Mapping[str, str] = field(default_factory=dict)
    """Public extras shown to people: kind, place, link, organiser, eligibility ..."""
    conditions: Conditions = field(default_factory=Conditions)
    private: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Phones, addresses and the like: for operators only, in no door to anybody else."""
    edited: tuple[str, ...] = ()
    """Fields that an operator wrote, `details.place` among them; no import changes these."""
    withdrawn: bool = False
    version: int = 1
    """Counts changes of dates and of `withdrawn`; a reminder is of one version."""

    @property
    def id(self) -> RecordId:
        """`library/external_id`."""
        return RecordId(f"{self.library}/{self.external_id}")

    def current_at(self, now: datetime, today: date) -> bool:
        """Whether the record may be shown as current: not withdrawn, in force, not over.

        What those behind it do not agree to is shown to nobody, whatever the dates say.
        An event is over with its end, without one once it has started; a call once it has closed,
        however long it has been open.
        """
        return self.standing_at(now, today) is Standing.CURRENT

    @property
    def hidden(self) -> bool:
        """Whether it is shown to nobody: withdrawn, or not agreed to."""
        return self.withdrawn or self.conditions.consent is False

    def standing_at(self, now: datetime, today: date) -> "Standing":
        """Whether it may be shown, and else why not."""
        if self.hidden:
            return Standing.WITHDRAWN if self.withdrawn else Standing.PRIVATE
        if self.valid_from and today < self.valid_from:
            return Standing.COMING
        last = self.closes_at
        if self.library is not Library.CALLS:
            last = self.ends_at or self.starts_at or self.closes_at
        over = bool(self.valid_until and today > self.valid_until) or bool(last and last <= now)
        return Standing.OVER if over else Standing.CURRENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What records are asked for; what is left empty restricts nothing."""

    libraries: tuple[Library, ...] = ()
    industry: str = ""
    region: str = ""
    """A place that the record serves."""
    keyword: str = ""
    """Stands among the keywords, or in the title or summary."""
    standings: frozenset[Standing] = CURRENT_ONLY
    """Only what stands so. Operators look at the others too."""


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
