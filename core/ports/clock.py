"""The time."""

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """Tells the time; the only place anybody gets it from."""

    def now(self) -> datetime:
        """The present instant, aware UTC."""
        ...
