"""Desks of liaisons: when somebody is there, and which one a person is led to; pure rules."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from core.domain.conversations import Address
from core.domain.needs import Region
from core.domain.reminders import SHANGHAI

_AHEAD_DAYS = 400
"""How far ahead an open hour is looked for: no office is closed longer and still an office."""

_LEVELS = ("province", "city", "county")


class DeskKind(StrEnum):
    """The four kinds of liaison, by whom they serve."""

    ENTERPRISE = "enterprise"
    UNIVERSITY = "university"
    SOCIETY = "society"
    AGENCY = "agency"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """Office hours in Asia/Shanghai: ISO weekdays, spans within a day in order, closed days."""

    days: frozenset[int]
    spans: tuple[tuple[time, time], ...]
    closed: frozenset[date] = frozenset()

    def opens_after(self, at: datetime) -> datetime:
        """The first instant, from `at` on, when somebody is there."""
        return next((max(start, at) for start, _ in self._windows(at)), at)

    def after(self, at: datetime, wait: timedelta) -> datetime:
        """The instant by which `wait` has passed, counted in office hours."""
        for start, end in self._windows(at):
            begun = max(start, at)
            if begun + wait <= end:
                return begun + wait
            wait -= end - begun
        return at + wait

    def _windows(self, at: datetime) -> Iterator[tuple[datetime, datetime]]:
        """The spans that end after `at`, in order."""
        first = at.astimezone(SHANGHAI).date()
        for ahead in range(_AHEAD_DAYS):
            day = first + timedelta(days=ahead)
            if day.isoweekday() not in self.days or day in self.closed:
                continue
            for start, end in self.spans:
                ends = datetime.combine(day, end, SHANGHAI).astimezone(at.tzinfo)
                if ends > at:
                    yield datetime.combine(day, start, SHANGHAI).astimezone(at.tzinfo), ends


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Where a kind of people of a region are answered by a person.

    No kind: everybody. No region: everywhere. `told` is where news of it go; None: they wait to
    be looked at. No hours: always open. Nobody `attends` a desk that was never set up: what is
    asked there waits in the queue, and the bot goes on.
    """

    name: str
    kind: DeskKind | None = None
    region: Region | None = None
    told: Address | None = None
    hours: Hours | None = None
    attended: bool = True

    def opens_after(self, at: datetime) -> datetime:
        """The first instant, from `at` on, when somebody is there."""
        return at if self.hours is None else self.hours.opens_after(at)

    def after(self, at: datetime, wait: timedelta) -> datetime:
        """The instant by which `wait` of its office hours has passed."""
        return at + wait if self.hours is None else self.hours.after(at, wait)

    def serves(self, region: Region | None) -> bool:
        """Whether the asker is known to be where it serves."""
        known = _named(region)
        wanted = _named(self.region)
        return all(known.get(level) == name for level, name in wanted.items())

    def may_serve(self, region: Region | None) -> bool:
        """Whether nothing known of the asker's region speaks against it."""
        known = _named(region)
        wanted = _named(self.region)
        return all(known.get(level, name) == name for level, name in wanted.items())

    @property
    def levels(self) -> int:
        """How narrow its region is."""
        return len(_named(self.region))


def _named(region: Region | None) -> Mapping[str, str]:
    if region is None:
        return {}
    return {level: name for level in _LEVELS if (name := getattr(region, level))}


class Ground(StrEnum):
    """What was known of the asker when a desk was chosen."""

    ASKED = "asked"
    SELF = "self"
    SAID = "said"
    BEFORE = "before"
    NEED = "need"
    NONE = "none"


class Fit(StrEnum):
    """How well the chosen desk fits."""

    BOTH = "both"
    KIND = "kind"
    REGION = "region"
    FIRST = "first"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """Who asks for a person, as far as is known, and what that was read from."""

    kind: DeskKind = DeskKind.ENTERPRISE
    kind_from: Ground = Ground.NONE
    region: Region | None = None
    region_from: Ground = Ground.NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Desks:
    """The desks of a site, in the order of its file; at least one."""

    all: tuple[Desk, ...]

    def named(self, name: str) -> Desk:
        """The desk of that name; when it is gone, the one that takes what nobody else does."""
        return next((desk for desk in self.all if desk.name == name), self._last_resort())

    def at(self, address: Address) -> frozenset[str]:
        """The names of the desks that are told at that address."""
        return frozenset(desk.name for desk in self.all if desk.told == address)

    def choose(self, asker: Asker) -> tuple[Desk, Fit]:
        """The desk for a person, and how it fits.

        One for this kind and place, the most specific place first; a desk of the kind wins over
        one for everybody, then the file's order. Where too little is known of the place, the
        broadest of the kind; else one of the place; else the first.
        """
        near = [desk for desk in self.all if desk.serves(asker.region)]
        if right := [desk for desk in near if desk.kind in {asker.kind, None}]:
            return max(right, key=lambda desk: (desk.levels, desk.kind is not None)), Fit.BOTH
        kin = [d for d in self.all if d.kind is asker.kind and d.may_serve(asker.region)]
        if kin:
            return min(kin, key=lambda desk: desk.levels), Fit.KIND
        if near:
            return max(near, key=lambda desk: desk.levels), Fit.REGION
        return self.all[0], Fit.FIRST

    def _last_resort(self) -> Desk:
        return next((desk for desk in self.all if desk.region is None), self.all[0])
