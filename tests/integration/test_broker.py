"""Nudges between processes, on the real servers, and what happens when those go away.

Run as a program, this file is a process that tells of every nudge it gets, until its input ends.
"""

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from socket import AF_INET, SHUT_RDWR, SO_REUSEADDR, SOCK_STREAM, SOL_SOCKET, create_connection
from socket import socket as Socket  # noqa: N812 -- a class
from urllib.parse import urlsplit

import pytest
import redis

from core.domain.errors import BadInputError
from core.ports.wakeups import Work
from scheduler.broker import BrokerWakeups

ROOT = Path(__file__).parents[2]


@pytest.fixture(params=["redis", "rabbitmq"])
def broker_url(request: pytest.FixtureRequest) -> str:
    """Each of the two servers."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@contextmanager
def opened(url: str, name: str, *, ready: bool = True) -> Iterator[BrokerWakeups]:
    wakeups = BrokerWakeups(url, name=name, pause=0.1)
    try:
        if ready:
            assert wakeups.ready(20)
        yield wakeups
    finally:
        wakeups.close()


@contextmanager
def listening(url: str, name: str) -> Iterator[subprocess.Popen[str]]:
    """A process that listens, and has reached the broker when the block begins."""
    process = subprocess.Popen(
        [sys.executable, __file__, url, name],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT)},
    )
    with process:
        assert process.stdin is not None
        assert heard(process) == "ready"
        try:
            yield process
        finally:
            process.stdin.close()
            process.wait(20)


def heard(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def main(url: str, name: str) -> None:
    """Tell of every nudge."""
    wakeups = BrokerWakeups(url, name=name, pause=0.1)
    print("ready" if wakeups.ready(20) else "not reached", flush=True)  # noqa: T201 -- awaited

    def tell() -> None:
        while True:
            if wakeups.wait(Work.OUTBOX, 60):
                print(Work.OUTBOX, flush=True)  # noqa: T201 -- awaited

    threading.Thread(target=tell, daemon=True).start()
    sys.stdin.read()
    wakeups.close()


class Proxy:
    """A door to a server that can be shut, with every connection through it cut."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._server = (parts.hostname or "127.0.0.1", parts.port or 0)
        self._door = Socket(AF_INET, SOCK_STREAM)
        self._door.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
        self._door.bind(("127.0.0.1", 0))
        self._door.listen()
        self._pairs: list[Socket] = []
        self._open = True
        self._closed = False
        self.connections = 0
        user = f"{parts.username}:{parts.password}@" if parts.username else ""
        port = self._door.getsockname()[1]
        self.url = f"{parts.scheme}://{user}127.0.0.1:{port}{parts.path}"
        self._threads = [threading.Thread(target=self._serve)]
        self._threads[0].start()

    def shut(self) -> None:
        """Cut every connection and take no new ones."""
        self._open = False
        for end in self._pairs:
            with suppress(OSError):
                end.shutdown(SHUT_RDWR)

    def open(self) -> None:
        """Take connections again."""
        self._open = True

    def close(self) -> None:
        """End."""
        self._closed = True
        self.shut()
        with suppress(OSError):
            self._door.shutdown(SHUT_RDWR)
        self._door.close()
        for thread in self._threads:
            thread.join(10)
        for end in self._pairs:
            end.close()

    def _serve(self) -> None:
        while not self._closed:
            try:
                near, _ = self._door.accept()
            except OSError:
                return
            if not self._open:
                near.close()
                continue
            self.connections += 1
            far = create_connection(self._server)
            self._pairs += [near, far]
            for one, other in ((near, far), (far, near)):
                thread = threading.Thread(target=self._pump, args=(one, other))
                thread.start()
                self._threads.append(thread)

    @staticmethod
    def _pump(one: Socket, other: Socket) -> None:
        with suppress(OSError):
            while piece := one.recv(65536):
                other.sendall(piece)
        with suppress(OSError):
            other.shutdown(SHUT_RDWR)


@contextmanager
def proxied(url: str) -> Iterator[Proxy]:
    proxy = Proxy(url)
    try:
        yield proxy
    finally:
        proxy.close()


def until(condition: Callable[[], bool], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)


@pytest.mark.integration
def test_a_nudge_wakes_the_workers_of_every_process(broker_url: str, unique_name: str) -> None:
    with (
        listening(broker_url, unique_name) as first,
        listening(broker_url, unique_name) as second,
        opened(broker_url, unique_name) as wakeups,
    ):
        for _ in range(3):
            wakeups.wake(Work.OUTBOX)
            assert heard(first) == "outbox"
            assert heard(second) == "outbox"


@pytest.mark.integration
def test_a_nudge_comes_within_a_fraction_of_the_poll(broker_url: str, unique_name: str) -> None:
    with opened(broker_url, unique_name) as one, opened(broker_url, unique_name) as other:
        took = []
        for _ in range(20):
            began = time.monotonic()
            one.wake(Work.INBOX)
            assert other.wait(Work.INBOX, 10)
            took.append(time.monotonic() - began)
        assert sorted(took)[10] < 0.1


@pytest.mark.integration
def test_only_the_kind_of_work_is_nudged_and_not_twice(broker_url: str, unique_name: str) -> None:
    with opened(broker_url, unique_name) as one, opened(broker_url, unique_name) as other:
        one.wake(Work.INBOX)
        assert other.wait(Work.INBOX, 10)
        assert not other.wait(Work.OUTBOX, 0.1)
        assert one.wait(Work.INBOX, 0), "its own workers are woken at once"
        assert not one.wait(Work.INBOX, 0.3), "and not again by its own echo"


@pytest.mark.integration
def test_two_sites_on_one_server_do_not_wake_each_other(broker_url: str, unique_name: str) -> None:
    with (
        opened(broker_url, unique_name) as one,
        opened(broker_url, f"{unique_name}.other") as other,
    ):
        one.wake(Work.OUTBOX)
        assert not other.wait(Work.OUTBOX, 0.5)


@pytest.mark.integration
def test_a_short_lived_process_sends_its_nudge_before_it_ends(
    broker_url: str, unique_name: str
) -> None:
    with opened(broker_url, unique_name) as listener:
        with opened(broker_url, unique_name, ready=False) as brief:
            brief.wake(Work.OUTBOX)
        assert listener.wait(Work.OUTBOX, 10)


@pytest.mark.integration
def test_after_the_broker_comes_back_nudges_flow_again(broker_url: str, unique_name: str) -> None:
    with ExitStack() as stack:
        proxy = stack.enter_context(proxied(broker_url))
        near = stack.enter_context(opened(proxy.url, unique_name))
        far = stack.enter_context(opened(broker_url, unique_name))
        for round_ in range(2):
            proxy.shut()
            began = time.monotonic()
            near.wake(Work.OUTBOX)
            assert time.monotonic() - began < 0.5, "a nudge never blocks"
            assert near.wait(Work.OUTBOX, 0), "and reaches its own workers"
            assert not far.wait(Work.OUTBOX, 0.5)
            proxy.open()
            assert far.wait(Work.OUTBOX, 30), f"round {round_}: the kept nudge came"
            far.wake(Work.INBOX)
            assert near.wait(Work.INBOX, 30), f"round {round_}: it hears again"


@pytest.mark.parametrize("scheme", ["redis", "amqp"])
def test_a_broker_that_is_down_is_only_slower(scheme: str) -> None:
    with Socket(AF_INET, SOCK_STREAM) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    wakeups = BrokerWakeups(f"{scheme}://127.0.0.1:{port}/", pause=0.1)
    began = time.monotonic()
    for _ in range(100):
        wakeups.wake(Work.OUTBOX)
    assert time.monotonic() - began < 1
    assert wakeups.wait(Work.OUTBOX, 5)
    assert not wakeups.ready(0.5)
    wakeups.close()
    assert time.monotonic() - began < 12


def test_a_broker_of_another_kind_is_refused_by_name() -> None:
    with pytest.raises(BadInputError, match="'kafka'"):
        BrokerWakeups("kafka://127.0.0.1:9092/")


def test_nothing_is_opened_before_the_first_nudge() -> None:
    before = threading.active_count()
    wakeups = BrokerWakeups("redis://127.0.0.1:1/")
    assert threading.active_count() == before
    wakeups.close()
    wakeups.wake(Work.INBOX)
    assert threading.active_count() == before, "nor after it was closed"


@pytest.mark.integration
def test_a_process_that_ends_leaves_no_group_behind(redis_url: str, unique_name: str) -> None:
    with opened(redis_url, unique_name), redis.Redis.from_url(redis_url) as client:
        assert len(list(client.xinfo_groups(unique_name))) == 1
    with redis.Redis.from_url(redis_url) as client:
        assert list(client.xinfo_groups(unique_name)) == []


@pytest.mark.integration
def test_the_group_of_a_killed_process_is_tidied_away(redis_url: str, unique_name: str) -> None:
    with listening(redis_url, unique_name) as process:
        process.kill()
        process.wait(20)
    with redis.Redis.from_url(redis_url) as client:
        (left,) = client.xinfo_groups(unique_name)
        with opened(redis_url, unique_name) as wakeups, opened(redis_url, unique_name):
            living = [group["name"] for group in client.xinfo_groups(unique_name)]
            assert left["name"] not in living
            assert len(living) == 2
            assert not wakeups.wait(Work.INBOX, 0)


if __name__ == "__main__":
    main(*sys.argv[1:])
