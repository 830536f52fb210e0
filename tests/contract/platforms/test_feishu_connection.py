"""Feishu over a long connection: our client and the vendor's at the same platform."""

import json
import subprocess
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from socket import SHUT_RDWR

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channels.bodies import BadBodyError
from channels.connections import Connection, Pace
from channels.feishu.settings import FeishuSettings
from channels.feishu.stream.frames import Frame, read_frame, write_frame
from channels.feishu.stream.talk import FeishuTalk
from channels.rates import Rate, TokenBuckets
from core.persistence import SqlUnits
from core.services.conversations import AcceptInbound
from tests.fakes.clock import FakeClock
from tests.fakes.platforms.feishu import APP_ID, BOT, FakeFeishu
from tests.fakes.platforms.feishu_connections import Connections, taking_connections, written
from tests.fakes.platforms.feishu_events import Pusher
from tests.unit.channels.running import Site, until

ROOT = Path(__file__).resolve().parents[3]
PYTHON = ROOT / ".stamps" / "peers" / "bin" / "python"
PEER = Path(__file__).with_name("lark_ws_peer.py")
SECRET = "app secret of the tests"  # noqa: S105 -- no real one
PACE = Pace(look=0.05, first=0.05, most=0.2)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def feishu(clock: FakeClock) -> Iterator[FakeFeishu]:
    with FakeFeishu(clock, secret=SECRET) as made:
        yield made


@pytest.fixture
def platform(feishu: FakeFeishu) -> Iterator[Connections]:
    with taking_connections(feishu) as made:
        yield made


@pytest.fixture
def pusher(clock: FakeClock) -> Pusher:
    return Pusher(url="", clock=clock, encrypt_key="")


@pytest.fixture
def site(sqlite_units: SqlUnits, clock: FakeClock) -> Site:
    return Site(units=sqlite_units, clock=clock)


def make_connection(site: Site, feishu: FakeFeishu, secret: str = SECRET) -> Connection:
    app = FeishuSettings(app_id=APP_ID, app_secret=secret, api_base=feishu.url, timeout=2.0)
    accept = AcceptInbound(units=site.units, clock=site.clock, wakeups=site.wakeups)
    users = TokenBuckets(Rate(burst=30, per_second=1), site.clock)
    talk = FeishuTalk(app, accept=accept, units=site.units, users=users)
    return Connection(talk, site.units, site.clock, pace=PACE)


@contextmanager
def connected(site: Site, feishu: FakeFeishu) -> Iterator[Connection]:
    with make_connection(site, feishu) as made:
        until(lambda: made.open)
        yield made


def inbox(site: Site) -> list[str]:
    found: list[str] = []
    with site.units() as unit:
        while entries := unit.inbox.claim(site.clock.now(), timedelta(seconds=1)):
            found += [entry.message.text for entry in entries]
    return found


def test_events_are_kept_then_acknowledged_and_twice_is_once(
    site: Site, feishu: FakeFeishu, platform: Connections, pusher: Pusher
) -> None:
    us = {"key": "@_user_1", "id": {"open_id": BOT}, "name": "科桥"}
    event = pusher.said("有什么活动")
    with connected(site, feishu):
        names = [platform.push(event), platform.push(event)]
        names.append(platform.push(pusher.said("@_user_1 政策", group="oc_team", mentions=[us])))
        names.append(platform.push(pusher.event("contact.user.updated_v3", {"object": {}})))
        until(lambda: all(one in platform.acknowledged for one in names))
        until(lambda: platform.pings > 0)
    assert [platform.acknowledged[one] for one in names] == [{"code": 200}] * 4
    assert sorted(inbox(site)) == sorted(["有什么活动", "政策"])


def test_an_event_in_several_frames_is_one_whatever_their_order(
    site: Site, feishu: FakeFeishu, platform: Connections, pusher: Pusher
) -> None:
    body = json.dumps(pusher.said("长话" * 200)).encode()
    with connected(site, feishu):
        name = platform.push(pusher.said("短话"), parts=3)
        thirds = (body[:500], body[500:1000], body[1000:])
        for seq in (2, 0, 0, 1):
            platform.push_part("mixed", thirds[seq], 3, seq)
        until(lambda: name in platform.acknowledged and "mixed" in platform.acknowledged)
        for many, seq in ((2, 5), (1000, 1), (3, 3)):
            platform.push_part("bad", b"{}", many, seq)
        for _ in range(2):
            platform.push_part("huge", b"x" * 60_000, 2, 0)
            platform.push_part("huge", b"x" * 60_000, 2, 1)
        end = platform.push(pusher.said("完"))
        until(lambda: end in platform.acknowledged)
    assert {"bad", "huge"}.isdisjoint(platform.acknowledged)
    assert platform.opened == 1
    assert inbox(site) == ["短话", "长话" * 200, "完"]


def test_a_connection_that_breaks_in_an_event_loses_none(
    site: Site, feishu: FakeFeishu, platform: Connections, pusher: Pusher
) -> None:
    event = pusher.said("你好")
    body = json.dumps(event).encode()
    with connected(site, feishu) as connection:
        platform.push_part("half", body[:100], 2, 0)
        platform.open[-1].socket.shutdown(SHUT_RDWR)
        until(lambda: platform.opened == 2 and connection.open)
        platform.push_part("half", body[100:], 2, 1)
        name = platform.push(event)  # Feishu brings again what was not acknowledged
        until(lambda: name in platform.acknowledged)
    assert "half" not in platform.acknowledged
    assert inbox(site) == ["你好"]
    assert platform.refused == 0


def test_what_cannot_be_kept_now_is_said_to_be_so(
    site: Site, feishu: FakeFeishu, platform: Connections, pusher: Pusher
) -> None:
    us = {"key": "@_user_1", "id": {"open_id": BOT}, "name": "科桥"}
    event = pusher.said("@_user_1 政策", group="oc_team", mentions=[us])
    with connected(site, feishu):
        feishu.broken = True
        first = platform.push(event)
        until(lambda: first in platform.acknowledged)
        feishu.broken = False
        second = platform.push(event)
        broken = platform.push({"schema": "2.0"})
        until(lambda: broken in platform.acknowledged)
        many = [platform.push(pusher.said("快", by="ou_fast")) for _ in range(35)]
        until(lambda: many[-1] in platform.acknowledged)
    codes = [platform.acknowledged[one]["code"] for one in (first, second, broken, many[-1])]
    assert codes == [500, 200, 400, 500]
    assert inbox(site).count("政策") == 1


def test_a_press_is_answered_in_its_acknowledgement(
    site: Site, feishu: FakeFeishu, platform: Connections, pusher: Pusher
) -> None:
    with connected(site, feishu):
        name = platform.push(pusher.pressed({"say": "转人工", "at": "ou_li"}))
        until(lambda: name in platform.acknowledged)
    answer = platform.acknowledged[name]
    assert answer["code"] == 200
    assert json.loads(b64decode(answer["data"]))["toast"]["content"] == "已收到，正在处理"
    assert inbox(site) == ["转人工"]


def test_two_processes_have_one_connection_and_a_wrong_secret_none(
    site: Site,
    feishu: FakeFeishu,
    platform: Connections,
    caplog: pytest.LogCaptureFixture,
) -> None:
    with make_connection(site, feishu, secret="wrong"):  # noqa: S106 -- no real one
        until(lambda: "KEQIAO_FEISHU_APP_SECRET" in caplog.text)
    with connected(site, feishu) as first, make_connection(site, feishu) as second:
        assert (first.open, second.open, platform.opened) == (True, False, 1)
        first.__exit__(None, None, None)
        until(lambda: second.open)
    assert SECRET not in caplog.text


def test_the_vendors_client_hears_and_answers_at_the_same_platform(
    feishu: FakeFeishu, platform: Connections, pusher: Pusher
) -> None:
    if not PYTHON.exists():
        pytest.skip("lark-oapi is not installed beside the house; run `make peers`")
    with subprocess.Popen(
        [str(PYTHON), str(PEER), feishu.url, APP_ID, SECRET],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as peer:
        try:
            until(lambda: bool(platform.open) and platform.pings > 0, 100)
            names = [
                platform.push(pusher.said("揭榜挂帅 😀")),
                platform.push(pusher.said("长" * 3000), parts=4),
                platform.push(pusher.pressed({"say": "好"})),
            ]
            assert peer.stdout is not None
            heard = [json.loads(peer.stdout.readline())["text"] for _ in range(2)]
            until(lambda: all(one in platform.acknowledged for one in names))
        finally:
            peer.kill()
    assert sorted(heard) == sorted(["揭榜挂帅 😀", "长" * 3000])
    assert {platform.acknowledged[one]["code"] for one in names} == {200}
    toast = json.loads(b64decode(platform.acknowledged[names[2]]["data"]))["toast"]
    assert toast["content"] == "peer"


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
NUMBERS = st.integers(0, 2**63 - 1)


@settings(max_examples=200, deadline=None)
@given(NUMBERS, NUMBERS, st.dictionaries(TEXTS, TEXTS, max_size=4), st.binary(max_size=300))
def test_a_frame_is_read_as_it_was_written(
    sequence: int, service: int, headers: dict[str, str], payload: bytes
) -> None:
    frame = Frame(sequence=sequence, service=service, headers=headers, payload=payload, method=1)
    assert read_frame(write_frame(frame)) == frame
    other = read_frame(written(1, headers, payload))
    assert (other.headers, other.payload, other.new_log_id) == (headers, payload, "log")


@settings(max_examples=500, deadline=None)
@given(st.binary(max_size=200), st.integers(0, 60), st.binary(max_size=3))
def test_no_frame_breaks_its_reader(noise: bytes, at: int, more: bytes) -> None:
    good = written(1, {"type": "event", "sum": "1"}, b'{"a": 1}')
    for spoiled in (noise, good[:at] + more + good[at:], good[:at]):
        try:
            read_frame(spoiled)
        except BadBodyError:
            continue
