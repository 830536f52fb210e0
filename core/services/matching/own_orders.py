"""A provider's own orders: seeing them, taking or refusing one."""

from dataclasses import dataclass

from core.domain.conversations import Address
from core.domain.errors import NotFoundError
from core.domain.matching.orders import Order, OrderId, OrderState
from core.domain.needs import Need
from core.domain.records import Record
from core.ports.unit_of_work import Units
from core.services.matching.orders import MoveOrder
from core.services.matching.providers import provider_of, published_as

LISTED = 20
"""Orders of one provider that are looked at, newest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnOrder:
    """An order as its provider sees it."""

    order: Order
    need: Need
    record: Record


@dataclass(frozen=True, slots=True, kw_only=True)
class ListOrders:
    """The orders of whatever a person handed in."""

    units: Units

    def __call__(self, address: Address) -> list[OwnOrder]:
        """Newest first."""
        with self.units() as unit:
            published = map(published_as, unit.submissions.of(address))
            orders = unit.orders.handed_to([one for one in published if one], LISTED)
            return [
                OwnOrder(
                    order=one,
                    need=unit.needs.get(one.need_id),
                    record=unit.records.get(one.record_id),
                )
                for one in orders
            ]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerOrder:
    """A provider takes an order that was handed to them, or refuses it."""

    units: Units
    move: MoveOrder

    def __call__(
        self, order_id: OrderId, to: OrderState, *, address: Address, note: str = ""
    ) -> Order:
        """Move it; said twice it stays.

        Raises:
            NotFoundError: there is none, or it is somebody else's, which is not told apart.
            ConflictError: the time has run out, or it went otherwise.
        """
        with self.units() as unit:
            order = unit.orders.get(order_id)
            if provider_of(unit, unit.records.get(order.record_id)) != address:
                raise NotFoundError(f"{address} has no order of the id {order_id}")
        return self.move(order_id, to, by=str(address), note=note)
