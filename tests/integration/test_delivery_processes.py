"""Dispatchers in processes of their own, some of them killed, against a platform over HTTP.

Run as a program, this file is such a process: it sends until its input ends.
"""

import http.client
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import override

import pytest

from core.domain.conversations import Address
from core.domain.deliveries import Delivery, DeliveryState, OutboxId, Receipt
from core.domain.errors import RetrySendError, UnknownSendError
from core.persistence import SqlUnits, make_engine
from core.ports.sender import Sender
from core.ports.unit_of_work import Units
from keqiao.clock import SystemClock
from scheduler.dispatcher import LEASE, Dispatcher
from scheduler.wakeups import LocalWakeups
from scheduler.worker import Worker, WorkerSettings
from tests.factories import make_outbound
from tests.fakes.clock import START, FakeClock

ROOT = Path(__file__).parents[2]


class Platform:
    """A platform on loopback: notes every key it takes, and hangs before its answer if told."""

    def __init__(self) -> None:
        self.accepted: Counter[str] = Counter()
        self.by: Counter[str] = Counter()
        self.shown: list[str] = []
        self.hanging = False
        self.entered = threading.Event()
        self.lock = threading.Lock()
        self.released = threading.Event()

    def take(self, key: str, process: str) -> None:
        """Take a message; of a key seen before, nothing more is shown."""
        with self.lock:
            self.accepted[key] += 1
            self.by[process] += 1
            if self.accepted[key] == 1:
                self.shown.append(key)
        self.entered.set()
        if self.hanging:
            self.released.wait(30)
        else:
            time.sleep(0.003)


@contextmanager
def serving(platform: Platform) -> Iterator[int]:
    class Handler(BaseHTTPRequestHandler):
        """One request."""

        def do_POST(self) -> None:
            key = self.rfile.read(int(self.headers["Content-Length"])).decode()
            platform.take(key, self.headers["X-Process"])
            try:
                self.send_response(200)
                self.end_headers()
            except (BrokenPipeError, ConnectionResetError):
                pass  # the dispatcher was killed while it waited

        @override
        def log_message(self, format: str, *args: object) -> None:
            """Keep quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server.server_port
    finally:
        platform.released.set()
        server.shutdown()
        thread.join()
        server.server_close()


class HttpSender(Sender):
    """Posts a delivery's key."""

    def __init__(self, port: int, *, repeatable: bool) -> None:
        self._port = port
        self._repeatable = repeatable

    @property
    @override
    def channel(self) -> str:
        return "web"

    @property
    @override
    def repeatable(self) -> bool:
        return self._repeatable

    @override
    def send(self, delivery: Delivery) -> Receipt:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=20)
        try:
            connection.connect()
        except OSError as error:
            raise RetrySendError("the platform does not take connections") from error
        try:
            headers = {"X-Process": str(os.getpid())}
            connection.request("POST", "/", body=delivery.message.key, headers=headers)
            connection.getresponse().read()
        except OSError as error:
            raise UnknownSendError("no answer") from error
        finally:
            connection.close()
        return Receipt()


@contextmanager
def dispatching(url: str, port: int, *, repeatable: bool) -> Iterator[subprocess.Popen[str]]:
    """A dispatcher process, ready when the block begins and ended with it."""
    process = subprocess.Popen(
        [sys.executable, __file__, url, str(port), "repeatable" if repeatable else "once"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT)},
    )
    with process:
        assert process.stdout is not None
        assert process.stdin is not None
        assert process.stdout.readline() == "ready\n"
        try:
            yield process
        finally:
            process.stdin.close()
            process.wait(20)


def main(url: str, port: str, kind: str) -> None:
    """Send until the input ends."""
    clock, wakeups, units = SystemClock(), LocalWakeups(), SqlUnits(make_engine(url))
    sender = HttpSender(int(port), repeatable=kind == "repeatable")
    dispatcher = Dispatcher(units, clock, [sender], wakeups=wakeups)
    settings = WorkerSettings(outbox_threads=2, poll_seconds=0.05)
    with Worker(None, dispatcher.dispatch_one, wakeups=wakeups, settings=settings):
        print("ready", flush=True)  # noqa: T201 -- what the test waits for
        sys.stdin.read()


@pytest.fixture
def platform() -> Platform:
    """A platform that answers."""
    return Platform()


def queue(units: Units, count: int, *, people: int = 20) -> list[OutboxId]:
    now = SystemClock().now()
    with units() as unit:
        ids = [
            unit.outbox.put(
                make_outbound(str(n), address=Address(channel="web", user=f"u{n % people}")), now
            ).id
            for n in range(count)
        ]
        unit.commit()
    return ids


def states(units: Units) -> dict[DeliveryState, int]:
    with units() as unit:
        return unit.outbox.count_by_state()


def until(condition: Callable[[], bool], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)


def test_two_processes_hand_each_message_to_the_platform_once(
    units: Units, database_url: str, platform: Platform
) -> None:
    with (
        serving(platform) as port,
        dispatching(database_url, port, repeatable=False),
        dispatching(database_url, port, repeatable=False),
    ):
        queue(units, 200)
        until(lambda: states(units) == {DeliveryState.SENT: 200})
    assert len(platform.accepted) == 200
    assert set(platform.accepted.values()) == {1}
    assert len(platform.by) == 2


@pytest.mark.parametrize("by_lease", [True, False], ids=["by-lease", "at-restart"])
@pytest.mark.parametrize("repeatable", [True, False], ids=["repeatable", "once"])
def test_a_message_in_the_hands_of_a_killed_process_is_not_doubled_blindly(
    units: Units,
    database_url: str,
    platform: Platform,
    *,
    repeatable: bool,
    by_lease: bool,
) -> None:
    platform.hanging = True
    with serving(platform) as port:
        with dispatching(database_url, port, repeatable=repeatable) as process:
            (number,) = queue(units, 1)
            assert platform.entered.wait(20)
            process.send_signal(signal.SIGKILL)
            process.wait(20)
        assert states(units) == {DeliveryState.SENDING: 1}
        platform.hanging = False

        clock = FakeClock(SystemClock().now())
        if by_lease:
            clock.advance(LEASE)
        else:
            with units() as unit:
                unit.outbox.release_all()
                unit.commit()
        sender = HttpSender(port, repeatable=repeatable)
        again = Dispatcher(units, clock, [sender], wakeups=LocalWakeups())
        while again.dispatch_one():
            pass
    with units() as unit:
        delivery = unit.outbox.get(number)
    assert len(platform.shown) == 1
    if repeatable:
        assert (delivery.state, delivery.attempts) == (DeliveryState.SENT, 2)
        assert platform.accepted[delivery.message.key] == 2
    else:
        assert (delivery.state, delivery.attempts) == (DeliveryState.UNKNOWN, 1)
        assert platform.accepted[delivery.message.key] == 1
        assert delivery.error is not None


def test_a_live_process_keeps_its_message_while_another_starts(
    units: Units, database_url: str, platform: Platform
) -> None:
    platform.hanging = True
    with serving(platform) as port, dispatching(database_url, port, repeatable=True):
        queue(units, 1)
        assert platform.entered.wait(20)
        with dispatching(database_url, port, repeatable=True):
            time.sleep(0.5)
            platform.released.set()
            until(lambda: states(units) == {DeliveryState.SENT: 1})
    assert list(platform.accepted.values()) == [1]


def test_kills_in_the_middle_of_a_queue_lose_nothing(
    units: Units, database_url: str, platform: Platform
) -> None:
    queue(units, 120)
    with serving(platform) as port:
        for taken in (20, 50, 80):
            with dispatching(database_url, port, repeatable=False) as process:
                until(lambda wanted=taken: len(platform.accepted) >= wanted)  # type: ignore[misc] # mypy cannot infer a lambda with a default
                process.send_signal(signal.SIGKILL)
                process.wait(20)
        clock = FakeClock(SystemClock().now())
        clock.advance(LEASE)
        rest = Dispatcher(
            units, clock, [HttpSender(port, repeatable=False)], wakeups=LocalWakeups()
        )
        while rest.dispatch_one():
            pass
    ended = states(units)
    assert ended[DeliveryState.SENT] + ended.get(DeliveryState.UNKNOWN, 0) == 120
    assert ended.get(DeliveryState.UNKNOWN, 0) <= 3 * 2, "at most what was in the killed hands"
    assert set(platform.accepted.values()) == {1}


def test_a_platform_that_is_down_is_tried_again_later(units: Units) -> None:
    with serving(Platform()) as port:
        pass  # the port is free again and nobody listens
    with units() as unit:
        number = unit.outbox.put(make_outbound(), START).id
        unit.commit()
    sender = HttpSender(port, repeatable=False)
    dispatcher = Dispatcher(units, FakeClock(), [sender], wakeups=LocalWakeups())
    assert dispatcher.dispatch_one()
    with units() as unit:
        assert unit.outbox.get(number).state is DeliveryState.QUEUED


if __name__ == "__main__":
    main(*sys.argv[1:])
