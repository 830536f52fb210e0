"""What takes place again and again: every two months on the third Friday, but not on some days."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from itertools import count

from core.domain.dates.zone import SHANGHAI

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
LAST = -1
MONTHS = 12
_FARTHEST = 2_000
"""Steps looked ahead: a rule that met no day by then never does (February 30)."""


class Every(StrEnum):
    """The unit of a series, by its name in RFC 5545."""

    DAY = "DAILY"
    WEEK = "WEEKLY"
    MONTH = "MONTHLY"
    YEAR = "YEARLY"


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """A rule by which days follow from the first; the clock time is that of the first.

    A month without the day is left out, as RFC 5545 has it.
    """

    every: Every
    interval: int = 1
    weekday: int | None = None
    """Of a weekly or monthly one, Monday is 0."""
    nth: int | None = None
    """Which such weekday of the month, 1 to 5, or `LAST`."""
    until: date | None = None
    """The last day that it may take place."""
    skipped: tuple[date, ...] = ()
    """Days of the series on which it does not."""

    @property
    def rule(self) -> str:
        """The RRULE of RFC 5545; `skipped` are its EXDATEs."""
        parts = [f"FREQ={self.every}"]
        if self.interval != 1:
            parts.append(f"INTERVAL={self.interval}")
        if self.weekday is not None:
            parts.append(f"BYDAY={self.nth or ''}{WEEKDAYS[self.weekday]}")
        if self.until is not None:
            end = datetime.combine(self.until, datetime.max.time(), SHANGHAI).astimezone(UTC)
            parts.append(f"UNTIL={end:%Y%m%dT%H%M%SZ}")
        return ";".join(parts)

    def next(self, first: datetime, after: datetime) -> datetime | None:
        """The first time it takes place later than `after`, aware UTC; None when it is over."""
        local = first.astimezone(SHANGHAI)
        for day in self._days(local.date()):
            if self.until is not None and day > self.until:
                return None
            moment = datetime.combine(day, local.time(), SHANGHAI).astimezone(UTC)
            if moment > after and day not in self.skipped:
                return moment
        return None

    def _days(self, first: date) -> Iterator[date]:
        """The days of the rule from `first` on."""
        for step in (number * self.interval for number in count()):
            if step > _FARTHEST * self.interval:
                return
            day = self._day(first, step)
            if day is not None and day >= first:
                yield day

    def _day(self, first: date, step: int) -> date | None:
        if self.every is Every.DAY:
            return first + timedelta(days=step)
        if self.every is Every.WEEK:
            ahead = 0 if self.weekday is None else (self.weekday - first.weekday()) % 7
            return first + timedelta(days=7 * step + ahead)
        months = step * (MONTHS if self.every is Every.YEAR else 1)
        year, month = divmod(first.year * MONTHS + first.month - 1 + months, MONTHS)
        if self.weekday is None or self.nth is None:
            return _day_of(year, month + 1, first.day)
        return _weekday_of(year, month + 1, weekday=self.weekday, nth=self.nth)


def _day_of(year: int, month: int, day: int) -> date | None:
    return date(year, month, day) if day <= monthrange(year, month)[1] else None


def _weekday_of(year: int, month: int, *, weekday: int, nth: int) -> date | None:
    starts, length = monthrange(year, month)
    first = 1 + (weekday - starts) % 7
    if nth == LAST:
        return date(year, month, first + (length - first) // 7 * 7)
    return _day_of(year, month, first + (nth - 1) * 7)
