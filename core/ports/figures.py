"""What can be counted of the house's work."""

from datetime import datetime
from typing import Protocol

from core.domain.figures import Ended, Snapshot


class Figures(Protocol):
    """Counts over all processes."""

    def snapshot(self, now: datetime) -> Snapshot:
        """What waits now."""
        ...

    def newest_step(self) -> int:
        """The number of the newest line of all timelines; 0 when there is none."""
        ...

    def ended(self, after: int, until: datetime, limit: int) -> list[Ended]:
        """Lines behind that number and not younger than `until`, in order."""
        ...
