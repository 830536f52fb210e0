"""Where a process kills itself: just before or after a commit that changes a certain state."""

import os
import signal
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Any, Self, override

from sqlalchemy import Engine

from core.persistence import SqlUnitOfWork

WATCHED = {
    "outbox": ("put", "claim", "record", "expire", "recover"),
    "inbox": ("accept", "claim", "finish", "release"),
    "reminders": ("set_state",),
    "leases": ("take",),
}
"""Everything that changes a row of inbox, outbox or reminders, by repository."""


class Moment(StrEnum):
    """On which side of the commit."""

    WRITTEN = "written"
    COMMITTED = "committed"


@dataclass(frozen=True, kw_only=True)
class Point:
    """A state change, such as `outbox.record:sent`, and the side of its commit."""

    change: str
    moment: Moment

    @override
    def __str__(self) -> str:
        return f"{self.change}, {self.moment}"


_OUTBOX = ("outbox.claim", "outbox.record:sent", "outbox.record:queued", "outbox.recover")
_INBOX = ("inbox.claim", "inbox.finish", "outbox.put")
_SCHEDULER = ("reminders.set_state:queued", "reminders.set_state:expired", "leases.take")

CHANGES = {
    "worker": (*_OUTBOX, "outbox.record:dead", "outbox.record:unknown", *_INBOX),
    "scheduler": _SCHEDULER,
    "serve": ("inbox.accept",),
}
"""What each process changes."""


def points_of(role: str) -> list[Point]:
    """Where that process may be killed; `everything` is all in one."""
    roles = CHANGES if role == "everything" else {role: CHANGES[role]}
    return [
        Point(change=change, moment=moment)
        for changes in roles.values()
        for change in changes
        for moment in Moment
    ]


@dataclass(kw_only=True)
class Fate:
    """Dies when `point` comes for the `left`-th time, and leaves its name in `deaths`."""

    point: Point
    left: int
    deaths: Path

    def meet(self, changes: set[str], moment: Moment) -> None:
        """Die if this is it."""
        if self.point.moment is not moment or self.point.change not in changes:
            return
        self.left -= 1
        if self.left <= 0:
            with self.deaths.open("a", encoding="utf-8") as file:
                file.write(f"{self.point}\n")
            os.kill(os.getpid(), signal.SIGKILL)


class WatchedUnit(SqlUnitOfWork):
    """A unit of work that knows what it changed, and may not live to say so."""

    def __init__(self, engine: Engine, fate: Fate) -> None:
        super().__init__(engine)
        self._fate = fate
        self._changes: set[str] = set()

    @override
    def __enter__(self) -> Self:
        super().__enter__()
        for name, methods in WATCHED.items():
            repository = getattr(self, name)
            for method in methods:
                called = partial(self._call, f"{name}.{method}", getattr(repository, method))
                setattr(repository, method, called)
        return self

    @override
    def commit(self) -> None:
        self._fate.meet(self._changes, Moment.WRITTEN)
        super().commit()
        self._fate.meet(self._changes, Moment.COMMITTED)
        self._changes.clear()

    def _call(self, name: str, method: Callable[..., Any], *given: Any, **named: Any) -> Any:
        result = method(*given, **named)
        if result:
            state = f":{given[1]}" if name in {"outbox.record", "reminders.set_state"} else ""
            self._changes.add(name + state)
        return result


@dataclass(frozen=True, slots=True)
class WatchedUnits:
    """Begins them."""

    engine: Engine
    fate: Fate

    def __call__(self) -> WatchedUnit:
        """A new unit, not yet begun."""
        return WatchedUnit(self.engine, self.fate)
