"""Asking for a person in a conversation with the bot."""

from dataclasses import replace
from datetime import time

import pytest

from core.domain.desks import Desks, Hours
from core.ports.unit_of_work import Units
from tests.fakes.clock import FakeClock
from tests.offices import FRONT, make_office
from tests.unit.actions.stage import SAID_AT, Stage

WEEKDAYS = Hours(days=frozenset({1, 2, 3, 4, 5}), spans=((time(9), time(17)),))


@pytest.fixture
def attended(sqlite_units: Units) -> Stage:
    return Stage(sqlite_units, office=make_office(sqlite_units, FakeClock(SAID_AT)))


def test_who_asks_at_an_attended_desk_hears_which_and_how_to_come_back(attended: Stage) -> None:
    (said,) = attended.tell("action_handoff", "转人工")
    assert said.response == "utter_handoff_queued"
    assert FRONT.name in said.text
    assert "受理号 1" in said.text
    assert "结束人工" in said.text


def test_an_open_form_is_not_asked_on_while_a_person_has_the_word(attended: Stage) -> None:
    attended.tell_form("我们做注塑的，产品老是翘曲变形，想找专家")
    attended.tell("action_handoff", "转人工")
    assert attended.next_action == "action_listen"
    assert attended.form is not None


def test_where_nobody_attends_the_form_goes_on(stage: Stage) -> None:
    stage.tell_form("我们做注塑的，产品老是翘曲变形，想找专家")
    handed, asked = stage.interrupt("action_handoff", "转人工")[:2]
    assert handed.response == "utter_handoff_unattended"
    assert asked.text
    assert stage.next_action is None


def test_on_a_day_off_the_person_hears_when_somebody_is_back(sqlite_units: Units) -> None:
    desks = Desks(all=(replace(FRONT, hours=WEEKDAYS),))
    office = make_office(sqlite_units, FakeClock(SAID_AT), desks=desks)
    (said,) = Stage(sqlite_units, office=office).tell("action_handoff", "转人工")
    assert said.response == "utter_handoff_closed"
    assert "2026年11月23日（星期一）09:00" in said.text


def test_a_second_asking_hears_the_same_number(attended: Stage) -> None:
    attended.tell("action_handoff", "转人工")
    (said,) = attended.tell("action_handoff", "人工呢")
    assert said.response == "utter_handoff_again"
    assert "受理号 1" in said.text
