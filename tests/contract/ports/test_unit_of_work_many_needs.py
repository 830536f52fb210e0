"""Needs read several at a time, page by page, and by what changed; pairings of a record."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.domain.errors import ConflictError, NotFoundError
from core.domain.matching.pairings import Pairing, PairingState
from core.domain.moves import NeedEvent
from core.domain.needs import NeedId, NeedStatus
from core.domain.records import RecordId
from core.ports.unit_of_work import Units
from core.services.matching.keeping import MovePairing
from tests.factories import LI, WANG, make_draft
from tests.fakes.clock import START, FakeClock

HOUR = timedelta(hours=1)
EXPERT = RecordId("experts/E1")


def stored(units: Units, count: int) -> list[NeedId]:
    with units() as unit:
        found = [
            unit.needs.put(f"m{n}", LI if n % 2 else WANG, make_draft(), START + n * HOUR)[0].id
            for n in range(count)
        ]
        unit.commit()
    return found


def paired(units: Units, need_id: NeedId, record_id: RecordId = EXPERT) -> Pairing:
    one = Pairing(
        need_id=need_id, record_id=record_id, state=PairingState.OPENED, offered_at=START
    )
    with units() as unit:
        unit.pairings.put(one)
        unit.commit()
    return one


def test_several_needs_are_found_by_id_and_unknown_ones_left_out(units: Units) -> None:
    ids = stored(units, 1_100)
    with units() as unit:
        found = unit.needs.several([*ids[::-1], ids[0], NeedId(10**9)])
        assert [one.id for one in found] == ids
        assert unit.needs.several([]) == []


def test_pages_of_needs_leave_nothing_out(units: Units) -> None:
    ids = stored(units, 7)
    seen: list[NeedId] = []
    with units() as unit:
        while page := unit.needs.page(seen[-1] if seen else NeedId(0), 3):
            seen += [one.id for one in page]
    assert seen == ids


def test_the_newest_needs_are_listed_by_status_and_page_by_page(units: Units) -> None:
    ids = stored(units, 6)
    with units() as unit:
        for one in ids[::2]:
            need = unit.needs.get(one, hold=True)
            unit.needs.save(replace(need, status=NeedStatus.CLOSED))
        assert [one.id for one in unit.needs.newest(2)] == ids[:3:-1]
        assert [one.id for one in unit.needs.newest(9, before=ids[3])] == ids[2::-1]
        closed = unit.needs.newest(9, status=NeedStatus.CLOSED, before=ids[5])
        assert [one.id for one in closed] == ids[4::-2]


def test_needs_that_changed_are_those_submitted_or_moved_since(units: Units) -> None:
    ids = stored(units, 3)
    event = NeedEvent(
        key="move:1",
        need_id=ids[0],
        at=START + 5 * HOUR,
        by="王芳",
        before=NeedStatus.SUBMITTED,
        after=NeedStatus.PUBLISHED,
    )
    with units() as unit:
        unit.needs.log(event)
        assert unit.needs.changed_since(START + 2 * HOUR) == [ids[0], ids[2]]
        assert unit.needs.changed_since(START + 3 * HOUR) == [ids[0]]
        assert unit.needs.changed_since(START + 6 * HOUR) == []
        assert unit.needs.changed_since(START) == ids


def test_pairings_of_a_record_come_by_need(units: Units) -> None:
    ids = stored(units, 3)
    wanted = [paired(units, one) for one in ids]
    paired(units, ids[0], RecordId("experts/other"))
    with units() as unit:
        assert unit.pairings.with_record(EXPERT) == wanted
        assert unit.pairings.with_record(RecordId("experts/nobody")) == []


def test_operators_move_a_pairing_once(units: Units) -> None:
    (need_id,) = stored(units, 1)
    paired(units, need_id)
    clock = FakeClock()
    move = MovePairing(units=units, clock=clock)
    talks = move(need_id, EXPERT, PairingState.IN_TALKS, by="王芳", note=" 周五见面 ")
    assert (talks.state, talks.steps[-1].note) == (PairingState.IN_TALKS, "周五见面")
    clock.advance(HOUR)
    assert move(need_id, EXPERT, PairingState.IN_TALKS, by="赵敏") == talks
    signed = move(need_id, EXPERT, PairingState.SIGNED, by="王芳")
    assert signed.due_at == clock.now() + timedelta(days=7)
    with units() as unit:
        assert unit.pairings.find(need_id, EXPERT) == signed
    with pytest.raises(ConflictError):
        move(need_id, EXPERT, PairingState.ENDED, by="王芳")
    with pytest.raises(NotFoundError):
        move(need_id, RecordId("experts/never"), PairingState.IN_TALKS, by="王芳")
    with pytest.raises(NotFoundError):
        move(NeedId(10**6), EXPERT, PairingState.IN_TALKS, by="王芳")
