"""Nudges that are only noted down."""

from typing import override

from core.ports.wakeups import Wakeups, Work


class RecordingWakeups(Wakeups):
    """Notes every nudge in `woken`; `wait` never blocks and is woken by nudges not yet seen."""

    def __init__(self) -> None:
        self.woken: list[Work] = []
        self._pending: set[Work] = set()

    @override
    def wake(self, work: Work) -> None:
        self.woken.append(work)
        self._pending.add(work)

    @override
    def wait(self, work: Work, seconds: float) -> bool:
        woken = work in self._pending
        self._pending.discard(work)
        return woken
