"""Handing needs to providers: they take an order, refuse it, or let the time run out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from core.domain.conversations import Address, Reply
from core.domain.deliveries import OutboundMessage
from core.domain.errors import ConflictError
from core.domain.matching.orders import (
    ANSWER_WITHIN,
    MOST_TRIED,
    PASSED_ON,
    Order,
    OrderId,
    OrderState,
    moved_order,
)
from core.domain.moves import has_ended
from core.domain.needs import Need, NeedId
from core.domain.records import RecordId
from core.domain.reminders import SHANGHAI
from core.ports.clock import Clock
from core.ports.unit_of_work import UnitOfWork, Units
from core.services.matching.finding import FindMatches
from core.services.matching.providers import OrderWords, provider_of

AT_ONCE = 20
LONGEST_NOTE = 500
"""Characters of a reason that are kept."""
UNPLACED = "order"
"""Why a line waits for operators: nobody took a need."""
TAKEN = "order-taken"
"""Why a line waits for operators: two parties are to be brought together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceOrder:
    """Hand a need to a record that fits it: the one named, or the best that was not asked.

    Whoever handed the record in is told in the same transaction; `words` gives what is said.
    """

    units: Units
    clock: Clock
    find: FindMatches
    words: OrderWords

    def __call__(self, need_id: NeedId, record_id: RecordId | None = None) -> Order | None:
        """The order; None when nobody is left to ask.

        Raises:
            NotFoundError: there is no such need or record.
            ConflictError: the need has ended, somebody has it, or the record was asked before.
        """
        with self.units() as unit:
            need = unit.needs.get(need_id)
            if record_id is not None:
                unit.records.get(record_id)
        if has_ended(need):
            raise ConflictError(f"need {need.number} is {need.status}; nobody can be asked")
        named = [record_id] if record_id is not None else self._next(need)
        if not named:
            return None
        now = self.clock.now()
        with self.units() as unit:
            order = _placed(unit, need_id, named[0], now)
            provider = provider_of(unit, unit.records.get(named[0]))
            if provider is not None:
                self.tell(unit, order, provider, self.words.handed(order, need))
            unit.commit()
        return order

    def tell(self, unit: UnitOfWork, order: Order, to: Address, reply: Reply) -> None:
        """Put words about how an order stands now into the outbox, once."""
        key = f"order:{order.id}:{order.state}"
        unit.outbox.put(OutboundMessage(key=key, address=to, reply=reply), self.clock.now())

    def _next(self, need: Need) -> list[RecordId]:
        with self.units() as unit:
            asked = {one.record_id for one in unit.orders.of(need.id)}
        found = self.find(need, limit=len(asked) + 1)
        return [one.record_id for one in found if one.record_id not in asked]


def _placed(unit: UnitOfWork, need_id: NeedId, record_id: RecordId, now: datetime) -> Order:
    before: Sequence[Order] = unit.orders.of(need_id)
    order = unit.orders.put(
        Order(
            id=OrderId(0),
            need_id=need_id,
            record_id=record_id,
            state=OrderState.SENT,
            sent_at=now,
            due_at=now + ANSWER_WITHIN,
            round=len(before) + 1,
        )
    )
    if order is None:
        raise ConflictError(f"need {need_id} is with somebody, or {record_id} was asked before")
    return order


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveOrder:
    """What a provider or an operator does with an order; refused, it goes to the next."""

    units: Units
    place: PlaceOrder

    def __call__(self, order_id: OrderId, to: OrderState, *, by: str, note: str = "") -> Order:
        """Move it; one that is there already stays.

        Raises:
            NotFoundError: there is no such order.
            ConflictError: it cannot go there.
        """
        with self.units() as unit:
            order = unit.orders.get(order_id, hold=True)
            if order.state is not to:
                order = moved_order(order, to, by=by, note=note.strip()[:LONGEST_NOTE])
                unit.orders.save(order)
                if to is OrderState.TAKEN:
                    self._tell_of_taking(unit, order)
                unit.commit()
        if to in PASSED_ON:
            pass_on(self.units, self.place, order)
        return order

    def _tell_of_taking(self, unit: UnitOfWork, order: Order) -> None:
        need, record = unit.needs.get(order.need_id), unit.records.get(order.record_id)
        self.place.tell(unit, order, need.address, self.place.words.taken(need, record))
        key = f"{TAKEN}:{order.id}"
        request = f"{order.number} {need.number} {record.title}"
        unit.questions.put(need.address, request, TAKEN, self.place.clock.now(), key=key)


def pass_on(units: Units, place: PlaceOrder, order: Order) -> None:
    """Ask the next provider; after `MOST_TRIED`, or when nobody is left, operators are asked."""
    with units() as unit:
        need = unit.needs.get(order.need_id)
        orders = unit.orders.of(order.need_id)
    if has_ended(need) or orders[-1].id != order.id:
        return
    now = place.clock.now()
    if len(orders) < MOST_TRIED and place(order.need_id) is not None:
        return
    with units() as unit:
        asked = "、".join(one.record_id for one in orders)
        key = f"{UNPLACED}:{need.id}:{order.id}"
        unit.questions.put(need.address, f"{need.number} {asked}", UNPLACED, now, key=key)
        unit.commit()


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeOutOrders:
    """Take back orders that nobody answered in time, and ask the next."""

    units: Units
    clock: Clock
    move: MoveOrder

    def __call__(self) -> int:
        """How many ran out."""
        now = self.clock.now()
        with self.units() as unit:
            due = unit.orders.due(now, AT_ONCE)
        for one in due:
            day = now.astimezone(SHANGHAI).date().isoformat()
            self.move(one.id, OrderState.TIMED_OUT, by="system", note=day)
        return len(due)
