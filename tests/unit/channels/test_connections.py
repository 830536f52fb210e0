"""Long connections, against a real websocket server on loopback: who talks, and after what."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from socket import SHUT_RDWR
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.server import Server, ServerConnection, serve

from channels.connections import Connection, HungUpError, Line, Pace
from core.domain.errors import RefusedSendError
from core.persistence import SqlUnits
from tests.fakes.clock import FakeClock
from tests.unit.channels.running import until

PACE = Pace(lease=timedelta(seconds=20), look=0.05, first=0.05, most=0.2)


class Platform:
    """Accepts connections and keeps what it is told."""

    def __init__(self) -> None:
        self.open: list[ServerConnection] = []
        self.opened = 0
        self.told: list[Any] = []
        self.server: Server | None = None
        self.lock = threading.Lock()

    @property
    def url(self) -> str:
        """Where it listens."""
        assert self.server is not None
        return f"ws://127.0.0.1:{self.server.socket.getsockname()[1]}/"

    def attend(self, socket: ServerConnection) -> None:
        """Listen to one connection until it ends."""
        with self.lock:
            self.open.append(socket)
            self.opened += 1
        with suppress(ConnectionClosed, OSError):
            for frame in socket:
                self.told.append(frame)
        with self.lock:
            self.open.remove(socket)

    def say(self, frame: str) -> None:
        """Say something on the newest connection."""
        self.open[-1].send(frame)


@contextmanager
def listening() -> Iterator[Platform]:
    platform = Platform()
    with serve(platform.attend, "127.0.0.1", 0) as server:
        platform.server = server
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield platform
        for one in list(platform.open):
            one.close()
        server.shutdown()
        thread.join()


class Talk:
    """Says back what it hears; `refused` is raised first, when an address is asked for."""

    name = "platform:app"
    ping_seconds = 0.1

    def __init__(self, address: Callable[[], str]) -> None:
        self._address = address
        self.heard: list[str] = []
        self.asked = 0
        self.refused: list[Exception] = []

    def address(self) -> str:
        """Where the platform listens."""
        self.asked += 1
        if self.refused:
            raise self.refused.pop(0)
        return self._address()

    def begin(self, line: Line) -> None:
        """Greet."""
        line.send("hello")

    def hear(self, frame: str | bytes, line: Line) -> None:
        """Keep and acknowledge, but for two words."""
        said = str(frame)
        if said == "go":
            raise HungUpError("the platform wants us to come again")
        if said == "poison":
            raise ValueError(said)
        self.heard.append(said)
        line.send(f"heard {said}")

    def ping(self, line: Line) -> None:
        """Be there."""
        line.send("ping")

    def close(self) -> None:
        """Nothing is kept open."""


@pytest.fixture
def platform() -> Iterator[Platform]:
    with listening() as made:
        yield made


def test_it_introduces_itself_hears_answers_and_pings(
    platform: Platform, sqlite_units: SqlUnits
) -> None:
    talk = Talk(lambda: platform.url)
    connection = Connection(talk, sqlite_units, FakeClock(), pace=PACE)
    with connection:
        until(lambda: connection.open)
        platform.say("one")
        until(lambda: "heard one" in platform.told and "ping" in platform.told)
    assert platform.told[0] == "hello"
    assert not connection.open
    until(lambda: not platform.open)


def test_a_frame_that_breaks_its_reader_is_not_acknowledged_and_ends_nothing(
    platform: Platform, sqlite_units: SqlUnits, caplog: pytest.LogCaptureFixture
) -> None:
    talk = Talk(lambda: platform.url)
    with Connection(talk, sqlite_units, FakeClock(), pace=PACE) as connection:
        until(lambda: connection.open)
        platform.say("poison")
        platform.say("two")
        until(lambda: "heard two" in platform.told)
    assert platform.opened == 1
    assert "heard poison" not in platform.told
    assert "ValueError" in caplog.text
    assert "poison" not in caplog.text


def test_it_comes_again_after_whatever_ended_it(
    platform: Platform, sqlite_units: SqlUnits
) -> None:
    talk = Talk(lambda: platform.url)
    talk.refused = [RefusedSendError("wrong secret"), HungUpError("busy"), OSError("broken")]
    with Connection(talk, sqlite_units, FakeClock(), pace=PACE) as connection:
        until(lambda: connection.open)
        platform.say("go")
        until(lambda: platform.opened == 2 and connection.open)
        platform.open[-1].close()
        until(lambda: platform.opened == 3 and connection.open)
        platform.open[-1].socket.shutdown(SHUT_RDWR)  # as when a cable is pulled
        until(lambda: platform.opened == 4 and connection.open)
        platform.say("three")
        until(lambda: talk.heard == ["three"])


def test_of_two_processes_one_talks_and_the_other_follows(
    platform: Platform, sqlite_units: SqlUnits
) -> None:
    clock = FakeClock()
    talk, other = Talk(lambda: platform.url), Talk(lambda: platform.url)
    second = Connection(other, sqlite_units, clock, pace=PACE)
    with Connection(talk, sqlite_units, clock, pace=PACE) as first:
        until(lambda: first.open)
        with second:
            platform.say("one")
            until(lambda: talk.heard == ["one"])
            assert other.asked == 0
            first.__exit__(None, None, None)
            until(lambda: second.open)
            platform.say("two")
            until(lambda: other.heard == ["two"])
    assert platform.opened == 2


def test_the_place_of_a_process_that_died_is_taken_when_its_lease_has_run_out(
    platform: Platform, sqlite_units: SqlUnits
) -> None:
    clock = FakeClock()
    with sqlite_units() as unit:
        unit.leases.take("connection:platform:app", "dead", clock.now(), PACE.lease)
        unit.commit()
    talk = Talk(lambda: platform.url)
    with Connection(talk, sqlite_units, clock, pace=PACE) as connection:
        assert not connection.open
        assert talk.asked == 0
        clock.advance(timedelta(seconds=21))
        until(lambda: connection.open)


def test_who_has_lost_the_lease_hangs_up(platform: Platform, sqlite_units: SqlUnits) -> None:
    clock = FakeClock()
    pace = Pace(lease=timedelta(seconds=0.3), look=0.05, first=0.05)
    talk = Talk(lambda: platform.url)
    with Connection(talk, sqlite_units, clock, pace=pace) as connection:
        until(lambda: connection.open)
        clock.advance(timedelta(seconds=5))
        taken = False
        while not taken:  # it renews its lease three times in its length; another is quicker once
            clock.advance(timedelta(seconds=5))
            with sqlite_units() as unit:
                taken = unit.leases.take(
                    "connection:platform:app", "other", clock.now(), timedelta(seconds=0.5)
                )
                unit.commit()
        until(lambda: not connection.open and not platform.open)
