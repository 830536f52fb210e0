"""派单: needs with providers, who take or refuse them or let the time run out."""

from functools import partial

from nicegui import html, ui
from starlette.requests import Request

from core.domain.matching.orders import ORDER_MOVES, Order, OrderState
from core.domain.operating.operators import OperatorRole
from keqiao.console.pages.frame import frame
from keqiao.console.pages.parts import ask, button, empty, line, rows
from keqiao.console.rooms import Rooms
from keqiao.console.stay import Stay
from keqiao.console.wording import moment, say

HERE = "/orders"
LISTED = 100
SAID = (OrderState.TAKEN, OrderState.REFUSED, OrderState.DONE, OrderState.CANCELLED)
"""Where operators move an order; its time runs out by itself."""
_TONES = {
    OrderState.SENT: "gold",
    OrderState.TAKEN: "good",
    OrderState.DONE: "good",
    OrderState.REFUSED: "bad",
    OrderState.TIMED_OUT: "bad",
}


def add(rooms: Rooms) -> None:
    """Add the page."""

    @ui.page(HERE, response_timeout=30)
    async def orders(request: Request) -> None:
        stay = Stay.of(rooms, request)

        def look() -> list[Order]:
            with rooms.units() as unit:
                return unit.orders.newest(LISTED)

        found = await stay.look(look)
        with frame(stay, say("nav", HERE), here=HERE):
            if not found:
                empty(say("orders", "nothing"))
                return
            for order in found:
                with rows():
                    order_line(order)
                    _moves(stay, order)


def order_line(order: Order) -> None:
    """A line that leads to the need."""
    due = order.state is OrderState.SENT
    when = say("orders", "due", at=moment(order.due_at)) if due else moment(order.sent_at)
    said = (say("orders", "round", round=order.round), order.by, order.note)
    line(
        f"{order.number}  {order.record_id}",
        sign=say("order_states", order.state),
        tone=_TONES.get(order.state, ""),
        more=when,
        below=" · ".join(filter(None, said)),
        to=f"/needs/{order.need_id}",
    )


def _moves(stay: Stay, order: Order) -> None:
    moves = [to for to in SAID if to in ORDER_MOVES[order.state]]
    if not moves or not stay.may(OperatorRole.OPERATOR):
        return

    async def move(to: OrderState, note: str) -> None:
        act = partial(stay.rooms.move_order, order.id, to, by=stay.operator.name, note=note)
        said = f"{say('order_states', to)} {note}".strip()
        if await stay.do("move_order", order.number, act, note=said):
            ui.navigate.reload()

    with html.div().classes("bar below-line"):
        for to in moves:
            name = say("order_moves", to)
            button(name, partial(ask, name, "", partial(move, to), label=say("needs", "why")))
