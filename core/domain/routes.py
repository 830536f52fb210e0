"""Ways out that fail as a whole: left alone for a while, then tried with one message.

A route is a robot, an app or a neighbour system, named by how the addresses behind it begin.

working → closed (so many failures of the platform in a row) → one probe → working
                                                                         → closed for twice as long
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

MOST_FAILURES = 5
"""A platform that failed so often in a row is down, not unlucky."""

FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(minutes=10)

PROBE = timedelta(seconds=90)
"""How long a probe may take before another is made: a dispatcher's lease."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """A route that failed lately; one that works is not kept at all."""

    name: str
    failures: int = 0
    closings: int = 0
    held_until: datetime | None = None
    """While it is closed, or being probed; None before it is closed for the first time."""
    probing: bool = False

    def held(self, now: datetime) -> bool:
        """Whether nothing may be sent by it now."""
        return self.held_until is not None and self.held_until > now

    def failed(self, now: datetime) -> "Route":
        """The route after one more failure of the platform."""
        if self.held(now) and not self.probing:
            return self  # sent before it was closed: it tells nothing new
        failures = self.failures + 1
        if failures < MOST_FAILURES:
            return replace(self, failures=failures)
        pause = min(FIRST_PAUSE * 2 ** min(self.closings, 10), LONGEST_PAUSE)
        return replace(
            self,
            failures=failures,
            closings=self.closings + 1,
            held_until=now + pause,
            probing=False,
        )
