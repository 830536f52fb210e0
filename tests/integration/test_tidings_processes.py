"""What is new is told once, however many processes gather it and wherever one of them dies.

Run as a program, this file is such a process: it moves tidings to the outbox until its input
ends, or dies while it puts a message together.
"""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from core.domain.conversations import Address, Reply
from core.domain.deliveries import Delivery
from core.domain.records import Record
from core.domain.reminders import SHANGHAI
from core.domain.subscriptions import Interest, Pace, Rhythm
from core.persistence import SqlUnits, make_engine
from core.ports.unit_of_work import Units
from core.services.pushes.gathering import GatherTidings
from core.services.records import StoreRecords
from core.services.subscriptions import Subscribe
from core.services.tidings import QueueTidings
from scheduler.heartbeat import Heartbeat, Job
from scheduler.wakeups import LocalWakeups
from scheduler.words import render_tidings, report_change
from tests.factories import LI, make_event
from tests.fakes.clock import FakeClock
from tests.fakes.knowledge_base import FakeKnowledgeBase

ROOT = Path(__file__).parents[2]
NOON = datetime(2026, 11, 21, 12, tzinfo=SHANGHAI)
NINE = NOON + timedelta(hours=21)
DAY = timedelta(days=1)


def subscribe(units: Units, people: Sequence[Address]) -> None:
    for person in people:
        rhythm = Rhythm(pace=Pace.DAILY)
        Subscribe(units=units, clock=FakeClock(NOON))(person, [Interest()], rhythm=rhythm)


def store(units: Units, *titles: str) -> None:
    StoreRecords(
        units=units,
        clock=FakeClock(NOON),
        knowledge=FakeKnowledgeBase(),
        wakeups=LocalWakeups(),
        report_change=report_change,
    )([make_event(title, external_id=title, starts_at=NOON + 9 * DAY) for title in titles])
    GatherTidings(units=units, clock=FakeClock(NOON))()


def queued(units: Units, address: Address = LI) -> list[Delivery]:
    with units() as unit:
        return unit.outbox.queued(address)


def until(condition: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)


@contextmanager
def gathering(
    url: str, now: datetime, *, zone: str = "UTC", dying: bool = False
) -> Iterator[subprocess.Popen[str]]:
    """A process for which it is `now`; a dying one kills itself before its first commit."""
    process = subprocess.Popen(
        [sys.executable, __file__, url, now.isoformat(), "dying" if dying else "living"],
        stdin=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT), "TZ": zone},
    )
    with process:
        assert process.stdin is not None
        try:
            yield process
        finally:
            process.stdin.close()
            process.wait(60)


def test_two_processes_that_gather_at_once_tell_everybody_once(
    units: Units, database_url: str
) -> None:
    people = [Address(channel="web", user=f"u{number}") for number in range(30)]
    subscribe(units, people)
    store(units, "甲", "乙", "丙")
    with gathering(database_url, NINE), gathering(database_url, NINE):
        until(lambda: all(queued(units, person) for person in people))
        time.sleep(0.3)
    for person in people:
        (delivery,) = queued(units, person)
        assert delivery.message.reply.text.startswith("您订阅的内容有 3 条新消息")


def test_a_process_that_dies_in_the_middle_loses_and_doubles_nothing(
    units: Units, database_url: str
) -> None:
    subscribe(units, [LI])
    store(units, "甲", "乙")
    with gathering(database_url, NINE, dying=True) as process:
        assert process.wait(60) == -signal.SIGKILL
    assert queued(units) == []
    with gathering(database_url, NINE):
        until(lambda: len(queued(units)) == 1)
    with gathering(database_url, NINE + timedelta(minutes=1)):
        time.sleep(1)
    assert len(queued(units)) == 1


@pytest.mark.parametrize("zone", ["America/Los_Angeles", "Pacific/Kiritimati", "Asia/Shanghai"])
def test_nine_oclock_is_nine_in_shanghai_on_a_host_in_any_zone(
    units: Units, database_url: str, zone: str
) -> None:
    subscribe(units, [LI])
    store(units, "甲")
    with gathering(database_url, NINE - timedelta(seconds=1), zone=zone):
        time.sleep(1.5)
    assert queued(units) == []
    with gathering(database_url, NINE, zone=zone):
        until(lambda: len(queued(units)) == 1)


def test_the_one_that_leads_tells_and_the_one_that_stands_by_does_not(units: Units) -> None:
    subscribe(units, [LI])
    store(units, "甲")
    clock = FakeClock(NINE)
    job = Job(name="tidings", every=timedelta(seconds=1), work=queue(units, clock))
    leading, standing_by = Heartbeat(units, clock, [job]), Heartbeat(units, clock, [job])
    assert leading.renew()
    assert not standing_by.renew()
    standing_by.run(job)
    assert queued(units) == []
    leading.run(job)
    leading.run(job)
    assert len(queued(units)) == 1


def queue(units: Units, clock: FakeClock, *, dying: bool = False) -> QueueTidings:
    def die(_records: Sequence[Record], _others: int) -> Reply:
        os.kill(os.getpid(), signal.SIGKILL)
        raise AssertionError

    return QueueTidings(
        units=units,
        clock=clock,
        wakeups=LocalWakeups(),
        render=die if dying else render_tidings,
    )


def main(url: str, now: str, fate: str) -> None:
    """Move what is due to the outbox until the input ends."""
    time.tzset()
    work = queue(
        SqlUnits(make_engine(url)),
        FakeClock(datetime.fromisoformat(now)),
        dying=fate == "dying",
    )
    ended = threading.Event()

    def wait() -> None:
        sys.stdin.read()
        ended.set()

    threading.Thread(target=wait, daemon=True).start()
    while not ended.is_set():
        if not work():
            time.sleep(0.05)


if __name__ == "__main__":
    main(*sys.argv[1:])
