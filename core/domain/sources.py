"""Sources: addresses outside the house whose records a library follows."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NewType

SourceName = NewType("SourceName", str)

AGAIN = timedelta(minutes=15)
"""After a failure a source is asked again this soon, or at its own pace when that is sooner."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What became of the rows of a pull."""

    read: int = 0
    stored: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: int = 0
    withdrawn: int = 0
    """Records that are no longer in the source."""
    held_back: int = 0
    """Records that are not in it either and stay, because the pull looks incomplete."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pull:
    """The state of a source: its last pull, and what tells whether it has changed since."""

    name: SourceName
    tried_at: datetime
    succeeded_at: datetime | None = None
    etag: str = ""
    modified: str = ""
    digest: str = ""
    """Of the content that was stored last; the settings it was read by are part of it."""
    counts: Counts = field(default_factory=Counts)
    error: str = ""

    def due_at(self, every: timedelta) -> datetime:
        """When the source is to be asked next."""
        return self.tried_at + (min(AGAIN, every) if self.error else every)


def looks_whole(present: int, live: int) -> bool:
    """Whether so many records may be all that a source has now; half of them gone is doubted."""
    return present > 0 and present * 2 >= live
