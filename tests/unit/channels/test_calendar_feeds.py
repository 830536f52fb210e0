"""A person's own calendar: what they are reminded of, behind a link that can be changed."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from icalendar import Calendar

from channels.calendar.feeds import CalendarFeeds
from channels.gateway.app import make_app
from channels.gateway.settings import GatewaySettings
from channels.links import name_in, opened, signed
from channels.web.settings import WebSettings
from core.domain.dates.offsets import Offset
from core.domain.records import Record
from core.domain.reminders import ReminderState
from core.ports.unit_of_work import Units
from core.services.conversations import AcceptInbound
from core.services.reminders import SetReminder
from tests.factories import LI, WANG, make_event
from tests.fakes.clock import START, FakeClock
from tests.fakes.wakeups import RecordingWakeups
from tests.unit.channels.test_calendar import demand_strict

SECRET = "s" * 64
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def feeds(sqlite_units: Units) -> CalendarFeeds:
    return CalendarFeeds(units=sqlite_units, clock=FakeClock(), secret=SECRET)


@pytest.fixture
def client(sqlite_units: Units) -> Iterator[TestClient]:
    accept = AcceptInbound(units=sqlite_units, clock=FakeClock(), wakeups=RecordingWakeups())
    made_of = GatewaySettings(web=WebSettings(secret=SECRET), calendar_secret=SECRET)
    with TestClient(make_app(made_of, accept=accept, units=sqlite_units)) as made:
        yield made


def promise(units: Units, record: Record, *offsets: timedelta) -> None:
    with units() as unit:
        unit.records.add([record])
        unit.commit()
    for offset in offsets:
        SetReminder(units=units)(record.id, address=LI, offset=Offset(ahead=offset), now=START)


def test_it_lists_what_the_person_is_reminded_of_and_nobody_elses(
    sqlite_units: Units, feeds: CalendarFeeds, client: TestClient
) -> None:
    promise(sqlite_units, make_event("路演甲"), DAY, HOUR)
    answer = client.get(feeds.path(LI))
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"
    demand_strict(answer.content)
    [event] = Calendar.from_ical(answer.content).walk("VEVENT")
    assert event["summary"] == "路演甲"
    rings = [one.decoded("trigger") for one in event.walk("VALARM")]
    assert sorted(rings) == [-DAY, -HOUR]
    other = client.get(feeds.path(WANG))
    assert other.status_code == 200
    assert not Calendar.from_ical(other.content).walk("VEVENT")


def test_a_reminder_that_was_told_stays_and_one_taken_back_goes(
    sqlite_units: Units, feeds: CalendarFeeds, client: TestClient
) -> None:
    promise(sqlite_units, make_event("已提醒"), DAY)
    promise(sqlite_units, make_event("已取消"), DAY)
    with sqlite_units() as unit:
        for one in unit.reminders.planned(LI):
            told = one.title == "已提醒"
            unit.reminders.set_state(
                one.id, ReminderState.QUEUED if told else ReminderState.CANCELLED
            )
        unit.commit()
    found = Calendar.from_ical(client.get(feeds.path(LI)).content).walk("VEVENT")
    assert [one["summary"] for one in found] == ["已提醒"]


def test_a_withdrawn_event_is_shown_as_cancelled(
    sqlite_units: Units, feeds: CalendarFeeds, client: TestClient
) -> None:
    record = make_event("撤下的", withdrawn=False)
    promise(sqlite_units, record, DAY)
    with sqlite_units() as unit:
        unit.records.put(make_event("撤下的", external_id=record.external_id, withdrawn=True))
        [one] = unit.reminders.planned(LI)
        unit.reminders.set_state(one.id, ReminderState.WITHDRAWN)
        unit.commit()
    [event] = Calendar.from_ical(client.get(feeds.path(LI)).content).walk("VEVENT")
    assert event["status"] == "CANCELLED"


def test_a_new_link_ends_the_one_of_before(feeds: CalendarFeeds, client: TestClient) -> None:
    first = feeds.path(LI)
    assert feeds.path(LI) == first
    second = feeds.renew(LI)
    assert client.get(first).status_code == 404
    assert client.get(second).status_code == 200
    third = feeds.renew(LI)
    assert len({first, second, third}) == 3
    assert client.get(second).status_code == 404


def test_nobody_can_guess_a_link(feeds: CalendarFeeds, client: TestClient) -> None:
    mine = feeds.path(WANG).removeprefix("/calendar/feeds/").removesuffix(".ics")
    his = signed(str(LI), "x", use="calendar:0").split(".")[0] + "." + mine.split(".")[1]
    for token in (his, mine[:-1], mine + "0", mine.replace(".", ""), "a.b", "李", "%00.0"):
        assert client.get(f"/calendar/feeds/{token}.ics").status_code == 404
    assert name_in(mine) == str(WANG)
    assert opened(mine, SECRET, use="leave") is None
    assert opened(signed("x", "", use="leave"), "", use="leave") is None


def test_the_page_asks_for_the_visitors_own_link(client: TestClient) -> None:
    client.get("/")
    first = client.post("/web/calendar").json()["path"]
    assert client.post("/web/calendar").json()["path"] == first
    assert client.get(first).status_code == 200
    assert client.get("/web/calendar").status_code == 405
    client.cookies.clear()
    assert client.post("/web/calendar").json()["path"] != first
