"""How fast the outbox and the heartbeat are on SQLite, or on the database given.

    python benchmarks/delivery.py [--messages 5000] [--planned 100000] [--database URL]

The platform answers at once: what is measured is our own part of each message.
"""  # noqa: INP001 -- a script

import argparse
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import override

from core.domain.conversations import Address, Reply, ReplyKind
from core.domain.dates.offsets import Offset
from core.domain.deliveries import Delivery, OutboundMessage, Receipt
from core.domain.records import Library, Record
from core.domain.reminders import plan
from core.persistence import SqlUnits, make_engine, migrate
from core.ports.sender import Sender
from core.services.reminders import QueueDueReminders
from keqiao.clock import SystemClock
from scheduler.dispatcher import Dispatcher
from scheduler.wakeups import LocalWakeups
from scheduler.words import render_reminder

CLOCK = SystemClock()
REPLY = Reply(
    kind=ReplyKind.NOTICE, text="提醒：新材料成果路演\n开始时间：2026年12月3日（星期四）14:00"
)


class InstantSender(Sender):
    """A platform that answers at once."""

    @property
    @override
    def channel(self) -> str:
        return "web"

    @property
    @override
    def repeatable(self) -> bool:
        return False

    @override
    def send(self, delivery: Delivery) -> Receipt:
        """Take it."""
        return Receipt(platform_id=str(delivery.id))


class TimedDispatcher(Dispatcher):
    """Notes how long each call took."""

    def __init__(self, units: SqlUnits) -> None:
        super().__init__(units, CLOCK, [InstantSender()], wakeups=LocalWakeups())
        self.took: list[float] = []

    def drain(self) -> None:
        """Send everything; may run in many threads."""
        busy = True
        while busy:
            began = time.perf_counter()
            busy = self.dispatch_one()
            self.took.append(time.perf_counter() - began)


@contextmanager
def database(url: str | None) -> Iterator[SqlUnits]:
    """The database given, or a new SQLite file."""
    with tempfile.TemporaryDirectory() as folder:
        where = url or f"sqlite:///{Path(folder) / 'benchmark.db'}"
        migrate(where)
        engine = make_engine(where)
        yield SqlUnits(engine)
        engine.dispose()


def fill_outbox(units: SqlUnits, count: int, *, part: str) -> None:
    """Queue messages to a tenth as many people."""
    now = CLOCK.now()
    with units() as unit:
        for number in range(count):
            person = Address(channel="web", user=f"u{number % max(count // 10, 1)}")
            unit.outbox.put(
                OutboundMessage(key=f"{part}:{number}", address=person, reply=REPLY), now
            )
        unit.commit()


def plan_reminders(units: SqlUnits, count: int, *, due_in: timedelta, part: str) -> None:
    """Plan reminders of one event."""
    day = timedelta(days=1)
    event = Record(
        library=Library.EVENTS,
        external_id=part,
        title="新材料成果路演",
        starts_at=CLOCK.now() + due_in + day,
    )
    with units() as unit:
        stored = unit.records.put(event)
        for number in range(count):
            person = Address(channel="web", user=f"{part}{number}")
            unit.reminders.put(plan(stored, address=person, offset=Offset(ahead=day)))
        unit.commit()


def timed(work: Callable[[], object]) -> float:
    """Seconds that `work` took."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def send_all(units: SqlUnits, threads: int) -> tuple[float, list[float]]:
    """Seconds to empty the outbox, and how long each call took."""
    dispatcher = TimedDispatcher(units)
    loops = [threading.Thread(target=dispatcher.drain) for _ in range(threads)]

    def run() -> None:
        for loop in loops:
            loop.start()
        for loop in loops:
            loop.join()

    seconds = timed(run)
    return seconds, dispatcher.took


def centiles(took: Sequence[float]) -> str:
    """The middle and the slowest hundredth, in milliseconds."""
    cuts = statistics.quantiles(took, n=100)
    return f"{cuts[49] * 1000:8.2f} {cuts[98] * 1000:8.2f}"


def measure_outbox(units: SqlUnits, count: int) -> Iterator[str]:
    """Putting, sending with one to four threads, and looking when there is nothing."""
    for threads in (1, 2, 4):
        part = f"{CLOCK.now().isoformat()}:{threads}"
        seconds = timed(partial(fill_outbox, units, count, part=part))
        yield f"{'put, one transaction':42} {count:8} {count / seconds:9.0f}"
        seconds, took = send_all(units, threads)
        name = f"claim, send, record; threads: {threads}"
        yield f"{name:42} {count:8} {count / seconds:9.0f} {centiles(took)}"
    idle = TimedDispatcher(units)
    took = [timed(idle.dispatch_one) for _ in range(200)]
    yield f"{'idle look':42} {200:8} {'':9} {centiles(took)}"


def measure_reminders(units: SqlUnits, planned: int, due: int) -> Iterator[str]:
    """Planning, a tick with nothing due, and a tick with much due."""
    later = timedelta(hours=1)
    seconds = timed(partial(plan_reminders, units, planned, due_in=later, part="later"))
    yield f"{'plan reminders':42} {planned:8} {planned / seconds:9.0f}"
    queue = QueueDueReminders(
        units=units, clock=CLOCK, wakeups=LocalWakeups(), render=render_reminder
    )
    took = [timed(queue) for _ in range(200)]
    yield f"{'tick, none due of the planned':42} {200:8} {'':9} {centiles(took)}"
    plan_reminders(units, due, due_in=timedelta(0), part="now")
    began = time.perf_counter()
    while queue():
        pass
    seconds = time.perf_counter() - began
    yield f"{'due reminders into the outbox':42} {due:8} {due / seconds:9.0f}"


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=5_000)
    parser.add_argument("--planned", type=int, default=100_000)
    parser.add_argument("--database")
    asked = parser.parse_args()
    sys.stdout.write(f"{'what':42} {'n':>8} {'a second':>9} {'p50 ms':>8} {'p99 ms':>8}\n")
    with database(asked.database) as units:
        for row in measure_outbox(units, asked.messages):
            sys.stdout.write(row + "\n")
        for row in measure_reminders(units, asked.planned, asked.messages):
            sys.stdout.write(row + "\n")


if __name__ == "__main__":
    main()
