"""Token buckets: how fast one visitor, address or robot may go."""

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock

from core.ports.clock import Clock

_MOST_KEYS = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """`burst` at once, then `per_second` for as long as one likes."""

    burst: float
    per_second: float


class TokenBuckets:
    """A bucket a key, each filled at the same rate; safe to share between threads."""

    def __init__(self, rate: Rate, clock: Clock) -> None:
        self._rate = rate
        self._clock = clock
        self._levels: dict[Hashable, tuple[float, datetime]] = {}
        self._lock = Lock()

    def take(self, key: Hashable) -> float:
        """Take one token; 0 when there was one, else the seconds until there is."""
        now = self._clock.now()
        with self._lock:
            level = self._level(key, now)
            if level >= 1:
                self._levels[key] = (level - 1, now)
                self._forget_full(now)
                return 0.0
            return (1 - level) / self._rate.per_second

    def _level(self, key: Hashable, now: datetime) -> float:
        level, at = self._levels.get(key, (self._rate.burst, now))
        gained = max(0.0, (now - at).total_seconds()) * self._rate.per_second
        return min(self._rate.burst, level + gained)

    def _forget_full(self, now: datetime) -> None:
        if len(self._levels) <= _MOST_KEYS:
            return
        full = [key for key in self._levels if self._level(key, now) >= self._rate.burst - 1]
        for key in full or list(self._levels)[: _MOST_KEYS // 2]:
            del self._levels[key]


class SlidingWindow:
    """At most `most` in any `window`; those turned away have their turn booked.

    A platform that counts per minute counts any minute, which a bucket would overrun twofold.
    Booking keeps a queue of a hundred from asking a hundred times.
    """

    def __init__(self, most: int, window: timedelta) -> None:
        self._most = most
        self._window = window
        self._taken: list[datetime] = []
        self._booked: dict[Hashable, tuple[datetime, int]] = {}
        self._lock = Lock()

    def turn(self, key: Hashable, now: datetime, size: int = 1) -> timedelta:
        """Zero when it is `key`'s turn, else how long until the turn it has now been given.

        A turn is for `size` at once, which must not be more than the window holds.
        """
        with self._lock:
            self._forget(now)
            booked, _ = self._booked.pop(key, (None, size))
            if booked is None:
                turn = self._next(now, size)
            elif booked > now or len(self._taken) + size <= self._most:
                turn = booked
            else:
                turn = self._next(now, size)  # it came late, and others have taken the minute
            if turn > now:
                self._booked[key] = turn, size
                return turn - now
            self._taken.extend([now] * size)
            return timedelta(0)

    def _next(self, now: datetime, size: int) -> datetime:
        """The first instant that leaves room for all that went and all that are booked."""
        booked = [max(at, now) for at, many in self._booked.values() for _ in range(many)]
        times = sorted([*self._taken, *booked])
        others = self._most - size
        if len(times) <= others:
            return now
        return max(now, times[-others - 1] + self._window)

    def _forget(self, now: datetime) -> None:
        self._taken = [at for at in self._taken if at > now - self._window]
        # Who does not come for so long has been given up.
        gone = [key for key, (at, _) in self._booked.items() if at < now - 10 * self._window]
        for key in gone:
            del self._booked[key]
