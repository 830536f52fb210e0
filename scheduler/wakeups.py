"""Nudges inside one process."""

import threading
import time
from typing import override

from core.ports.wakeups import Wakeups, Work


class _Seen(threading.local):
    """Which nudges this thread has already been woken by."""

    def __init__(self) -> None:
        self.counts: dict[Work, int] = {}


class LocalWakeups(Wakeups):
    """Wakes every thread of this process that waits for a kind of work.

    A nudge that comes while a thread is busy is kept for it: its next `wait` returns at once.
    Many nudges in the meantime are one.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._counts = dict.fromkeys(Work, 0)
        self._seen = _Seen()

    @override
    def wake(self, work: Work) -> None:
        with self._changed:
            self._counts[work] += 1
            self._changed.notify_all()

    @override
    def wait(self, work: Work, seconds: float) -> bool:
        seen = self._seen.counts.get(work, 0)
        until = time.monotonic() + seconds
        with self._changed:
            while self._counts[work] == seen:
                left = until - time.monotonic()
                if left <= 0:
                    return False
                self._changed.wait(left)
            self._seen.counts[work] = self._counts[work]
        return True
