"""How fast reminders are planned and handed over, beside one APScheduler job per reminder.

    python benchmarks/reminders.py [--planned 100000] [--due 50000] [--jobs 2000] [--database URL]

Both keep what they plan in a database of the same kind; APScheduler in its SQLAlchemyJobStore. The
clock is set: nothing waits. Memory is the peak of this process, before and after handing over.
"""  # noqa: INP001 -- a script

import argparse
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler

from core.domain.conversations import Address
from core.domain.dates.offsets import Offset
from core.domain.records import Library, Record
from core.domain.reminders import plan
from core.persistence import SqlUnits, make_engine, migrate
from core.services.reminders import QueueDueReminders
from keqiao.clock import SystemClock
from scheduler.wakeups import LocalWakeups
from scheduler.words import render_reminder

DAY = timedelta(days=1)
NOW = SystemClock().now()


class SetClock:
    """A clock that stands where it is put."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        """That moment."""
        return self.at


@contextmanager
def database(url: str | None) -> Iterator[str]:
    """The database given, or a new SQLite file."""
    with tempfile.TemporaryDirectory() as folder:
        yield url or f"sqlite:///{Path(folder) / 'benchmark.db'}"


def plan_all(units: SqlUnits, count: int, *, name: str, starts_at: datetime) -> float:
    """Seconds to plan so many reminders of one event, in one transaction."""
    event = Record(
        library=Library.EVENTS, external_id=name, title="新材料成果路演", starts_at=starts_at
    )
    began = time.perf_counter()
    with units() as unit:
        stored = unit.records.put(event)
        offset = Offset(ahead=DAY)
        people = (Address(channel="web", user=f"{name}{number}") for number in range(count))
        unit.reminders.put_all(plan(stored, address=one, offset=offset) for one in people)
        unit.commit()
    return time.perf_counter() - began


def hand_over(units: SqlUnits, now: datetime) -> float:
    """Seconds until everything that is due then is in the outbox."""
    queue = QueueDueReminders(
        units=units, clock=SetClock(now), wakeups=LocalWakeups(), render=render_reminder
    )
    began = time.perf_counter()
    while queue():
        pass
    return time.perf_counter() - began


def nothing() -> None:
    """What an APScheduler job does here."""


def plan_jobs(url: str, count: int) -> float:
    """Seconds to plan so many reminders as jobs of a running scheduler that is paused."""
    scheduler = BackgroundScheduler(jobstores={"default": SQLAlchemyJobStore(url=url)})
    scheduler.start(paused=True)
    began = time.perf_counter()
    for number in range(count):
        scheduler.add_job(nothing, "date", run_date=NOW + DAY, id=f"{NOW:%s}-{number}")
    took = time.perf_counter() - began
    scheduler.remove_all_jobs()
    scheduler.shutdown()
    return took


def peak_mb() -> float:
    """The most memory this process has had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Measure, and print a line for each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--planned", type=int, default=100_000)
    parser.add_argument("--due", type=int, default=50_000)
    parser.add_argument("--jobs", type=int, default=2_000)
    parser.add_argument("--database")
    asked = parser.parse_args()
    part = f"{NOW.timestamp():.0f}"
    with database(asked.database) as url:
        migrate(url)
        engine = make_engine(url)
        units = SqlUnits(engine)
        ours = plan_all(units, asked.planned, name=f"later{part}-", starts_at=NOW + 9 * DAY)
        plan_all(units, asked.due, name=f"due{part}-", starts_at=NOW + 2 * DAY)
        before = peak_mb()
        took = hand_over(units, NOW + DAY)
        after = peak_mb()
        engine.dispose()
    with database(asked.database) as url:
        theirs = plan_jobs(url, asked.jobs)
    rate, other = asked.planned / ours, asked.jobs / theirs
    sys.stdout.write(
        f"planned {asked.planned} in {ours:.1f} s: {rate:.0f}/s\n"
        f"APScheduler jobs: {asked.jobs} in {theirs:.1f} s: {other:.0f}/s; "
        f"{rate / other:.0f} times as fast\n"
        f"handed over {asked.due} in {took:.1f} s: {asked.due / took:.0f}/s; "
        f"memory {before:.0f} to {after:.0f} MB\n"
    )


if __name__ == "__main__":
    main()
