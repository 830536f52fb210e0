"""Nudges inside one process."""

import threading
import time

from core.ports.wakeups import Work
from scheduler.wakeups import LocalWakeups


def test_a_nudge_before_the_wait_is_not_lost() -> None:
    wakeups = LocalWakeups()
    wakeups.wake(Work.OUTBOX)
    assert wakeups.wait(Work.OUTBOX, 5)


def test_a_nudge_wakes_a_thread_once() -> None:
    wakeups = LocalWakeups()
    wakeups.wake(Work.INBOX)
    assert wakeups.wait(Work.INBOX, 0)
    assert not wakeups.wait(Work.INBOX, 0)


def test_many_nudges_while_a_thread_is_busy_are_one() -> None:
    wakeups = LocalWakeups()
    for _ in range(100):
        wakeups.wake(Work.INBOX)
    assert [wakeups.wait(Work.INBOX, 0) for _ in range(3)] == [True, False, False]


def test_a_nudge_for_one_kind_of_work_does_not_wake_the_other() -> None:
    wakeups = LocalWakeups()
    wakeups.wake(Work.INBOX)
    assert not wakeups.wait(Work.OUTBOX, 0)


def test_without_a_nudge_the_wait_ends_in_time() -> None:
    began = time.monotonic()
    assert not LocalWakeups().wait(Work.OUTBOX, 0.05)
    assert 0.04 < time.monotonic() - began < 2


def test_every_waiting_thread_is_woken() -> None:
    wakeups = LocalWakeups()
    ready = threading.Barrier(5)
    woken: list[bool] = []

    def wait() -> None:
        ready.wait()
        woken.append(wakeups.wait(Work.OUTBOX, 10))

    threads = [threading.Thread(target=wait) for _ in range(4)]
    for thread in threads:
        thread.start()
    ready.wait()
    wakeups.wake(Work.OUTBOX)
    for thread in threads:
        thread.join()
    assert woken == [True] * 4
