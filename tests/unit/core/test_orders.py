"""A need is handed to one provider after another until one takes it, or operators are asked."""

from datetime import timedelta
from itertools import product

import pytest

from core.domain.errors import ConflictError, NotFoundError
from core.domain.matching.orders import (
    ANSWER_WITHIN,
    MOST_TRIED,
    ORDER_MOVES,
    Order,
    OrderId,
    OrderState,
    moved_order,
)
from core.domain.needs import Need, NeedId, NeedStatus
from core.domain.records import Record
from core.ports.unit_of_work import Units
from core.services.matching.finding import FindMatches
from core.services.matching.needs import MatchNeed
from core.services.matching.orders import TAKEN, UNPLACED, TimeOutOrders
from keqiao.pushing import make_orders
from tests.factories import LI, make_candidate, make_draft, make_record
from tests.fakes.clock import START, FakeClock
from tests.fakes.knowledge_base import FakeKnowledgeBase


class Counter:
    """Where orders are placed."""

    def __init__(self, units: Units) -> None:
        self.units = units
        self.clock = FakeClock()
        self.knowledge = FakeKnowledgeBase(candidates=[])
        matching = MatchNeed(units=units, clock=self.clock, knowledge=self.knowledge)
        find = FindMatches(units=units, match_need=matching)
        self.move = make_orders(find)
        self.place = self.move.place
        self.time_out = TimeOutOrders(units=units, clock=self.clock, move=self.move)

    def store(self, count: int) -> list[Record]:
        """Records that fit, best first."""
        records = [make_record(f"机构{n}") for n in range(count)]
        with self.units() as unit:
            for record in records:
                unit.records.put(record)
            unit.commit()
        near = [make_candidate(one, 0.9 - n / 10) for n, one in enumerate(records)]
        self.knowledge.candidates = near
        return records

    def need(self) -> Need:
        """A need to be handed on."""
        with self.units() as unit:
            need, _ = unit.needs.put("m-1", LI, make_draft(), START)
            unit.commit()
        return need

    def orders(self, need: Need) -> list[Order]:
        """Its orders, oldest first."""
        with self.units() as unit:
            return unit.orders.of(need.id)

    def waiting(self) -> list[str]:
        """Why lines wait for operators."""
        with self.units() as unit:
            return [one.reason for one in unit.questions.open()]


@pytest.fixture
def counter(sqlite_units: Units) -> Counter:
    return Counter(sqlite_units)


@pytest.mark.parametrize(("before", "to"), list(product(OrderState, OrderState)))
def test_only_legal_moves_of_an_order_are_made(before: OrderState, to: OrderState) -> None:
    order = Order(
        id=OrderId(1),
        need_id=NeedId(1),
        record_id=make_record().id,
        state=before,
        sent_at=START,
        due_at=START,
    )
    if to in ORDER_MOVES[before]:
        assert moved_order(order, to, by="x").state is to
    else:
        with pytest.raises(ConflictError, match="cannot become"):
            moved_order(order, to, by="x")


def test_who_refuses_passes_the_need_on_and_who_takes_it_keeps_it(counter: Counter) -> None:
    first, second, _ = counter.store(3)
    need = counter.need()
    order = counter.place(need.id)
    assert order is not None
    assert order.record_id == first.id
    with pytest.raises(ConflictError):
        counter.place(need.id)
    for _ in range(2):
        counter.move(order.id, OrderState.REFUSED, by="机构0", note="忙")
    refused, sent = counter.orders(need)
    assert (refused.note, sent.record_id, sent.round) == ("忙", second.id, 2)
    counter.move(sent.id, OrderState.TAKEN, by="机构1")
    counter.clock.advance(2 * ANSWER_WITHIN)
    assert counter.time_out() == 0
    assert counter.move(sent.id, OrderState.DONE, by="王主任").state is OrderState.DONE
    assert counter.waiting() == [TAKEN]


def test_silence_passes_the_need_on_until_operators_are_asked_once(counter: Counter) -> None:
    counter.store(MOST_TRIED + 1)
    need = counter.need()
    counter.place(need.id)
    for _ in range(MOST_TRIED):
        counter.clock.advance(ANSWER_WITHIN - timedelta(seconds=1))
        assert counter.time_out() == 0
        counter.clock.advance(timedelta(seconds=1))
        assert counter.time_out() == 1
    assert counter.time_out() == 0
    assert [one.state for one in counter.orders(need)] == [OrderState.TIMED_OUT] * MOST_TRIED
    assert counter.waiting() == [UNPLACED]


def test_when_nobody_is_left_operators_are_asked(counter: Counter) -> None:
    counter.store(1)
    need = counter.need()
    order = counter.place(need.id)
    assert order is not None
    counter.move(order.id, OrderState.REFUSED, by="机构0")
    assert counter.waiting() == [UNPLACED]
    assert counter.place(need.id) is None


def test_a_need_that_ended_is_handed_to_nobody(counter: Counter) -> None:
    counter.store(2)
    need = counter.need()
    order = counter.place(need.id)
    assert order is not None
    with counter.units() as unit:
        held = unit.needs.get(need.id, hold=True)
        ended = type(held)(
            id=held.id,
            key=held.key,
            address=held.address,
            draft=held.draft,
            created_at=held.created_at,
            status=NeedStatus.WITHDRAWN,
        )
        unit.needs.save(ended)
        unit.commit()
    counter.move(order.id, OrderState.REFUSED, by="机构0")
    assert len(counter.orders(need)) == 1
    with pytest.raises(ConflictError):
        counter.place(need.id)
    with pytest.raises(NotFoundError):
        counter.place(NeedId(404))
