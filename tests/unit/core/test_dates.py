"""Workdays, offsets, series and quiet hours: where a calendar has edges."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.dates.offsets import Counting, Offset
from core.domain.dates.series import LAST, Every, Series
from core.domain.dates.workdays import is_workday, last_known_year, workday_before
from core.domain.dates.zone import SHANGHAI
from core.domain.subscriptions import QuietHours

DAY = timedelta(days=1)
WORKDAYS, ON_WORKDAY = Counting.WORKDAYS, Counting.ON_WORKDAY
NIGHT = QuietHours(starts=time(22), ends=time(8))


def shanghai(moment: str) -> datetime:
    return datetime.fromisoformat(moment).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2026-02-14", True),  # a Saturday made up for the Spring Festival
        ("2026-02-17", False),  # New Year's day of the lunar calendar, a Tuesday
        ("2026-11-21", False),
        ("2026-11-23", True),
    ],
)
def test_holidays_are_off_and_make_up_days_on(day: str, works: bool) -> None:  # noqa: FBT001 -- a case
    assert is_workday(date.fromisoformat(day)) is works


def test_in_years_nobody_knows_the_weekday_decides_and_the_log_says_so_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    year = last_known_year() + 20
    monday = next(date(year, 3, n) for n in range(1, 8) if date(year, 3, n).weekday() == 0)
    assert is_workday(monday)
    assert not is_workday(monday - DAY)
    assert caplog.text.count(str(year)) == 1


@pytest.mark.parametrize(
    ("offset", "anchor", "due"),
    [
        (Offset(ahead=3 * DAY), "2028-03-01T09:30", "2028-02-27T09:30"),
        (Offset(ahead=DAY), "2028-03-01T09:30", "2028-02-29T09:30"),
        (Offset(ahead=DAY), "2027-01-01T09:30", "2026-12-31T09:30"),
        (Offset(at=time(9)), "2026-12-03T14:00", "2026-12-03T09:00"),
        (Offset(ahead=DAY, at=time(20)), "2026-12-03T00:30", "2026-12-02T20:00"),
        (Offset(ahead=DAY, counting=WORKDAYS), "2026-11-23T09:00", "2026-11-20T09:00"),
        (Offset(ahead=3 * DAY, counting=WORKDAYS), "2026-02-24T09:00", "2026-02-12T09:00"),
        (Offset(ahead=DAY, counting=ON_WORKDAY), "2026-11-23T09:00", "2026-11-20T09:00"),
        (Offset(ahead=3 * DAY, counting=ON_WORKDAY), "2026-11-26T09:00", "2026-11-23T09:00"),
    ],
)  # fmt: skip
def test_an_offset_counts_back_on_the_calendar_of_shanghai(
    offset: Offset, anchor: str, due: str
) -> None:
    assert offset.due(shanghai(anchor)) == shanghai(due)
    assert offset.due(shanghai(anchor).astimezone(UTC)).tzinfo is UTC


OFFSETS = st.builds(
    Offset,
    ahead=st.integers(0, 400).map(lambda days: days * DAY),
    at=st.none() | st.times().map(lambda at: at.replace(microsecond=0)),
    counting=st.sampled_from(Counting),
)
MOMENTS = st.datetimes(
    min_value=datetime(2026, 1, 1),  # noqa: DTZ001 -- the zone is added by hypothesis
    max_value=datetime(2030, 1, 1),  # noqa: DTZ001 -- as above
    timezones=st.sampled_from([UTC, SHANGHAI]),
)


@given(OFFSETS)
def test_what_is_written_of_an_offset_is_read_again(offset: Offset) -> None:
    assert Offset.read(str(offset)) == offset


@given(MOMENTS, st.integers(0, 20))
def test_a_workday_before_is_a_workday_and_not_later(moment: datetime, count: int) -> None:
    day = moment.date()
    found = workday_before(day, count)
    assert is_workday(found)
    assert found < day if count else found <= day
    between = (found + n * DAY for n in range((day - found).days))
    assert sum(map(is_workday, between)) == count or not count


FORUM = Series(every=Every.MONTH, interval=2, weekday=4, nth=3)


@pytest.mark.parametrize(
    ("series", "first", "after", "following"),
    [
        (FORUM, "2026-01-16T14:00", "2026-01-16T14:00", "2026-03-20T14:00"),
        (FORUM, "2026-11-20T14:00", "2026-11-20T14:00", "2027-01-15T14:00"),
        (replace(FORUM, skipped=(date(2026, 3, 20),)), "2026-01-16T14:00", "2026-02-01T00:00",
         "2026-05-15T14:00"),
        (Series(every=Every.MONTH, weekday=3, nth=LAST), "2026-01-29T09:00", "2026-02-01T00:00",
         "2026-02-26T09:00"),
        (Series(every=Every.MONTH), "2026-01-31T09:00", "2026-02-01T00:00", "2026-03-31T09:00"),
        (Series(every=Every.YEAR), "2024-02-29T09:00", "2024-03-01T00:00", "2028-02-29T09:00"),
        (Series(every=Every.WEEK, interval=2, weekday=2), "2026-01-05T09:00", "2026-01-01T00:00",
         "2026-01-07T09:00"),
    ],
)  # fmt: skip
def test_a_series_goes_on_by_its_rule(
    series: Series, first: str, after: str, following: str
) -> None:
    assert series.next(shanghai(first), shanghai(after)) == shanghai(following)


def test_a_series_ends_with_its_last_day() -> None:
    once_more = replace(FORUM, until=date(2026, 3, 20))
    assert once_more.next(shanghai("2026-01-16T14:00"), shanghai("2026-03-20T14:00")) is None
    assert FORUM.rule == "FREQ=MONTHLY;INTERVAL=2;BYDAY=3FR"


@pytest.mark.parametrize(
    ("due", "before", "told"),
    [
        ("2026-11-25T12:00", "2026-11-26T12:00", "2026-11-25T12:00"),
        # Half of the time is left after the night: told then.
        ("2026-11-25T23:00", "2026-11-26T23:00", "2026-11-26T08:00"),
        # It begins in the night, or soon after: told before the night.
        ("2026-11-25T23:00", "2026-11-25T23:30", "2026-11-25T21:59"),
        ("2026-11-26T07:10", "2026-11-26T08:30", "2026-11-25T21:59"),
    ],
)
def test_what_is_due_in_quiet_hours_is_told_after_or_before_them(
    due: str, before: str, told: str
) -> None:
    now = shanghai("2026-11-20T12:00")
    assert NIGHT.outside(shanghai(due), before=shanghai(before), now=now) == shanghai(told)


def test_what_can_be_told_at_no_other_time_is_told_in_the_quiet() -> None:
    now = shanghai("2026-11-25T22:30")
    due, before = shanghai("2026-11-25T23:00"), shanghai("2026-11-25T23:30")
    assert NIGHT.outside(due, before=before, now=now) == due


def test_days_off_are_quiet_and_make_up_days_are_not() -> None:
    weekends = QuietHours(weekends=True)
    assert weekends.until(shanghai("2026-02-14T12:00")) is None
    assert weekends.until(shanghai("2026-02-17T12:00")) == shanghai("2026-02-24T00:00")


CLOCKS = st.times().map(lambda at: at.replace(second=0, microsecond=0))
HOURS = st.builds(QuietHours, starts=CLOCKS, ends=CLOCKS, weekends=st.booleans()).filter(
    lambda hours: hours.starts != hours.ends
)


@given(HOURS, MOMENTS, st.timedeltas(timedelta(minutes=5), 30 * DAY))
def test_quiet_hours_never_move_a_reminder_past_its_use(
    hours: QuietHours, due: datetime, left: timedelta
) -> None:
    now = due - DAY
    told = hours.outside(due, before=due + left, now=now)
    assert now < told < due + left
    assert hours.until(told) is None or told == due
