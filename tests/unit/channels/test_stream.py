"""The event stream over real HTTP: live, replayed, without loss and without repetition."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import httpx2
import pytest

from channels.web.visitors import COOKIE
from core.domain.conversations import Reply, ReplyKind
from core.domain.deliveries import DeliveryState
from core.persistence import SqlUnits
from tests.unit.channels.running import Site, make_settings


@dataclass(kw_only=True)
class Listener:
    """Reads a stream in a thread, as a page does."""

    ids: list[int] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    at: list[float] = field(default_factory=list)
    comments: int = 0
    status: int = 0
    ended: threading.Event = field(default_factory=threading.Event)

    def wait_for(self, count: int, seconds: float = 5) -> list[str]:
        """Wait until so many messages have come, or long enough."""
        deadline = time.monotonic() + seconds
        while len(self.texts) < count and time.monotonic() < deadline:
            time.sleep(0.01)
        return self.texts

    def read(self, line: str) -> None:
        """Take one line of the stream."""
        name, _, value = line.partition(": ")
        if line.startswith(":"):
            self.comments += 1
        elif name == "id":
            self.ids.append(int(value))
        elif name == "data":
            self.texts.append(json.loads(value)["text"])
            self.at.append(time.monotonic())


@pytest.fixture
def site(sqlite_units: SqlUnits) -> Iterator[Site]:
    made = Site(units=sqlite_units, settings=make_settings(heartbeat_seconds=0.3))
    with made.serving():
        yield made


@pytest.fixture
def page(site: Site) -> Iterator[httpx2.Client]:
    with httpx2.Client(base_url=site.base, trust_env=False, timeout=10) as client:
        client.get("/")
        yield client


@contextmanager
def listening(
    page: httpx2.Client, *, after: int | None = None, query: str = ""
) -> Iterator[Listener]:
    listener = Listener()
    headers = {} if after is None else {"Last-Event-ID": str(after)}

    def listen() -> None:
        with page.stream("GET", f"/web/events{query}", headers=headers) as response:
            listener.status = response.status_code
            try:
                for line in response.iter_lines():
                    listener.read(line)
                    if leave.is_set():
                        return
            except httpx2.HTTPError:
                return
            finally:
                listener.ended.set()

    leave = threading.Event()
    thread = threading.Thread(target=listen, daemon=True)
    thread.start()
    deadline = time.monotonic() + 5
    while listener.status == 0 and time.monotonic() < deadline:
        time.sleep(0.005)
    yield listener
    leave.set()
    thread.join(5)  # a heartbeat comes soon, and it sees that it may leave
    assert not thread.is_alive()


def user_of(page: httpx2.Client) -> str:
    return str(page.cookies[COOKIE]).split(".")[0]


def notice(text: str) -> Reply:
    return Reply(kind=ReplyKind.NOTICE, text=text)


def send(site: Site, user: str, *texts: str) -> None:
    """Put messages into a mailbox by way of the dispatcher."""
    for text in texts:
        site.push(f"{user}:{text}", user, notice(text))
        mark_sent(site)


def mark_sent(site: Site) -> None:
    with site.units() as unit:
        delivery = unit.outbox.claim(
            site.clock.now(), site.clock.now() - site.clock.now(), ["web"]
        )
        assert delivery is not None
        unit.commit()
    site.bell.ring(delivery.message.address)
    with site.units() as unit:
        assert unit.outbox.record(delivery, DeliveryState.SENT, site.clock.now())
        unit.commit()


def test_a_message_arrives_while_the_page_is_open(site: Site, page: httpx2.Client) -> None:
    with listening(page) as listener:
        began = time.monotonic()
        send(site, user_of(page), "来了")
        assert listener.wait_for(1) == ["来了"]
        assert listener.at[0] - began < 0.4, "the bell is faster than the next look"


def test_a_reconnected_page_gets_what_it_missed_once_and_in_order(
    site: Site, page: httpx2.Client
) -> None:
    user = user_of(page)
    with listening(page) as first:
        send(site, user, "一", "二")
        first.wait_for(2)
    send(site, user, "三", "四")
    with listening(page, after=first.ids[-1]) as second:
        second.wait_for(2)
        send(site, user, "五")
        second.wait_for(3)
    assert first.texts == ["一", "二"]
    assert second.texts == ["三", "四", "五"]


def test_a_message_queued_early_and_sent_late_is_not_lost(site: Site, page: httpx2.Client) -> None:
    user = user_of(page)
    site.push("late", user, notice("晚到"))
    with site.units() as unit:
        late = unit.outbox.claim(site.clock.now(), site.clock.now() - site.clock.now(), ["web"])
        assert late is not None
        unit.outbox.record(
            late,
            DeliveryState.QUEUED,
            site.clock.now(),
            not_before=site.clock.now().replace(year=2099),
        )
        unit.commit()
    send(site, user, "先到")
    with listening(page) as listener:
        listener.wait_for(1)
        with site.units() as unit:
            assert unit.outbox.record(late, DeliveryState.SENT, site.clock.now())
            unit.commit()
        assert listener.wait_for(2) == ["先到", "晚到"]
        assert listener.ids[1] < listener.ids[0]
    with listening(page, after=listener.ids[-1]) as again:
        send(site, user, "再来")
        assert again.wait_for(1) == ["再来"]


def test_more_messages_than_a_page_holds_are_replayed_each_once(
    site: Site, page: httpx2.Client
) -> None:
    user = user_of(page)
    for number in range(450):
        site.push(f"n{number}", user, notice(str(number)))
        mark_sent(site)
    with listening(page) as listener:
        listener.wait_for(450, seconds=15)
    assert listener.texts == [str(number) for number in range(450)]


@pytest.mark.parametrize("cursor", ["-1", "x", "9" * 30, "0", "²"])
def test_a_cursor_that_means_nothing_replays_everything(
    site: Site, page: httpx2.Client, cursor: str
) -> None:
    send(site, user_of(page), "一")
    with listening(page, query=f"?after={cursor}") as listener:
        assert listener.wait_for(1) == ["一"]


def test_nobody_hears_the_messages_of_others(site: Site, page: httpx2.Client) -> None:
    with listening(page) as listener:
        send(site, "0" * 24, "别人的")
        send(site, user_of(page), "自己的")
        assert listener.wait_for(1) == ["自己的"]
        time.sleep(0.3)
    assert listener.texts == ["自己的"]


def test_a_quiet_stream_shows_that_it_lives(page: httpx2.Client) -> None:
    with listening(page) as listener:
        deadline = time.monotonic() + 5
        while listener.comments < 2 and time.monotonic() < deadline:
            time.sleep(0.02)
    assert listener.comments >= 2


def test_a_line_break_in_a_text_stays_inside_its_event(site: Site, page: httpx2.Client) -> None:
    text = "一\r\n\ndata: 二\u2028id: 99"
    with listening(page) as listener:
        send(site, user_of(page), text)
        assert listener.wait_for(1) == [text]
    assert len(listener.ids) == 1


def test_one_visitor_cannot_take_all_streams(sqlite_units: SqlUnits) -> None:
    made = Site(
        units=sqlite_units, settings=make_settings(heartbeat_seconds=0.2, streams_per_visitor=1)
    )
    with made.serving(), httpx2.Client(base_url=made.base, trust_env=False) as page:
        page.get("/")
        with listening(page):
            refused = page.get("/web/events")
            assert refused.status_code == 429
            assert refused.json()["error"] == "too_many_streams"
        deadline = time.monotonic() + 5
        while status_of_stream(page) != 200:
            assert time.monotonic() < deadline, "a stream that ended still counts"
            time.sleep(0.05)


def status_of_stream(page: httpx2.Client) -> int:
    with page.stream("GET", "/web/events") as response:
        return response.status_code


def test_streams_end_when_the_house_closes(sqlite_units: SqlUnits) -> None:
    made = Site(units=sqlite_units)
    with httpx2.Client(trust_env=False) as page:
        with made.serving():
            page.base_url = httpx2.URL(made.base)
            page.get("/")
            with listening(page) as listener:
                began = time.monotonic()
                made.bell.close()
                assert listener.ended.wait(2)
        assert time.monotonic() - began < 2.5
