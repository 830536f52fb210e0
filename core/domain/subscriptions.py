"""Who wants to hear of what, how often, and when not."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from typing import NamedTuple, NewType

from core.domain.conversations import Address
from core.domain.dates.workdays import is_workday
from core.domain.records import Library, Record, RecordId, concerns
from core.domain.reminders import SHANGHAI

SubscriptionId = NewType("SubscriptionId", int)
TidingId = NewType("TidingId", int)
AnnouncementId = NewType("AnnouncementId", int)

NEWS = (Library.EVENTS, Library.CALLS)
"""The libraries of who names none: what has a date and is soon over."""

MORNING = time(9)
A_DAY = timedelta(days=1)
A_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Interest:
    """What a subscription asks for: a record of one of the libraries that meets every condition.

    Words are found where `concerns` looks. An empty condition asks for nothing.
    """

    libraries: tuple[Library, ...] = NEWS
    kinds: tuple[str, ...] = ()
    """Words for one kind of event, the person's first; one of them is enough."""
    industries: tuple[str, ...] = ()
    """Labels of the nine areas; one of them is enough."""
    region: str = ""
    places: tuple[str, ...] = ()
    """Names of what lies in the region: a record that names one of them is of the region.

    They follow from the region and are no part of the key.
    """
    keyword: str = ""
    organiser: str = ""

    @property
    def key(self) -> str:
        """The same for the same interest, whatever the order it was said in."""
        parts = (sorted(self.libraries), sorted(self.kinds), sorted(self.industries))
        written = [",".join(part) for part in parts]
        return "|".join([*written, self.region, self.keyword, self.organiser])

    @property
    def words(self) -> frozenset[str]:
        """What it names besides libraries."""
        named = (*self.kinds[:1], *self.industries, self.region, self.keyword, self.organiser)
        return frozenset(word for word in named if word)

    @property
    def is_everything(self) -> bool:
        """Whether every record of every library is asked for."""
        return not self.words and set(self.libraries) == set(Library)

    def asks_for(self, record: Record) -> bool:
        """Whether a record is what this asks for."""
        if record.library not in self.libraries:
            return False
        return (
            _any(record, self.kinds)
            and _any(record, self.industries)
            and (concerns(record, self.region) or self._lies_in_it(record))
            and concerns(record, self.keyword)
            and self._is_organised(record)
        )

    def _lies_in_it(self, record: Record) -> bool:
        return any(place in (record.region or "") for place in self.places)

    def _is_organised(self, record: Record) -> bool:
        by = (record.details.get("organiser", ""), record.organisation or "")
        return any(self.organiser in name for name in by)


def _any(record: Record, words: tuple[str, ...]) -> bool:
    return not words or any(concerns(record, word) for word in words)


class Pace(StrEnum):
    """How often a subscription tells."""

    AT_ONCE = "at_once"
    DAILY = "daily"
    WEEKLY = "weekly"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """When what was found is told: at once, or gathered until a clock time in Asia/Shanghai."""

    pace: Pace = Pace.AT_ONCE
    at: time = MORNING
    weekday: int = 0
    """Of a weekly one, Monday is 0."""

    def due(self, now: datetime) -> datetime:
        """When something found now is told: at once, or the next time that lies ahead."""
        if self.pace is Pace.AT_ONCE:
            return now
        step = timedelta(days=7 if self.pace is Pace.WEEKLY else 1)
        day = now.astimezone(SHANGHAI).date()
        if self.pace is Pace.WEEKLY:
            day += timedelta(days=(self.weekday - day.weekday()) % 7)
        moment = datetime.combine(day, self.at, SHANGHAI)
        return (moment if moment > now else moment + step).astimezone(UTC)


AT_ONCE = Rhythm()
DAILY = Rhythm(pace=Pace.DAILY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """`address` is told of new records that `interest` asks for, in that rhythm."""

    id: SubscriptionId = SubscriptionId(0)
    address: Address
    interest: Interest
    rhythm: Rhythm = AT_ONCE
    created_at: datetime


class Subscriber(NamedTuple):
    """What of a subscription matters once its interest is met; there are very many."""

    address: Address
    rhythm: Rhythm
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietHours:
    """When a person is not told of what waits well: a part of every day, and days off.

    Clock times are of Asia/Shanghai; `ends` before `starts` lies on the next day. Both are None
    when only days off are quiet; they are never the same.
    """

    starts: time | None = None
    ends: time | None = None
    weekends: bool = False
    """Weekends and holidays, but no make-up workdays."""

    def until(self, moment: datetime) -> datetime | None:
        """When the quiet around `moment` ends; None when it is not quiet then."""
        end = moment.astimezone(SHANGHAI)
        while (later := self._hours_end(end) or self._day_off_ends(end)) is not None:
            end = later
        return end.astimezone(UTC) if end > moment else None

    def outside(self, due_at: datetime, *, before: datetime, now: datetime) -> datetime:
        """When to tell what is due at `due_at` and of no use any more at `before`.

        In the quiet it is told after it while at least half of the time that was left is left
        still; else in the minute before the quiet, if that is to come; else after it, if that is
        in time. What can be told at no other time is told in the quiet.
        """
        until = self.until(due_at)
        if until is None:
            return due_at
        if until - due_at <= (before - due_at) / 2:
            return until
        earlier = self._since(due_at) - A_MINUTE
        if earlier > now:
            return earlier
        return until if until < before else due_at

    def _since(self, moment: datetime) -> datetime:
        """When the quiet around `moment` began."""
        local = moment.astimezone(SHANGHAI) + timedelta.resolution
        clocks = [time(0), *filter(None, (self.starts, self.ends))]
        while True:
            day = local.date()
            edges = [
                datetime.combine(on, clock, SHANGHAI)
                for on in (day - A_DAY, day)
                for clock in clocks
            ]
            local = max(edge for edge in edges if edge < local)
            if self.until(local - A_MINUTE) is None:
                return local.astimezone(UTC)

    def _hours_end(self, local: datetime) -> datetime | None:
        if self.starts is None or self.ends is None:
            return None
        clock = local.time()
        over_night = self.ends <= self.starts
        if over_night and clock >= self.starts:
            day = local.date() + timedelta(days=1)
            return datetime.combine(day, self.ends, SHANGHAI)
        if clock < self.ends and (over_night or clock >= self.starts):
            return datetime.combine(local.date(), self.ends, SHANGHAI)
        return None

    def _day_off_ends(self, local: datetime) -> datetime | None:
        if not self.weekends or is_workday(local.date()):
            return None
        return datetime.combine(local.date() + A_DAY, time(0), SHANGHAI)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tiding:
    """A record that a person is to be told of at `due_at`, together with all that is due then."""

    id: TidingId
    record_id: RecordId
    found_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement:
    """A new or changed record for which subscribers are still to be found."""

    id: AnnouncementId
    record_id: RecordId
    at: datetime


class Found(NamedTuple):
    """A tiding before it is stored; there are very many."""

    address: Address
    record_id: RecordId
    found_at: datetime
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Caps:
    """How many pushes one person gets at most: a day and a week of Asia/Shanghai."""

    day: int = 5
    week: int = 20

    def resumes(self, got: Sequence[datetime], now: datetime) -> datetime | None:
        """When there is room for one more, in the morning; None when there is room now."""
        today = now.astimezone(SHANGHAI).date()
        monday = today - timedelta(days=today.weekday())
        days = [moment.astimezone(SHANGHAI).date() for moment in got]
        if sum(day >= monday for day in days) >= self.week:
            free = monday + timedelta(days=7)
        elif days.count(today) >= self.day:
            free = today + timedelta(days=1)
        else:
            return None
        return datetime.combine(free, MORNING, SHANGHAI).astimezone(UTC)
