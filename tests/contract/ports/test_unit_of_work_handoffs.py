"""Handoffs: one at most that is not over a person, and events once a key."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.domain.conversations import Speaker
from core.domain.errors import NotFoundError
from core.domain.handoffs import Handoff, HandoffEvent, HandoffId, HandoffState, Line, Step
from core.persistence import SqlUnits
from tests.factories import LI, WANG
from tests.fakes.clock import START

WAITING = Handoff(
    id=HandoffId(0),
    address=LI,
    desk="综合联络台",
    why="都合",
    asked_at=START,
    state=HandoffState.WAITING,
    due_at=START + timedelta(minutes=10),
    before=(Line(speaker=Speaker.USER, text="你好", at=START),),
)


def event(handoff: Handoff, key: str = "k", step: Step = Step.SAID) -> HandoffEvent:
    return HandoffEvent(handoff=handoff.id, key=key, step=step, by="web:li", at=START, text="在吗")


def test_a_handoff_comes_back_as_it_was_stored(units: SqlUnits) -> None:
    with units() as unit:
        opened = unit.handoffs.open(WAITING)
        unit.commit()
    assert opened == replace(WAITING, id=opened.id)
    with units() as unit:
        assert unit.handoffs.get(opened.id) == opened
        assert unit.handoffs.of(LI) == unit.handoffs.of(LI, hold=True) == opened
        assert unit.handoffs.of(WANG) is None
        with pytest.raises(NotFoundError):
            unit.handoffs.get(HandoffId(99), hold=True)


def test_what_has_changed_is_kept_and_what_is_over_is_nobodys(units: SqlUnits) -> None:
    with units() as unit:
        opened = unit.handoffs.open(WAITING)
        taken = replace(opened, desk="别处").taken("anna", START)
        unit.handoffs.save(taken)
        assert unit.handoffs.get(opened.id) == taken
        unit.handoffs.save(taken.handed_back())
        assert unit.handoffs.of(LI) is None
        assert unit.handoffs.open(WAITING).id > opened.id


def test_what_is_due_is_found_the_longest_due_first(units: SqlUnits) -> None:
    with units() as unit:
        later = unit.handoffs.open(WAITING)
        sooner = unit.handoffs.open(replace(WAITING, address=WANG, due_at=START))
        unit.handoffs.open(replace(WAITING, address=replace(LI, user="x"), due_at=None))
        assert unit.handoffs.due(START, 9) == [sooner.id]
        assert unit.handoffs.due(START + timedelta(hours=1), 9) == [sooner.id, later.id]
        assert unit.handoffs.due(START + timedelta(hours=1), 1) == [sooner.id]


def test_handoffs_are_found_by_state_and_desk(units: SqlUnits) -> None:
    with units() as unit:
        first = unit.handoffs.open(WAITING)
        second = unit.handoffs.open(replace(WAITING, address=WANG, desk="别处"))
        assert unit.handoffs.find(HandoffState) == [first, second]
        assert unit.handoffs.find(HandoffState, ["别处"]) == [second]
        assert unit.handoffs.find(HandoffState, []) == []
        assert unit.handoffs.find([HandoffState.TAKEN]) == []
        assert unit.handoffs.find(HandoffState, limit=1) == [second], "the newest"


def test_an_event_of_a_key_happens_once(units: SqlUnits) -> None:
    with units() as unit:
        opened = unit.handoffs.open(WAITING)
        first = unit.handoffs.note(event(opened))
        assert unit.handoffs.note(event(opened, step=Step.ENDED)) is None
        second = unit.handoffs.note(event(opened, key="other"))
        assert first is not None
        assert unit.handoffs.noted("k") == first
        assert unit.handoffs.noted("none") is None
        assert unit.handoffs.events(opened.id) == [first, second]
        assert first == replace(event(opened), id=first.id)
