"""Orders: a need handed to one provider, who takes it, refuses it, or lets the time run out.

sent → taken → done; sent → refused or timed_out, and the need goes to the next provider
Operators cancel what is not over.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NewType

from core.domain.errors import ConflictError
from core.domain.needs import NeedId
from core.domain.records import RecordId

OrderId = NewType("OrderId", int)


class OrderState(StrEnum):
    """Where an order is."""

    SENT = "sent"
    TAKEN = "taken"
    REFUSED = "refused"
    TIMED_OUT = "timed_out"
    DONE = "done"
    CANCELLED = "cancelled"


ORDER_MOVES: Mapping[OrderState, frozenset[OrderState]] = {
    OrderState.SENT: frozenset(
        {OrderState.TAKEN, OrderState.REFUSED, OrderState.TIMED_OUT, OrderState.CANCELLED}
    ),
    OrderState.TAKEN: frozenset({OrderState.DONE, OrderState.CANCELLED}),
    OrderState.REFUSED: frozenset(),
    OrderState.TIMED_OUT: frozenset(),
    OrderState.DONE: frozenset(),
    OrderState.CANCELLED: frozenset(),
}
"""Where an order may go from each state; nothing comes back."""

PASSED_ON = frozenset({OrderState.REFUSED, OrderState.TIMED_OUT})
"""After these the need goes to the next provider."""

ANSWER_WITHIN = timedelta(days=2)
"""How long a provider has to answer."""

MOST_TRIED = 3
"""To how many providers a need is handed before operators look after it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A need handed to a provider; `round` counts the providers it was handed to."""

    id: OrderId
    need_id: NeedId
    record_id: RecordId
    state: OrderState
    sent_at: datetime
    due_at: datetime
    round: int = 1
    by: str = ""
    """Who moved it last."""
    note: str = ""
    """Why it was refused or cancelled."""

    @property
    def number(self) -> str:
        """The number people quote, e.g. PD-000012."""
        return f"PD-{self.id:06d}"


def moved_order(order: Order, to: OrderState, *, by: str, note: str = "") -> Order:
    """The order after a move.

    Raises:
        ConflictError: it cannot go there.
    """
    if to not in ORDER_MOVES[order.state]:
        raise ConflictError(f"order {order.number} is {order.state} and cannot become {to}")
    return replace(order, state=to, by=by, note=note)
