"""DingTalk over a connection: our client and the vendor's at the same platform."""

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from socket import SHUT_RDWR

import pytest

from channels.connections import Connection, Pace
from channels.dingtalk.sender import DingTalkSender
from channels.dingtalk.settings import DingTalkSettings
from channels.dingtalk.stream import DingTalkStream
from channels.rates import Rate, TokenBuckets
from core.persistence import SqlUnits
from core.services.conversations import AcceptInbound
from scheduler.dispatcher import Dispatcher
from tests.fakes.clock import FakeClock
from tests.fakes.platforms.dingtalk import APP_KEY, FakeDingTalk
from tests.fakes.platforms.dingtalk_events import Connections, Pusher, taking_connections
from tests.unit.channels.running import Site, until

ROOT = Path(__file__).resolve().parents[3]
PYTHON = ROOT / ".stamps" / "peers" / "bin" / "python"
PEER = Path(__file__).with_name("dingtalk_peer.py")
SECRET = "app secret of the tests"  # noqa: S105 -- no real one
PACE = Pace(look=0.05, first=0.05, most=0.2)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def fake(clock: FakeClock) -> Iterator[FakeDingTalk]:
    with FakeDingTalk(clock, secret=SECRET) as made:
        yield made


@pytest.fixture
def platform(fake: FakeDingTalk) -> Iterator[Connections]:
    with taking_connections(fake) as made:
        yield made


@pytest.fixture
def pusher(fake: FakeDingTalk) -> Pusher:
    return Pusher(fake=fake, secret=SECRET)


@pytest.fixture
def site(sqlite_units: SqlUnits, clock: FakeClock) -> Site:
    return Site(units=sqlite_units, clock=clock)


def settings_of(fake: FakeDingTalk, secret: str = SECRET) -> DingTalkSettings:
    return DingTalkSettings(
        app_key=APP_KEY,
        app_secret=secret,
        robot_code=APP_KEY,
        api_base=fake.url,
        oapi_base=fake.url,
        timeout=2.0,
    )


def make_connection(site: Site, fake: FakeDingTalk, secret: str = SECRET) -> Connection:
    accept = AcceptInbound(units=site.units, clock=site.clock, wakeups=site.wakeups)
    users = TokenBuckets(Rate(burst=30, per_second=1), site.clock)
    talk = DingTalkStream(settings_of(fake, secret), accept=accept, units=site.units, users=users)
    return Connection(talk, site.units, site.clock, pace=PACE)


@contextmanager
def connected(site: Site, fake: FakeDingTalk) -> Iterator[Connection]:
    with make_connection(site, fake) as made:
        until(lambda: made.open)
        yield made


def inbox(site: Site) -> list[str]:
    with site.units() as unit:
        entries = unit.inbox.claim(site.clock.now(), timedelta(seconds=1))
    return [entry.message.text for entry in entries]


def test_a_message_is_kept_acknowledged_answered(
    site: Site, fake: FakeDingTalk, platform: Connections, pusher: Pusher
) -> None:
    with connected(site, fake):
        frame = platform.push(pusher.said("有什么活动"))
        until(lambda: frame in platform.acknowledged)
    assert platform.acknowledged[frame]["code"] == 200
    assert json.loads(platform.acknowledged[frame]["data"]) == {"response": None}
    sender = DingTalkSender(settings_of(fake), site.units, site.clock)
    site.handler()()
    Dispatcher(site.units, site.clock, [sender], wakeups=site.wakeups).dispatch_one()
    sender.close()
    assert [(one.text, one.way) for one in fake.sent] == [("echo: 有什么活动", "session")]
    assert fake.subscriptions == [{"type": "CALLBACK", "topic": "/v1.0/im/bot/messages/get"}]


def test_a_message_that_could_not_be_kept_is_not_acknowledged(
    site: Site, fake: FakeDingTalk, platform: Connections, pusher: Pusher
) -> None:
    class Failing:
        """A database that is away once."""

        def __init__(self) -> None:
            self.away = False

        def __call__(self) -> object:
            if self.away:
                self.away = False
                raise OSError("the disk is full")
            return site.units()

    failing = Failing()
    accept = AcceptInbound(units=failing, clock=site.clock, wakeups=site.wakeups)  # type: ignore[arg-type] # fails on purpose
    users = TokenBuckets(Rate(burst=30, per_second=1), site.clock)
    talk = DingTalkStream(settings_of(fake), accept=accept, units=site.units, users=users)
    with Connection(talk, site.units, site.clock, pace=PACE) as connection:
        until(lambda: connection.open)
        failing.away = True
        message = pusher.said("你好")
        first = platform.push(message)
        until(lambda: not failing.away)
        second = platform.push(message)
        until(lambda: second in platform.acknowledged)
    assert first not in platform.acknowledged
    assert inbox(site) == ["你好"]


def test_pings_are_answered_and_what_is_strange_is_said_to_be_so(
    site: Site, fake: FakeDingTalk, platform: Connections, pusher: Pusher
) -> None:
    with connected(site, fake):
        ping = platform.push({"opaque": "o-1"}, topic="ping", kind="SYSTEM")
        event = platform.push({}, topic="*", kind="EVENT")
        other = platform.push({}, topic="/v1.0/card/instances/callback")
        broken = platform.push("no object")
        deep = platform.push({"msgtype": [[[[[[[[[[[[[[1]]]]]]]]]]]]]]})
        for garbage in ("", "[]", '{"a": ' * 5000, "\x00", "{" * 70_000):
            platform.open[-1].send(garbage)
        platform.open[-1].send(b"\xff\xfe")
        good = platform.push(pusher.said("你好"))
        until(lambda: good in platform.acknowledged)
    assert json.loads(platform.acknowledged[ping]["data"]) == {"opaque": "o-1"}
    codes = {name: platform.acknowledged[name]["code"] for name in (event, other, broken, deep)}
    assert list(codes.values()) == [404, 404, 400, 400]
    assert platform.opened == 1
    assert inbox(site) == ["你好"]


def test_a_message_twice_over_two_connections_is_one(
    site: Site, fake: FakeDingTalk, platform: Connections, pusher: Pusher
) -> None:
    message = pusher.said("你好")
    with connected(site, fake) as connection:
        platform.push(message)
        platform.push({"reason": "connection is expired"}, topic="disconnect", kind="SYSTEM")
        until(lambda: platform.opened == 2 and connection.open)
        frame = platform.push(message)
        until(lambda: frame in platform.acknowledged)
        platform.open[-1].socket.shutdown(SHUT_RDWR)
        until(lambda: platform.opened == 3 and connection.open)
        frame = platform.push(pusher.said("再见"))
        until(lambda: frame in platform.acknowledged)
    assert inbox(site) == ["你好", "再见"]
    assert platform.refused == 0, "each connection has a ticket of its own"
    assert not fake.tickets


def test_a_frame_that_is_cut_off_in_its_middle_is_none(
    site: Site, fake: FakeDingTalk, platform: Connections, pusher: Pusher
) -> None:
    with connected(site, fake) as connection:
        socket = platform.open[-1].socket
        socket.sendall(b"\x81\x7e\x02\x00" + b'{"type": "CALLBACK", "headers": ')
        socket.shutdown(SHUT_RDWR)
        until(lambda: platform.opened == 2 and connection.open)
        frame = platform.push(pusher.said("你好"))
        until(lambda: frame in platform.acknowledged)
    assert inbox(site) == ["你好"]


def test_two_processes_have_one_connection(
    site: Site, fake: FakeDingTalk, platform: Connections, pusher: Pusher
) -> None:
    with connected(site, fake) as first, make_connection(site, fake) as second:
        frame = platform.push(pusher.said("你好"))
        until(lambda: frame in platform.acknowledged)
        assert (first.open, second.open, platform.opened) == (True, False, 1)
        first.__exit__(None, None, None)
        until(lambda: second.open)
        frame = platform.push(pusher.said("再见"))
        until(lambda: frame in platform.acknowledged)
    assert inbox(site) == ["你好", "再见"]


def test_a_wrong_secret_is_told_and_tried_seldom(
    site: Site, fake: FakeDingTalk, platform: Connections, caplog: pytest.LogCaptureFixture
) -> None:
    with make_connection(site, fake, secret="wrong"):  # noqa: S106 -- no real one
        until(lambda: "authFailed" in caplog.text)
    assert platform.opened == 0
    assert SECRET not in caplog.text


def test_it_goes_nowhere_that_is_not_dingtalks(
    site: Site, fake: FakeDingTalk, platform: Connections, caplog: pytest.LogCaptureFixture
) -> None:
    fake.endpoint = "wss://dingtalk.evil.example/connect"
    with make_connection(site, fake):
        until(lambda: "dingtalk.evil.example: refused" in caplog.text)
    assert platform.opened == 0


def test_the_vendors_client_hears_and_answers_at_the_same_platform(
    fake: FakeDingTalk, platform: Connections, pusher: Pusher
) -> None:
    if not PYTHON.exists():
        pytest.skip("dingtalk-stream is not installed beside the house; run `make peers`")
    environment = {**os.environ, "DINGTALK_OPENAPI_ENDPOINT": fake.url}  # noqa: TID251 -- a child's
    with subprocess.Popen(
        [str(PYTHON), str(PEER), APP_KEY, SECRET],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=environment,
    ) as peer:
        try:
            until(lambda: bool(platform.open), 60)
            frames = [platform.push(pusher.said(text)) for text in ("你好", "有什么活动 😀")]
            assert peer.stdout is not None
            heard = [json.loads(peer.stdout.readline()) for _ in frames]
            until(lambda: all(one in platform.acknowledged for one in frames))
        finally:
            peer.kill()
    assert sorted(one["text"] for one in heard) == ["你好", "有什么活动 😀"]
    assert {one["by"] for one in heard} == {"zhang"}
    assert sorted(fake.texts()) == ["peer: 你好", "peer: 有什么活动 😀"]
    for one in frames:
        answer = platform.acknowledged[one]
        assert answer["code"] == 200
        assert answer["headers"]["contentType"] == "application/json"
