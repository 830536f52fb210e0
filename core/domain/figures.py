"""How much waits, and what ended, counted over all processes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.domain.deliveries import DeliveryState
from core.domain.routes import Route


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """What waits somewhere: all of it, what is due of it, and since when the first is due."""

    all: int = 0
    due: int = 0
    since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """What waits at one moment."""

    outbox: Mapping[str, Waiting]
    """By channel."""
    undecided: Mapping[tuple[str, DeliveryState], int]
    """How many are dead or unknown, by channel."""
    inbox: Waiting
    reminders: Waiting
    routes: tuple[Route, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """One end of an attempt."""

    step: int
    """Its number; later ones are higher."""
    channel: str
    state: DeliveryState
    lag: timedelta
    """How long after its person was to be told."""
