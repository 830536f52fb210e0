"""The real clocks."""

from dataclasses import dataclass
from datetime import UTC, datetime


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The present instant, aware UTC."""
        return datetime.now(UTC)  # noqa: TID251 -- the one place that asks the system


@dataclass(frozen=True, slots=True)
class FixedClock:
    """A clock that stands still, for `--now`."""

    at: datetime

    def now(self) -> datetime:
        """Always the same instant."""
        return self.at
