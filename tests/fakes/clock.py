"""A clock that tests set."""

from datetime import UTC, datetime, timedelta
from typing import override

from core.ports.clock import Clock

START = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
"""A Monday morning in Shanghai, 09:30."""


class FakeClock(Clock):
    """Stands still until it is told to move."""

    def __init__(self, now: datetime = START) -> None:
        self.set(now)

    @override
    def now(self) -> datetime:
        return self._now

    def set(self, now: datetime) -> None:
        """Stand at `now`."""
        if now.utcoffset() is None:
            raise ValueError(f"{now!r} has no time zone")
        self._now = now.astimezone(UTC)

    def advance(self, step: timedelta) -> datetime:
        """Move on by `step`; returns the new present."""
        self.set(self._now + step)
        return self._now
