"""Nobody waits for ever, and nobody is told twice."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest

from core.domain.desks import Desks, Hours
from core.domain.handoffs import HandoffState, Step
from core.ports.unit_of_work import Units
from core.services.handoffs.opening import Outcome
from tests.factories import LI
from tests.offices import ANNA, BO, FRONT, UNATTENDED
from tests.unit.core.handoffs.house import DeskHouse

OFFICE = Hours(days=frozenset({1, 2, 3, 4, 5}), spans=((time(9), time(12)),))


@pytest.fixture
def house(sqlite_units: Units) -> DeskHouse:
    return DeskHouse(sqlite_units)


@pytest.fixture
def office_hours(sqlite_units: Units) -> DeskHouse:
    """A desk that is open on weekdays from nine to twelve; it is Monday 09:30."""
    return DeskHouse(sqlite_units, desks=Desks(all=(replace(FRONT, hours=OFFICE),)))


def test_whom_nobody_takes_is_told_once_and_talks_with_the_bot_again(house: DeskHouse) -> None:
    house.ask()
    house.clock.advance(timedelta(minutes=10) - timedelta(seconds=1))
    assert house.time_out() == 0
    house.clock.advance(timedelta(seconds=1))
    assert house.time_out() == 1
    assert house.time_out() == 0
    (told,) = house.told(LI)
    assert "受理号 1" in told
    assert house.say("你好") == ["echo: 你好"]
    assert house.one().state is HandoffState.TIMED_OUT
    assert "超时" in house.told()[-1]


def test_what_timed_out_can_still_be_taken(house: DeskHouse) -> None:
    house.ask()
    house.clock.advance(timedelta(minutes=10))
    house.time_out()
    house.take(house.one().id, by=ANNA)
    assert house.say("你好") == []
    assert house.heard_by_bot == []


def test_who_asks_again_after_a_time_out_waits_anew_under_the_same_number(
    house: DeskHouse,
) -> None:
    house.ask(message_id="a")
    house.clock.advance(timedelta(minutes=10))
    house.time_out()
    again = house.ask("再转一次人工", message_id="b")
    assert (again.handoff.id, again.outcome) == (1, Outcome.QUEUED)
    house.clock.advance(timedelta(minutes=10))
    assert house.time_out() == 1
    assert len(house.told(LI)) == 2


def test_a_liaison_who_says_nothing_loses_the_conversation(house: DeskHouse) -> None:
    house.ask()
    house.take(house.one().id, by=ANNA)
    house.clock.advance(timedelta(minutes=30))
    assert house.time_out() == 1
    assert house.one().taken_by is None
    assert "有一阵没有回复" in house.told(LI)[-1]
    house.take(house.one().id, by=BO)
    assert house.one().taken_by == "bo"


def test_a_liaisons_answer_and_the_first_words_after_it_begin_the_wait_anew(
    house: DeskHouse,
) -> None:
    house.ask()
    number = house.one().id
    house.take(number, by=ANNA)
    house.clock.advance(timedelta(minutes=29))
    house.reply(number, "您好", by=ANNA, key="1")
    house.clock.advance(timedelta(minutes=29))
    house.say("我的问题是这样的")
    house.clock.advance(timedelta(minutes=29))
    house.say("在吗")
    assert house.time_out() == 0
    house.clock.advance(timedelta(minutes=1))
    assert house.time_out() == 1, "asking on does not make a silent liaison less silent"


def test_the_wait_counts_office_hours(office_hours: DeskHouse) -> None:
    house = office_hours
    house.clock.advance(timedelta(hours=2, minutes=25))  # 11:55
    assert house.ask().outcome is Outcome.QUEUED
    house.clock.advance(timedelta(hours=20))
    assert house.time_out() == 0
    house.clock.advance(timedelta(hours=1, minutes=10))  # Tuesday 09:05
    assert house.time_out() == 1


def test_outside_office_hours_the_person_is_told_at_once_and_the_bot_goes_on(
    office_hours: DeskHouse,
) -> None:
    house = office_hours
    house.clock.advance(timedelta(hours=4))
    asked = house.ask()
    assert asked.outcome is Outcome.CLOSED
    assert asked.opens_at == datetime(2026, 3, 3, 1, tzinfo=house.now.tzinfo)
    assert house.say("你好") == ["echo: 你好"]
    assert "【转人工 1】" in house.told()[0], "the desk finds it in the morning"
    house.clock.advance(timedelta(days=1))
    assert house.time_out() == 0
    assert house.told(LI) == ["echo: 你好"]


def test_a_holiday_is_no_office_hour(sqlite_units: Units) -> None:
    closed = replace(OFFICE, closed=frozenset({date(2026, 3, 2)}))
    house = DeskHouse(sqlite_units, desks=Desks(all=(replace(FRONT, hours=closed),)))
    assert house.ask().outcome is Outcome.CLOSED


def test_where_nobody_attends_the_request_is_kept_and_the_bot_goes_on(
    sqlite_units: Units,
) -> None:
    house = DeskHouse(sqlite_units, desks=UNATTENDED)
    assert house.ask().outcome is Outcome.UNATTENDED
    assert house.say("你好") == ["echo: 你好"]
    house.take(house.one().id, by=BO)
    assert house.say("在吗") == []
    house.hand_back(house.one().id, by=BO)
    assert house.say("你好") == ["echo: 你好"]


def test_the_end_may_be_said_of_what_timed_out_too(house: DeskHouse) -> None:
    house.ask()
    house.clock.advance(timedelta(minutes=10))
    house.time_out()
    house.say("结束人工")
    assert house.one().state is HandoffState.HANDED_BACK
    assert house.steps()[-1] is Step.ENDED
    assert house.say("不用了") == ["echo: 不用了"]
