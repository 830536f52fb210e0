"""What `/readyz` asks of a site beside the database: each part answers, or says what it lacks."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from core.ports.clock import Clock
from core.ports.unit_of_work import Units

PATIENCE = timedelta(minutes=2)
"""A message that is due for longer means that nobody sends, or not fast enough."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Readiness:
    """What the database tells of the other processes; `revisions` are its own and the newest."""

    units: Units
    clock: Clock
    revisions: Callable[[], tuple[str | None, str]]

    def probes(self) -> Mapping[str, Callable[[], bool | str]]:
        """A probe a part."""
        return {
            "migrations": self.migrations,
            "worker": partial(
                self.held, "worker:", lack="no process has sent messages for a minute"
            ),
            "scheduler": partial(
                self.held, "scheduler", lack="no process does the scheduled jobs"
            ),
            "backlog": self.backlog,
        }

    def migrations(self) -> bool | str:
        """Whether the tables are those that the code means."""
        found, wanted = self.revisions()
        if found != wanted:
            return f"the tables are of revision {found}, the code of {wanted}"
        return True

    def held(self, start: str, *, lack: str) -> bool | str:
        """Whether somebody has a lease whose name begins so; else `lack`."""
        with self.units() as unit:
            if not unit.leases.held(start, self.clock.now()):
                return lack
        return True

    def backlog(self) -> bool | str:
        """Whether what is due goes out; a platform that is known to be down counts for nothing."""
        now = self.clock.now()
        with self.units() as unit:
            found = unit.figures.snapshot(now)
        down = {route.name.partition(":")[0] for route in found.routes if route.held(now)}
        for channel, waiting in found.outbox.items():
            late = now - waiting.since if waiting.since else timedelta(0)
            if late > PATIENCE and channel not in down:
                return (
                    f"{waiting.due} messages are due on {channel}, the first for "
                    f"{late.total_seconds():.0f} s"
                )
        return True
