"""Calendar files: read back by another reader, folded and ended as RFC 5545 asks, never broken."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from fastapi.testclient import TestClient
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Alarms, Calendar, Event

from channels.calendar.files import Method, calendar_file, feed_file, method_of
from channels.gateway.app import make_app
from channels.gateway.settings import GatewaySettings
from channels.web.settings import WebSettings
from core.domain.parts import Appointment
from core.domain.records import Conditions, Record
from core.domain.reminders import Anchor, appointment_of, calendar_path
from core.ports.unit_of_work import Units
from core.services.conversations import AcceptInbound
from tests.factories import make_event
from tests.fakes.clock import START, FakeClock
from tests.fakes.wakeups import RecordingWakeups

SHANGHAI = ZoneInfo("Asia/Shanghai")
SITE = "https://keqiao.example.org"
LINE = re.compile(rb"[A-Z][A-Z0-9-]*(;[A-Z0-9-]+=(\"[^\"]*\"|[^\";:,]+))*:.*")


def demand_strict(body: bytes) -> list[bytes]:
    """The unfolded lines of a file that keeps every rule about bytes."""
    assert body.endswith(b"\r\n")
    assert b"\n" not in body.replace(b"\r\n", b"")
    assert b"\r" not in body.replace(b"\r\n", b"")
    for line in body.split(b"\r\n"):
        assert len(line) <= 75
        line.decode()  # no character is cut in two
    assert not re.search(rb"[\x00-\x08\x0b-\x0c\x0e-\x1f\x7f]", body)
    lines = body.replace(b"\r\n ", b"").split(b"\r\n")[:-1]
    assert all(LINE.fullmatch(line) for line in lines)
    names = [line.split(b":", 1)[1] for line in lines if line.startswith(b"BEGIN:")]
    ends = [line.split(b":", 1)[1] for line in lines if line.startswith(b"END:")]
    assert sorted(names) == sorted(ends)
    return lines


def made(**changes: object) -> Appointment:
    base: dict[str, object] = {
        "uid": "u1@keqiao.example.org",
        "sequence": 3,
        "title": "新材料成果路演",
        "starts_at": datetime(2026, 12, 2, 23, 30, tzinfo=UTC),
        "ends_at": datetime(2026, 12, 3, 1, 30, tzinfo=UTC),
        "place": "科技馆二楼；东门, 201",
        "url": "https://example.org/r1?a=1&b=2",
        "alarms": (timedelta(days=3), timedelta(hours=2)),
    }
    return Appointment(**(base | changes))  # type: ignore[arg-type] # a test's own facts


def test_an_appointment_is_read_back_as_it_was() -> None:
    one = made()
    body = calendar_file([one], now=START)
    lines = demand_strict(body)
    assert b"DTSTART;TZID=Asia/Shanghai:20261203T073000" in lines
    assert b"BEGIN:VTIMEZONE" in lines
    assert b"TZOFFSETTO:+0800" in lines
    read = Calendar.from_ical(body)
    assert read["method"] == "PUBLISH"
    [event] = read.walk("VEVENT")
    assert (event["uid"], event["sequence"], event["summary"]) == (one.uid, 3, one.title)
    assert event["location"] == one.place
    assert event["url"] == one.url
    assert event.decoded("dtstart") == one.starts_at
    assert event.decoded("dtend") == one.ends_at
    assert event.decoded("dtstart").tzinfo == SHANGHAI
    assert isinstance(event, Event)
    rings = sorted(one.trigger for one in Alarms(event).times)
    assert one.starts_at is not None
    assert rings == [one.starts_at - timedelta(days=3), one.starts_at - timedelta(hours=2)]


def test_a_deadline_is_a_moment_that_keeps_nobody_busy() -> None:
    body = calendar_file([made(deadline=True, ends_at=None)], now=START)
    demand_strict(body)
    [event] = Calendar.from_ical(body).walk("VEVENT")
    assert event["summary"] == "截止：新材料成果路演"
    assert "dtend" not in event
    assert event["transp"] == "TRANSPARENT"


def test_an_end_that_is_none_is_left_out() -> None:
    body = calendar_file([made(ends_at=made().starts_at)], now=START)
    assert b"DTEND" not in body


def test_what_is_cancelled_takes_itself_out_of_the_calendar_and_rings_no_more() -> None:
    body = calendar_file([made(cancelled=True, starts_at=None, sequence=4)], now=START)
    demand_strict(body)
    read = Calendar.from_ical(body)
    [event] = read.walk("VEVENT")
    assert (read["method"], event["status"], event["sequence"]) == ("CANCEL", "CANCELLED", 4)
    assert not event.walk("VALARM")


def test_an_invitation_names_who_invites_and_who_is_invited() -> None:
    body = calendar_file(
        [made()], now=START, organiser="notice@example.org", attendee="li@example.org"
    )
    demand_strict(body)
    read = Calendar.from_ical(body)
    [event] = read.walk("VEVENT")
    assert read["method"] == "REQUEST"
    assert event["organizer"] == "mailto:notice@example.org"
    assert event["attendee"] == "mailto:li@example.org"
    assert method_of([made(cancelled=True)], invited=True) is Method.CANCEL


def test_a_feed_says_its_name_and_how_often_it_is_fetched() -> None:
    dates = [made(), made(uid="u2@keqiao.example.org", cancelled=True)]
    body = feed_file(dates, now=START, name="科桥提醒", every=timedelta(hours=1))
    lines = demand_strict(body)
    assert "X-WR-CALNAME:科桥提醒".encode() in lines
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT1H" in lines
    read = Calendar.from_ical(body)
    assert read["method"] == "PUBLISH"
    assert [one["status"] for one in read.walk("VEVENT")] == ["CONFIRMED", "CANCELLED"]


@settings(deadline=None)
@given(title=st.text(min_size=1), place=st.text())
def test_nothing_that_is_written_breaks_a_file(title: str, place: str) -> None:
    title, place = (text.encode("utf-8", "replace").decode() for text in (title, place))
    body = calendar_file([made(title=title, place=place)], now=START)
    demand_strict(body)
    [event] = Calendar.from_ical(body).walk("VEVENT")
    assert "".join(str(event["summary"]).split()) == "".join(
        one for one in "".join(title.split()) if one.isprintable()
    )


def test_the_same_event_keeps_its_name_and_counts_up() -> None:
    first = appointment_of(make_event(external_id="e", version=1), Anchor.STARTS, site=SITE)
    moved = make_event(external_id="e", version=2, starts_at=START + timedelta(days=9))
    second = appointment_of(moved, Anchor.STARTS, site=SITE)
    closing = appointment_of(moved, Anchor.CLOSES, site=SITE)
    assert first is not None
    assert second is not None
    assert closing is not None
    assert first.uid == second.uid != closing.uid
    assert (first.sequence, second.sequence) == (1, 2)


def fetch(units: Units, *records: Record, path: str) -> tuple[int, str, bytes]:
    with units() as unit:
        unit.records.add(records)
        unit.commit()
    accept = AcceptInbound(units=units, clock=FakeClock(), wakeups=RecordingWakeups())
    made_of = GatewaySettings(web=WebSettings(secret="s" * 64), site=SITE)
    with TestClient(make_app(made_of, accept=accept, units=units)) as client:
        answer = client.get(path)
    return answer.status_code, answer.headers["content-type"], answer.content


def test_the_file_of_an_event_is_where_messages_say_it_is(sqlite_units: Units) -> None:
    record = make_event(external_id="路演 7/a", details={"place": "科技馆"})
    date = appointment_of(record, Anchor.STARTS, site=SITE)
    assert date is not None
    assert date.file == SITE + calendar_path(record.id)
    status, kind, body = fetch(sqlite_units, record, path=calendar_path(record.id))
    assert (status, kind) == (200, "text/calendar; method=PUBLISH; charset=utf-8")
    demand_strict(body)
    events = Calendar.from_ical(body).walk("VEVENT")
    assert {one["uid"] for one in events} >= {date.uid}
    assert len(events) == 2  # the start, and the last day to register


def test_a_withdrawn_event_is_served_as_cancelled(sqlite_units: Units) -> None:
    record = make_event(external_id="w", withdrawn=True)
    status, kind, body = fetch(sqlite_units, record, path=calendar_path(record.id))
    assert status == 200
    assert "method=CANCEL" in kind
    assert body.count(b"STATUS:CANCELLED") == 2


def test_what_nobody_may_see_has_no_file(sqlite_units: Units) -> None:
    hidden = make_event(external_id="h", conditions=Conditions(consent=False))
    undated = make_event(external_id="u", starts_at=None, closes_at=None)
    for path in (calendar_path(hidden.id), calendar_path(undated.id), "/calendar/records/x.ics"):
        assert fetch(sqlite_units, hidden, undated, path=path)[0] == 404
