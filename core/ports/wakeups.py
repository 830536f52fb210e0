"""A nudge that work is waiting; the database stays the truth."""

from enum import StrEnum
from typing import Protocol


class Work(StrEnum):
    """Kinds of work that can be waiting."""

    INBOX = "inbox"
    OUTBOX = "outbox"


class Wakeups(Protocol):
    """Lets a worker start at once instead of at its next look; a lost nudge loses nothing."""

    def wake(self, work: Work) -> None:
        """Say that work is waiting. Never raises: a broker that is down is only slower."""
        ...

    def wait(self, work: Work, seconds: float) -> bool:
        """Block until woken or `seconds` have passed; True when woken."""
        ...
