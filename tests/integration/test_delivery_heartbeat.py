"""One process does the scheduled jobs, another takes over when it dies, on each database.

Run as a program, this file is such a process: it beats and sends until its input
ends.
"""

import logging
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from core.domain.deliveries import DeliveryState, OutboxId
from core.domain.errors import UnavailableError
from core.persistence import SqlUnits, make_engine
from core.ports.clock import Clock
from core.ports.unit_of_work import UnitOfWork, Units
from core.services.reminders import QueueDueReminders
from core.services.tidings import QueueTidings
from keqiao.bootstrap import open_site
from keqiao.clock import SystemClock
from keqiao.processes.up import take_back_leases
from scheduler.dispatcher import Dispatcher
from scheduler.heartbeat import (
    LEASE_NAME,
    Heartbeat,
    HeartbeatSettings,
    Job,
    fixed_jobs,
)
from scheduler.wakeups import LocalWakeups
from scheduler.words import render_reminder, render_tidings
from scheduler.worker import Worker, WorkerSettings
from tests.factories import LI, make_event, make_reminder
from tests.fakes.clock import FakeClock
from tests.fakes.sender import FakeSender

ROOT = Path(__file__).parents[2]
SECOND = timedelta(seconds=1)
SHORT = HeartbeatSettings(lease=timedelta(seconds=1.5), renew_every=timedelta(seconds=0.3))


def queue_due(units: Units, clock: Clock) -> QueueDueReminders:
    return QueueDueReminders(
        units=units, clock=clock, wakeups=LocalWakeups(), render=render_reminder
    )


def jobs_of(units: Units, clock: Clock) -> tuple[Job, ...]:
    tidings = QueueTidings(units=units, clock=clock, wakeups=LocalWakeups(), render=render_tidings)
    return fixed_jobs(queue_due(units, clock), tidings=tidings)


def counting(name: str = "job", *, results: tuple[int, ...] = ()) -> tuple[Job, list[int]]:
    """A job that does `results` and then nothing, and the list of its calls."""
    calls: list[int] = []

    def work() -> int:
        calls.append(len(calls))
        return results[len(calls) - 1] if len(calls) <= len(results) else 0

    return Job(name=name, every=SECOND, work=work), calls


def promise(units: Units, *, due_in: timedelta, now: Clock, offset: timedelta = SECOND) -> None:
    """A reminder for LI that is due then."""
    event = make_event(starts_at=now.now() + due_in + offset, closes_at=None)
    with units() as unit:
        record = unit.records.put(event)
        unit.reminders.put(make_reminder(record, offset=offset))
        unit.commit()


def test_jobs_run_only_while_the_lease_is_held(units: Units) -> None:
    clock = FakeClock()
    job, calls = counting()
    heartbeat = Heartbeat(units, clock, [job])
    heartbeat.run(job)
    assert calls == []
    assert heartbeat.renew()
    heartbeat.run(job)
    assert calls == [0]
    clock.advance(timedelta(seconds=30))
    heartbeat.run(job)
    assert calls == [0], "a process that slept through its lease does nothing until it renews"


def test_a_job_is_repeated_until_it_has_nothing_to_do(units: Units) -> None:
    job, calls = counting(results=(200, 200, 7))
    heartbeat = Heartbeat(units, FakeClock(), [job])
    heartbeat.renew()
    heartbeat.run(job)
    assert len(calls) == 4


def test_a_second_scheduler_stands_by_and_says_so_once(
    units: Units, caplog: pytest.LogCaptureFixture
) -> None:
    clock = FakeClock()
    job, calls = counting()
    first, second = Heartbeat(units, clock, [job]), Heartbeat(units, clock, [job])
    assert first.renew()
    with caplog.at_level(logging.INFO, logger="scheduler"):
        for _ in range(5):
            clock.advance(10 * SECOND)
            assert first.renew()
            assert not second.renew()
            second.run(job)
    assert calls == []
    assert caplog.text.count("stands by") == 1


def test_a_dead_schedulers_jobs_are_taken_over_within_a_minute(units: Units) -> None:
    clock = FakeClock()
    first, second = Heartbeat(units, clock, []), Heartbeat(units, clock, [])
    first.renew()
    waited = timedelta(0)
    while not second.renew():
        clock.advance(HeartbeatSettings().renew_every)
        waited += HeartbeatSettings().renew_every
    assert waited <= timedelta(seconds=40)
    assert not first.renew()
    assert not first.leading


def test_a_scheduler_that_stops_hands_over_at_once(units: Units) -> None:
    clock = FakeClock()
    first, second = Heartbeat(units, clock, []), Heartbeat(units, clock, [])
    first.renew()
    first.stop()
    assert second.renew()
    second.stop()


def test_a_short_outage_of_the_database_does_not_cost_the_lease(units: Units) -> None:
    down: list[bool] = []

    def faltering() -> UnitOfWork:
        if down:
            raise UnavailableError("the database does not answer")
        return units()

    clock = FakeClock()
    heartbeat = Heartbeat(faltering, clock, [])
    heartbeat.renew()
    down.append(True)
    clock.advance(10 * SECOND)
    assert heartbeat.renew()
    clock.advance(20 * SECOND)
    assert not heartbeat.renew(), "nobody knows who has it now"
    heartbeat.stop()


def test_an_error_in_a_job_is_logged_and_the_next_tick_tries_again(
    units: Units, caplog: pytest.LogCaptureFixture
) -> None:
    attempts: list[int] = []

    def fail_once() -> int:
        attempts.append(1)
        if len(attempts) == 1:
            raise ValueError("预算五十万")
        return 0

    job = Job(name="reminders", every=SECOND, work=fail_once)
    heartbeat = Heartbeat(units, FakeClock(), [job])
    heartbeat.renew()
    heartbeat.run(job)
    heartbeat.run(job)
    assert len(attempts) == 2
    assert "job reminders goes on after ValueError" in caplog.text
    assert "预算" not in caplog.text


@pytest.mark.parametrize("ahead", [timedelta(0), timedelta(days=800)])
def test_a_clock_set_back_does_not_stop_the_jobs(sqlite_units: Units, ahead: timedelta) -> None:
    clock = FakeClock(SystemClock().now() + ahead)
    ticks: list[int] = []

    def tick() -> int:
        ticks.append(1)
        return 0

    job = Job(name="job", every=timedelta(hours=1), work=tick)
    with Heartbeat(sqlite_units, clock, [job]):
        time.sleep(1.2)
        assert ticks == [], "its next tick is an hour away, as after a clock set back by an hour"
        clock.advance(timedelta(hours=-1))
        until(lambda: len(ticks) == 1, seconds=5)


def test_after_a_sleep_of_the_machine_the_lease_is_asked_for_at_once(sqlite_units: Units) -> None:
    clock = FakeClock(SystemClock().now())
    seldom = HeartbeatSettings(renew_every=timedelta(hours=1))
    with Heartbeat(sqlite_units, clock, [], settings=seldom) as heartbeat:
        clock.advance(timedelta(hours=1))
        assert not heartbeat.leading
        until(lambda: heartbeat.leading, seconds=60)


def test_a_site_that_was_killed_does_its_scheduled_jobs_as_soon_as_it_is_back(
    tmp_path: Path,
) -> None:
    with open_site(home=tmp_path) as site:
        with site.units() as unit:
            assert unit.leases.take(LEASE_NAME, "dead", SystemClock().now(), timedelta(minutes=1))
            unit.commit()
        heartbeat = site.heartbeat()
        assert not heartbeat.renew()
        take_back_leases(site)
        assert heartbeat.renew()


def test_two_running_heartbeats_queue_each_reminder_once(units: Units) -> None:
    clock = SystemClock()
    sender = FakeSender()
    jobs = jobs_of(units, clock)
    with (
        Heartbeat(units, clock, jobs, settings=SHORT) as first,
        Heartbeat(units, clock, jobs, settings=SHORT) as second,
    ):
        promise(units, due_in=SECOND, now=clock, offset=timedelta(hours=1))
        until(lambda: counts(units).get(DeliveryState.QUEUED, 0) == 1)
        time.sleep(1.2)
        assert first.leading is not second.leading
    dispatcher = Dispatcher(units, clock, [sender], wakeups=LocalWakeups())
    while dispatcher.dispatch_one():
        pass
    assert len(sender.sent) == 1


def test_after_kill_9_another_scheduler_takes_over_and_nothing_comes_twice(
    units: Units, database_url: str
) -> None:
    clock = SystemClock()
    hour = timedelta(hours=1)
    with beating(database_url) as process:
        promise(units, due_in=timedelta(0), now=clock, offset=hour)
        until(lambda: counts(units).get(DeliveryState.SENT, 0) == 1)
        jobs = jobs_of(units, clock)
        with Heartbeat(units, clock, jobs, settings=SHORT) as standby:
            assert not standby.leading
            process.send_signal(signal.SIGKILL)
            process.wait(20)
            killed = time.monotonic()
            promise(units, due_in=timedelta(0), now=clock, offset=hour)
            until(lambda: counts(units).get(DeliveryState.QUEUED, 0) == 1)
            assert time.monotonic() - killed < 5
    assert sum(counts(units).values()) == 2


@pytest.mark.parametrize("zone", ["America/Los_Angeles", "Pacific/Kiritimati", "Asia/Shanghai"])
def test_a_reminder_comes_on_time_on_a_host_in_any_zone(
    units: Units, database_url: str, zone: str
) -> None:
    clock = SystemClock()
    with beating(database_url, zone=zone):
        promise(units, due_in=1.5 * SECOND, now=clock, offset=timedelta(hours=1))
        with units() as unit:
            (reminder,) = unit.reminders.planned(LI)
        until(lambda: counts(units).get(DeliveryState.SENT, 0) == 1)
        with units() as unit:
            assert unit.reminders.planned(LI) == []
            (line,) = unit.outbox.sent_after(LI, after=OutboxId(0), limit=5)
    assert line.sent_at is not None
    lag = line.sent_at - reminder.due_at
    assert timedelta(0) <= lag < 3 * SECOND
    assert "迟到" not in line.message.reply.text


def counts(units: Units) -> dict[DeliveryState, int]:
    with units() as unit:
        return unit.outbox.count_by_state()


def until(condition: Callable[[], bool], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)


@contextmanager
def beating(url: str, *, zone: str = "UTC") -> Iterator[subprocess.Popen[str]]:
    """A process that beats and sends, leading when the block begins."""
    process = subprocess.Popen(
        [sys.executable, __file__, url],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT), "TZ": zone},
    )
    with process:
        assert process.stdout is not None
        assert process.stdin is not None
        assert process.stdout.readline() == "leading\n"
        try:
            yield process
        finally:
            process.stdin.close()
            process.wait(20)


def main(url: str) -> None:
    """Beat and send until the input ends."""
    time.tzset()
    clock, units, wakeups = SystemClock(), SqlUnits(make_engine(url)), LocalWakeups()
    dispatcher = Dispatcher(units, clock, [FakeSender()], wakeups=wakeups)
    settings = WorkerSettings(outbox_threads=1)
    with (
        Worker(None, dispatcher.dispatch_one, wakeups=wakeups, settings=settings),
        Heartbeat(units, clock, jobs_of(units, clock), settings=SHORT) as heartbeat,
    ):
        print("leading" if heartbeat.leading else "standing by", flush=True)  # noqa: T201 -- awaited
        sys.stdin.read()


if __name__ == "__main__":
    main(*sys.argv[1:])
