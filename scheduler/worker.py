"""The loops that handle what came in and send what goes out."""

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from core.ports.wakeups import Wakeups, Work
from scheduler.logs import place_of

log = logging.getLogger(__name__)

LONGEST_PAUSE = 10.0
"""Seconds a loop rests at most after errors that do not end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerSettings:
    """How many threads, and how often they look when nobody wakes them.

    `outbox_threads` are those of each dispatcher.
    """

    inbox_threads: int = 4
    outbox_threads: int = 2
    poll_seconds: float = 0.5
    pause_seconds: float = 0.5
    """Rest after an error; doubles while errors go on."""


class Worker:
    """Threads that call `handle_inbound` and each of `dispatchers` as long as there is work.

    All return False when nothing is waiting. An error is logged and the loop goes on: no loop
    ends before `stop`.
    """

    def __init__(
        self,
        handle_inbound: Callable[[], bool] | None,
        *dispatchers: Callable[[], bool],
        wakeups: Wakeups,
        settings: WorkerSettings | None = None,
    ) -> None:
        self._settings = settings or WorkerSettings()
        self._wakeups = wakeups
        self._stopping = threading.Event()
        self._threads: list[threading.Thread] = []
        handlers = [handle_inbound] if handle_inbound else []
        self._prepare(Work.INBOX, handlers * self._settings.inbox_threads)
        self._prepare(Work.OUTBOX, [*dispatchers] * self._settings.outbox_threads)

    def __enter__(self) -> Self:
        """Start."""
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop."""
        self.stop()

    def start(self) -> None:
        """Start the loops."""
        for thread in self._threads:
            thread.start()

    def stop(self, seconds: float = 30.0) -> bool:
        """Let every loop finish the item in its hands; False when one did not in time."""
        self._stopping.set()
        for thread in self._threads:
            if thread.ident is not None:
                thread.join(seconds)
        return not any(thread.is_alive() for thread in self._threads)

    @property
    def alive(self) -> bool:
        """Whether every loop runs."""
        return all(thread.is_alive() for thread in self._threads)

    def _prepare(self, work: Work, steps: Sequence[Callable[[], bool]]) -> None:
        for number, step in enumerate(steps):
            self._threads.append(
                threading.Thread(
                    target=self._loop, args=(work, step), name=f"{work}-{number}", daemon=True
                )
            )

    def _loop(self, work: Work, step: Callable[[], bool]) -> None:
        pause = self._settings.pause_seconds
        while not self._stopping.is_set():
            try:
                if not step():
                    self._wakeups.wait(work, self._settings.poll_seconds)
                pause = self._settings.pause_seconds
            except Exception as error:  # noqa: BLE001 -- a loop never dies of one item
                log.error("%s loop goes on after %s", work, place_of(error))  # noqa: TRY400
                self._stopping.wait(pause)
                pause = min(pause * 2, LONGEST_PAUSE)
