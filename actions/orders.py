"""A provider's own orders: seeing them, taking one, refusing one."""

import re
from abc import abstractmethod
from collections.abc import Sequence
from typing import ClassVar, override

from actions import wording
from actions.turn import Events, Speech, Turn, TurnAction
from actions.understanding.text import fold
from core.domain.conversations import Button
from core.domain.errors import ConflictError
from core.domain.matching.orders import OrderState
from core.services.matching.own_orders import AnswerOrder, ListOrders, OwnOrder

NUMBER = re.compile(r"pd\s*[-—–_]?\s*0*(\d{1,9})(?!\d)", re.IGNORECASE)
SHOWN = 5
PROBLEM_CHARS = 40
REASON = re.compile(
    r"^.*?(?:拒[绝絕]?|不接|接不了|推[掉了]|[没沒][法空])(?:[这這个個一]*[派订訂]?[单單])?[了吧]?[，,。:：;；\s]*"
)
"""What comes before a reason."""


class ListOrdersAction(TurnAction):
    """Shows the newest orders with their states; what waits for an answer can be answered."""

    action_name: ClassVar[str] = "action_ask_orders"

    def __init__(self, list_orders: ListOrders) -> None:
        self._list = list_orders

    @override
    def act(self, turn: Turn, speech: Speech) -> Events:
        return self.show(self._list(turn.person), speech)

    def show(self, orders: Sequence[OwnOrder], speech: Speech) -> Events:
        """Say which there are."""
        if not orders:
            speech.say("utter_orders_none")
            return []
        waiting = [one for one in orders if one.order.state is OrderState.SENT]
        shown = (waiting + [one for one in orders if one not in waiting])[:SHOWN]
        speech.say(
            "utter_orders",
            buttons=_answers(waiting[:1]) if len(waiting) == 1 else (),
            count=len(orders),
            listing="\n".join(map(_line, shown)),
        )
        return []


class _AnswersOrder(TurnAction):
    """What both answers share: which order is meant, and one that is over."""

    to: ClassVar[OrderState]

    def __init__(
        self, list_orders: ListOrders, answer: AnswerOrder, listing: ListOrdersAction
    ) -> None:
        self._list = list_orders
        self._answer = answer
        self._listing = listing

    @override
    def act(self, turn: Turn, speech: Speech) -> Events:
        orders = self._list(turn.person)
        meant = _meant(turn.text, orders)
        if meant is None:
            return self._listing.show(orders, speech)
        try:
            note = self.note(turn.text)
            order = self._answer(meant.order.id, self.to, address=turn.person, note=note)
        except ConflictError:
            state = wording.words()["order_states"][meant.order.state]
            speech.say("utter_order_over", number=meant.order.number, state=state)
            return []
        speech.say(f"utter_order_{order.state}", number=order.number)
        return []

    @abstractmethod
    def note(self, text: str) -> str:
        """What is kept of the words beside the answer."""


class TakeOrderAction(_AnswersOrder):
    """Takes it: operators bring the two together."""

    action_name: ClassVar[str] = "action_take_order"
    to = OrderState.TAKEN

    @override
    def note(self, text: str) -> str:
        return ""


class RefuseOrderAction(_AnswersOrder):
    """Refuses it, with the reason when one is given: it goes to the next."""

    action_name: ClassVar[str] = "action_refuse_order"
    to = OrderState.REFUSED

    @override
    def note(self, text: str) -> str:
        return REASON.sub("", NUMBER.sub("", text)).strip(" ，,。")


def _meant(text: str, orders: Sequence[OwnOrder]) -> OwnOrder | None:
    """The order that is named, or the only one that waits; None when that is not clear."""
    numbers = {int(number) for number in NUMBER.findall(fold(text))}
    waiting = [one for one in orders if one.order.state is OrderState.SENT]
    meant = [one for one in orders if one.order.id in numbers] if numbers else waiting
    return meant[0] if len(meant) == 1 else None


def _line(one: OwnOrder) -> str:
    problem = " ".join((one.need.draft.problem or "").split())
    if len(problem) > PROBLEM_CHARS:
        problem = f"{problem[:PROBLEM_CHARS]}…"
    state = wording.words()["order_states"][one.order.state]
    line = str(wording.words()["order_line"])
    return line.format(number=one.order.number, state=state, problem=problem)


def _answers(orders: Sequence[OwnOrder]) -> list[Button]:
    titles = wording.words()["order_answers"]
    return [
        Button(title=title, payload=f"{title} {one.order.number}")
        for one in orders
        for title in titles.values()
    ]
