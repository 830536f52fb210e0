"""Subscribing, rhythms and quiet hours: what is asked for, when it is told, when not."""

from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.records import Library
from core.domain.reminders import SHANGHAI
from core.domain.subscriptions import NEWS, Interest, Pace, QuietHours, Rhythm
from core.ports.unit_of_work import Units
from core.services.subscriptions import ListSubscriptions, Subscribe, Unsubscribe
from tests.factories import LI, WANG, make_event, make_record
from tests.fakes.clock import FakeClock

DAILY, WEEKLY = Rhythm(pace=Pace.DAILY), Rhythm(pace=Pace.WEEKLY, at=time(9), weekday=0)
NIGHT = QuietHours(starts=time(22), ends=time(8))
NOON = QuietHours(starts=time(12), ends=time(14))


def shanghai(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, True),
        ({"libraries": (Library.CALLS,)}, False),
        ({"kinds": ("路演",)}, True),
        ({"kinds": ("大赛", "路演")}, True),
        ({"kinds": ("培训",)}, False),
        ({"industries": ("新材料",)}, True),
        ({"industries": ("生物", "新材料")}, True),
        ({"industries": ("生物",)}, False),
        ({"region": "江苏"}, True),
        ({"region": "华东", "places": ("上海", "苏州")}, True),
        ({"region": "浙江", "places": ("杭州",)}, False),
        ({"keyword": "石墨"}, True),
        ({"keyword": "储能"}, False),
        ({"organiser": "科协"}, True),
        ({"organiser": "研究院"}, False),
        ({"kinds": ("路演",), "region": "江苏", "keyword": "石墨", "organiser": "市科协"}, True),
        ({"kinds": ("路演",), "region": "江苏", "keyword": "储能"}, False),
    ],
)
def test_a_record_is_asked_for_when_it_meets_every_condition(
    asked: dict[str, Any], *, found: bool
) -> None:
    event = make_event(region="江苏苏州", keywords=("石墨烯",), organisation="苏州市科协")
    assert Interest(**asked).asks_for(event) is found


def test_a_record_without_a_region_is_not_of_a_region() -> None:
    assert not Interest(region="江苏", places=("苏州",)).asks_for(make_event(region=None))


def test_who_names_no_library_hears_of_events_and_calls() -> None:
    assert Interest().libraries == NEWS
    assert not Interest().asks_for(make_record())
    assert Interest(libraries=tuple(Library)).asks_for(make_record())


@pytest.mark.parametrize(
    ("rhythm", "now", "due"),
    [
        (DAILY, "2026-11-21T08:59:59", "2026-11-21T09:00"),
        (DAILY, "2026-11-21T09:00:00", "2026-11-22T09:00"),
        (DAILY, "2026-11-21T23:59:59", "2026-11-22T09:00"),
        (DAILY, "2026-12-31T23:59:59", "2027-01-01T09:00"),
        (DAILY, "2028-02-28T10:00:00", "2028-02-29T09:00"),
        (WEEKLY, "2026-11-21T10:00:00", "2026-11-23T09:00"),
        (WEEKLY, "2026-11-23T08:00:00", "2026-11-23T09:00"),
        (WEEKLY, "2026-11-23T09:00:00", "2026-11-30T09:00"),
        (Rhythm(pace=Pace.WEEKLY, at=time(0), weekday=6), "2026-11-21T23:59:59", "2026-11-22"),
    ],
)
def test_what_is_gathered_is_told_at_the_next_hour_of_the_rhythm(
    rhythm: Rhythm, now: str, due: str
) -> None:
    assert rhythm.due(shanghai(now)) == shanghai(due)
    assert rhythm.due(shanghai(now).astimezone(UTC)) == shanghai(due)


def test_at_once_is_now() -> None:
    now = shanghai("2026-11-21T23:59:59")
    assert Rhythm().due(now) == now


@pytest.mark.parametrize(
    ("hours", "now", "ends"),
    [
        (NIGHT, "2026-11-21T21:59:59", None),
        (NIGHT, "2026-11-21T22:00", "2026-11-22T08:00"),
        (NIGHT, "2026-11-21T23:59:59", "2026-11-22T08:00"),
        (NIGHT, "2026-11-22T00:00", "2026-11-22T08:00"),
        (NIGHT, "2026-11-22T07:59:59", "2026-11-22T08:00"),
        (NIGHT, "2026-11-22T08:00", None),
        (NIGHT, "2026-12-31T23:00", "2027-01-01T08:00"),
        (NOON, "2026-11-21T11:59", None),
        (NOON, "2026-11-21T12:00", "2026-11-21T14:00"),
        (NOON, "2026-11-21T14:00", None),
        (QuietHours(starts=time(22), ends=time(0)), "2026-11-21T23:59", "2026-11-22T00:00"),
        (QuietHours(starts=time(22), ends=time(0)), "2026-11-22T00:00", None),
        (QuietHours(starts=time(0), ends=time(8)), "2026-11-22T00:00", "2026-11-22T08:00"),
        (QuietHours(weekends=True), "2026-11-20T23:59", None),
        (QuietHours(weekends=True), "2026-11-21T00:00", "2026-11-23T00:00"),
        (QuietHours(weekends=True), "2026-11-22T23:59", "2026-11-23T00:00"),
        (QuietHours(weekends=True), "2026-11-23T00:00", None),
        (
            QuietHours(starts=time(22), ends=time(8), weekends=True),
            "2026-11-20T22:30",
            "2026-11-23T08:00",
        ),
        (
            QuietHours(starts=time(8, 1), ends=time(8), weekends=True),
            "2026-11-23T12:00",
            "2026-11-24T08:00",
        ),
    ],
)
def test_quiet_hours_end_where_they_say_also_across_midnight_and_the_weekend(
    hours: QuietHours, now: str, ends: str | None
) -> None:
    assert hours.until(shanghai(now)) == (shanghai(ends) if ends else None)


CLOCK_TIMES = st.times().map(lambda moment: moment.replace(second=0, microsecond=0))
HOURS = st.builds(QuietHours, starts=CLOCK_TIMES, ends=CLOCK_TIMES, weekends=st.booleans()).filter(
    lambda hours: hours.starts != hours.ends
)
MOMENTS = st.datetimes(
    min_value=datetime(2026, 1, 1),  # noqa: DTZ001 -- the zone is added by hypothesis
    max_value=datetime(2030, 1, 1),  # noqa: DTZ001 -- as above
    timezones=st.sampled_from([UTC, SHANGHAI, ZoneInfo("America/Los_Angeles")]),
)


@given(HOURS, MOMENTS)
def test_the_end_of_quiet_hours_lies_ahead_and_is_not_quiet(
    hours: QuietHours, now: datetime
) -> None:
    until = hours.until(now)
    if until is not None:
        assert now < until <= now + timedelta(days=12)
        assert hours.until(until) is None


@pytest.fixture
def subscribe(sqlite_units: Units) -> Subscribe:
    return Subscribe(units=sqlite_units, clock=FakeClock())


def test_an_interest_is_subscribed_once_and_left_at_once(
    sqlite_units: Units, subscribe: Subscribe
) -> None:
    unsubscribe = Unsubscribe(units=sqlite_units, clock=FakeClock())
    roadshows = Interest(kinds=("路演",))
    ((made, new),) = subscribe(LI, [roadshows])
    assert new
    assert subscribe(LI, [roadshows]) == [(made, False)]
    ((_, everything_is_new),) = subscribe(LI, [Interest()])
    assert everything_is_new
    assert len(unsubscribe(LI)) == 2
    assert unsubscribe(LI) == []


def test_another_rhythm_replaces_the_one_before_and_no_word_of_it_keeps_that(
    subscribe: Subscribe,
) -> None:
    ((first, _),) = subscribe(LI, [Interest()], rhythm=DAILY)
    assert subscribe(LI, [Interest()]) == [(first, False)]
    ((again, new),) = subscribe(LI, [Interest()], rhythm=WEEKLY)
    assert (again.id, again.rhythm, new) == (first.id, WEEKLY, True)


def test_leaving_one_library_goes_on_with_the_others(
    sqlite_units: Units, subscribe: Subscribe
) -> None:
    ((made, _),) = subscribe(LI, [Interest(keyword="储能")], rhythm=DAILY)
    subscribe(WANG, [Interest()])
    unsubscribe = Unsubscribe(units=sqlite_units, clock=FakeClock())
    assert unsubscribe(LI, [made.id], libraries=[Library.EVENTS]) == [made]
    ((left,), quiet) = ListSubscriptions(units=sqlite_units)(LI)
    assert (left.interest.libraries, left.rhythm, quiet) == ((Library.CALLS,), DAILY, None)
    unsubscribe(LI, [left.id], libraries=[Library.CALLS])
    assert ListSubscriptions(units=sqlite_units)(LI) == ([], None)
    assert len(ListSubscriptions(units=sqlite_units)(WANG)[0]) == 1


def test_nobody_leaves_for_somebody_else(sqlite_units: Units, subscribe: Subscribe) -> None:
    ((made, _),) = subscribe(WANG, [Interest()])
    assert Unsubscribe(units=sqlite_units, clock=FakeClock())(LI, [made.id]) == []
    assert ListSubscriptions(units=sqlite_units)(WANG)[0] == [made]
