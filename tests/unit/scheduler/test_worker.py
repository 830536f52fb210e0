"""The worker's loops."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from core.ports.wakeups import Work
from scheduler.wakeups import LocalWakeups
from scheduler.worker import Worker, WorkerSettings

QUICK = WorkerSettings(inbox_threads=2, outbox_threads=1, poll_seconds=0.02, pause_seconds=0.01)


@contextmanager
def working(worker: Worker) -> Iterator[Worker]:
    worker.start()
    try:
        yield worker
    finally:
        assert worker.stop(10)


class Counting:
    """Counts its calls and tells when there were `enough`; does what it is given at each."""

    def __init__(self, enough: int, *, at_each: Callable[[int], bool]) -> None:
        self.count = 0
        self.reached = threading.Event()
        self._enough = enough
        self._at_each = at_each
        self._lock = threading.Lock()

    def __call__(self) -> bool:
        """One step."""
        with self._lock:
            self.count += 1
            count = self.count
        if count >= self._enough:
            self.reached.set()
        return self._at_each(count)


def test_a_loop_goes_on_without_waiting_while_there_is_work() -> None:
    step = Counting(500, at_each=lambda count: count < 500)
    settings = WorkerSettings(poll_seconds=60, outbox_threads=1)
    wakeups = LocalWakeups()
    with working(Worker(None, step, wakeups=wakeups, settings=settings)):
        assert step.reached.wait(10)
        wakeups.wake(Work.OUTBOX)


def test_an_idle_loop_looks_again_without_being_woken() -> None:
    step = Counting(3, at_each=lambda _: False)
    with working(Worker(step, wakeups=LocalWakeups(), settings=QUICK)):
        assert step.reached.wait(10)


def test_a_nudge_ends_an_idle_loops_wait() -> None:
    wakeups = LocalWakeups()
    step = Counting(2, at_each=lambda _: False)
    settings = WorkerSettings(poll_seconds=60, inbox_threads=1)
    with working(Worker(step, wakeups=wakeups, settings=settings)):
        wakeups.wake(Work.INBOX)
        assert step.reached.wait(10)
        wakeups.wake(Work.INBOX)


def test_an_error_does_not_end_a_loop_and_its_words_are_not_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail_at_first(count: int) -> bool:
        if count < 4:
            raise ValueError("预算五十万")
        return False

    step = Counting(6, at_each=fail_at_first)
    with (
        caplog.at_level(logging.ERROR, logger="scheduler"),
        working(Worker(None, step, wakeups=LocalWakeups(), settings=QUICK)) as worker,
    ):
        assert step.reached.wait(10)
        assert worker.alive
    assert caplog.text.count("ValueError at ") == 3
    assert "预算" not in caplog.text


def test_a_stop_lets_the_item_in_hand_be_finished() -> None:
    begun, finish, finished = threading.Event(), threading.Event(), threading.Event()

    def step() -> bool:
        begun.set()
        finish.wait(10)
        finished.set()
        return True

    worker = Worker(None, step, wakeups=LocalWakeups(), settings=QUICK)
    worker.start()
    assert begun.wait(10)
    assert not worker.stop(0.05)
    assert not finished.is_set()
    finish.set()
    assert worker.stop(10)
    assert finished.is_set()


def test_inbox_and_outbox_have_their_own_numbers_of_loops() -> None:
    names: set[str] = set()
    all_seen = threading.Event()

    def step() -> bool:
        names.add(threading.current_thread().name)
        if len(names) == 3:
            all_seen.set()
        return False

    with working(Worker(step, step, wakeups=LocalWakeups(), settings=QUICK)) as worker:
        assert all_seen.wait(10)
        assert worker.alive
    assert names == {"inbox-0", "inbox-1", "outbox-0"}


def test_a_worker_that_was_never_started_can_be_stopped() -> None:
    worker = Worker(lambda: False, lambda: False, wakeups=LocalWakeups(), settings=QUICK)
    assert worker.stop(1)
