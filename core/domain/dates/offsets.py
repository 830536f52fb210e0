"""How long before an instant a reminder comes: 三天, 当天九点, 两个工作日."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from typing import Self, override

from core.domain.dates.workdays import workday_before
from core.domain.dates.zone import SHANGHAI

_WRITTEN = re.compile(r"(?P<counting>[wr]?)(?P<seconds>\d+)(?:@(?P<at>\d\d:\d\d(?::\d\d)?))?")


class Counting(StrEnum):
    """How the days of an offset are counted."""

    DAYS = ""
    """Days of the calendar."""
    WORKDAYS = "w"
    """Workdays alone: 提前三个工作日."""
    ON_WORKDAY = "r"
    """Days of the calendar; a day off gives way to the last workday before it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offset:
    """So long before an instant, or at a clock time on the day so many days before.

    It stays what it is when the instant moves: 当天早上九点 is nine o'clock of the new day.
    """

    ahead: timedelta = timedelta(0)
    at: time | None = None
    """Clock time in Asia/Shanghai; then whole days are counted."""
    counting: Counting = Counting.DAYS

    @classmethod
    def read(cls, written: str) -> Self:
        """What `str` wrote.

        Raises:
            ValueError: it wrote something else.
        """
        found = _WRITTEN.fullmatch(written)
        if found is None:
            raise ValueError(f"not an offset: {written!r}")
        at = time.fromisoformat(found["at"]) if found["at"] else None
        ahead = timedelta(seconds=int(found["seconds"]))
        return cls(ahead=ahead, at=at, counting=Counting(found["counting"]))

    @override
    def __str__(self) -> str:
        at = f"@{self.at.isoformat()[:5] if not self.at.second else self.at}" if self.at else ""
        return f"{self.counting}{int(self.ahead.total_seconds())}{at}"

    def due(self, instant: datetime) -> datetime:
        """The moment, aware UTC; it may lie after the instant when a clock time says so."""
        if self.at is None and self.counting is Counting.DAYS:
            return (instant - self.ahead).astimezone(UTC)
        local = instant.astimezone(SHANGHAI)
        if self.counting is Counting.WORKDAYS:
            day = workday_before(local.date(), self.ahead.days)
        else:
            day = (local - self.ahead).date()
            if self.counting is Counting.ON_WORKDAY:
                day = workday_before(day)
        clock = self.at or (local - self.ahead).time()
        return datetime.combine(day, clock, SHANGHAI).astimezone(UTC)
