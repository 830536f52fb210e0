"""The clockwork: a handful of fixed jobs in one leased process, every other one standing by.

APScheduler is only the tick. What is due stands in the database, so a tick that is missed, late
or doubled loses and doubles nothing.
"""

import logging
import os
import secrets
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from types import TracebackType
from typing import TYPE_CHECKING, Self

from core.ports.clock import Clock
from core.ports.unit_of_work import Units
from scheduler.logs import place_of

if TYPE_CHECKING:
    from apscheduler.schedulers.background import BackgroundScheduler

log = logging.getLogger(__name__)

LEASE_NAME = "scheduler"

JUMP = timedelta(seconds=10)
"""The clock has jumped when more than this has passed in what should have been a second."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """Something done at every tick by the process that has the lease.

    `work` returns how much it did and is called again at once until it did nothing.
    """

    name: str
    every: timedelta
    work: Callable[[], int]


@dataclass(frozen=True, slots=True, kw_only=True)
class HeartbeatSettings:
    """A dead process's jobs are taken over after `lease` and one `renew_every` at most."""

    lease: timedelta = timedelta(seconds=30)
    renew_every: timedelta = timedelta(seconds=10)


def fixed_jobs(
    queue_due_reminders: Callable[[], int], **others: Callable[[], int]
) -> tuple[Job, ...]:
    """The jobs of a site, each every second: due reminders, and others by name."""
    works = {"reminders": queue_due_reminders, **others}
    return tuple(
        Job(name=name, every=timedelta(seconds=1), work=work) for name, work in works.items()
    )


class Heartbeat:
    """Runs jobs while it has the lease; without it, it stands by and asks again."""

    def __init__(
        self,
        units: Units,
        clock: Clock,
        jobs: Sequence[Job],
        *,
        settings: HeartbeatSettings | None = None,
    ) -> None:
        self._units = units
        self._clock = clock
        self._jobs = tuple(jobs)
        self._settings = settings or HeartbeatSettings()
        self._holder = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
        self._held_until: datetime | None = None
        self._standing_by = False
        self._stopping = threading.Event()
        self._scheduler: BackgroundScheduler | None = None
        self._watch = threading.Thread(target=self._watch_clock, name="clock", daemon=True)

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
        """Ask for the lease and begin to tick."""
        from apscheduler.schedulers.background import (  # noqa: PLC0415 -- loaded on first use
            BackgroundScheduler,
        )

        # An exact id, one instance and no grace: a late tick is done late, never dropped.
        scheduler = BackgroundScheduler(
            timezone=UTC,
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
        for beat in self._beats():
            self._add(scheduler, *beat)
        self._scheduler = scheduler
        self.renew()
        scheduler.start()
        self._watch.start()

    def stop(self) -> None:
        """Finish the running jobs and give the lease back, so that another takes over at once."""
        self._stopping.set()
        if self._scheduler is not None:
            self._watch.join()
            self._scheduler.shutdown(wait=True)
            self._scheduler = None
        if self._held_until is None:
            return
        self._held_until = None
        try:
            with self._units() as unit:
                unit.leases.give_back(LEASE_NAME, self._holder)
                unit.commit()
        except Exception as error:  # noqa: BLE001 -- the lease runs out by itself
            log.warning("lease not given back: %s", place_of(error))

    @property
    def leading(self) -> bool:
        """Whether this process has the lease at this moment."""
        return self._held_until is not None and self._clock.now() < self._held_until

    def renew(self) -> bool:
        """Take or renew the lease; True when this process has it."""
        now = self._clock.now()
        lease = self._settings.lease
        try:
            with self._units() as unit:
                taken = unit.leases.take(LEASE_NAME, self._holder, now, lease)
                unit.commit()
        except Exception as error:  # noqa: BLE001 -- what was held is held until it runs out
            log.warning("lease not renewed: %s", place_of(error))
            return self.leading
        self._note(leading=taken)
        self._held_until = now + lease if taken else None
        return taken

    def run(self, job: Job) -> None:
        """One tick of a job: until it has nothing to do, the lease is lost, or the end."""
        try:
            while self.leading and not self._stopping.is_set() and job.work():
                pass
        except Exception as error:  # noqa: BLE001 -- the next tick tries again
            log.error("job %s goes on after %s", job.name, place_of(error))  # noqa: TRY400

    def _watch_clock(self) -> None:
        """After the clock jumped, ask for the lease and tick at once.

        Set back, APScheduler would wait for the old time; after a sleep of the machine the lease
        has run out, and everything would wait until it is renewed.
        """
        before = self._clock.now()
        while not self._stopping.wait(1.0):
            now = self._clock.now()
            if not before <= now < before + JUMP and self._scheduler is not None:
                log.warning("the clock jumped by %s", now - before)
                for beat in self._beats():
                    self._add(self._scheduler, *beat)  # counted anew from the time it is now
                    self._scheduler.add_job(beat[-1])  # and once at once
            before = now

    def _beats(self) -> Iterator[tuple[str, timedelta, Callable[[], object]]]:
        yield "lease", self._settings.renew_every, self.renew
        for job in self._jobs:
            yield job.name, job.every, partial(self.run, job)

    def _note(self, *, leading: bool) -> None:
        if leading and self._held_until is None:
            log.info("this process does the scheduled jobs: %s", self._holder)
            self._standing_by = False
        elif not leading and not self._standing_by:
            log.warning("another process does the scheduled jobs; this one stands by")
            self._standing_by = True

    @staticmethod
    def _add(
        scheduler: "BackgroundScheduler",
        name: str,
        every: timedelta,
        work: Callable[[], object],
    ) -> None:
        scheduler.add_job(
            work,
            "interval",
            seconds=every.total_seconds(),
            id=name,
            replace_existing=True,
        )
