"""Pairings and orders are kept once, counted, and due in their order."""

from datetime import timedelta

import pytest

from core.domain.errors import NotFoundError
from core.domain.matching.matches import Facet, Reason
from core.domain.matching.orders import Order, OrderId, OrderState, moved_order
from core.domain.matching.pairings import Pairing, PairingState, followed_up, moved
from core.domain.needs import NeedId
from core.domain.records import RecordId
from core.ports.unit_of_work import Units
from tests.factories import LI, WANG, make_draft
from tests.fakes.clock import START

EXPERT, TEAM = RecordId("experts/x"), RecordId("teams/y")
DAY = timedelta(days=1)


def stored(units: Units, key: str = "m1", address: object = LI) -> NeedId:
    with units() as unit:
        need, _ = unit.needs.put(key, WANG if address is WANG else LI, make_draft(), START)
        unit.commit()
    return need.id


def shown(need_id: NeedId, record_id: RecordId = EXPERT) -> Pairing:
    return Pairing(
        need_id=need_id,
        record_id=record_id,
        state=PairingState.OPENED,
        offered_at=START,
        weights="1",
        score=0.75,
        reasons=(Reason(facet=Facet.TEXT, evidence="翘曲", need="件翘曲", record="翘曲变形"),),
    )


def keep(units: Units, *pairings: Pairing) -> None:
    with units() as unit:
        for pairing in pairings:
            unit.pairings.put(pairing)
        unit.commit()


def test_a_pairing_is_kept_whole_and_the_last_word_counts(units: Units) -> None:
    need_id = stored(units)
    declined = moved(
        shown(need_id), PairingState.DECLINED, by=str(LI), at=START + DAY, note="太远"
    )
    accepted = moved(declined, PairingState.ACCEPTED, by=str(LI), at=START + 2 * DAY)
    for pairing in (shown(need_id), declined, accepted):
        keep(units, pairing)
        with units() as unit:
            assert unit.pairings.find(need_id, EXPERT) == pairing
            assert unit.pairings.of(need_id) == [pairing]
    with units() as unit:
        assert unit.pairings.find(need_id, TEAM) is None


def test_a_person_declined_what_they_declined_and_nobody_else(units: Units) -> None:
    mine, theirs = stored(units), stored(units, "m2", WANG)
    for need_id in (mine, theirs):
        keep(units, moved(shown(need_id), PairingState.DECLINED, by="x", at=START))
    keep(units, shown(mine, TEAM))
    with units() as unit:
        assert [one.need_id for one in unit.pairings.declined_by(LI)] == [mine]


def test_exposure_counts_the_needs_a_record_was_shown_for_lately(units: Units) -> None:
    keep(units, *(shown(stored(units, f"m{n}")) for n in range(3)))
    with units() as unit:
        assert unit.pairings.exposed([EXPERT, TEAM], START) == {EXPERT: 3}
        assert unit.pairings.exposed([EXPERT], START + DAY) == {}
        assert unit.pairings.exposed([], START) == {}


def test_signed_ones_are_due_three_times(units: Units) -> None:
    need_id = stored(units)
    pairing = moved(shown(need_id), PairingState.SIGNED, by="王主任", at=START)
    for days in (7, 30, 90):
        keep(units, pairing)
        with units() as unit:
            assert unit.pairings.due(START + timedelta(days=days, seconds=-1), 9) == []
            assert unit.pairings.due(START + timedelta(days=days), 9) == [pairing]
        pairing = followed_up(pairing)
    keep(units, pairing)
    with units() as unit:
        assert unit.pairings.due(START + timedelta(days=999), 9) == []


def order(need_id: NeedId, record_id: RecordId = EXPERT) -> Order:
    return Order(
        id=OrderId(0),
        need_id=need_id,
        record_id=record_id,
        state=OrderState.SENT,
        sent_at=START,
        due_at=START + DAY,
    )


def test_one_provider_at_a_time_has_a_need_and_each_gets_it_once(units: Units) -> None:
    need_id = stored(units)
    with units() as unit:
        first = unit.orders.put(order(need_id))
        assert first is not None
        assert unit.orders.put(order(need_id)) is None
        assert unit.orders.put(order(need_id, TEAM)) is None
        unit.orders.save(moved_order(first, OrderState.REFUSED, by="x", note="忙"))
        assert unit.orders.put(order(need_id)) is None
        second = unit.orders.put(order(need_id, TEAM))
        assert second is not None
        unit.commit()
    with units() as unit:
        assert [(one.state, one.note) for one in unit.orders.of(need_id)] == [
            (OrderState.REFUSED, "忙"),
            (OrderState.SENT, ""),
        ]
        assert [one.id for one in unit.orders.newest(1)] == [second.id]
        assert unit.orders.handed_to([TEAM], 9) == [second]
        assert len(unit.orders.handed_to([TEAM, second.record_id, first.record_id], 1)) == 1
        assert unit.orders.handed_to([], 9) == []
        assert unit.orders.due(START, 9) == []
        assert unit.orders.due(START + DAY, 9) == [second]
        assert unit.orders.get(second.id, hold=True) == second
        with pytest.raises(NotFoundError):
            unit.orders.get(OrderId(404))
