"""What becomes of an event, however it came: kept, answered why it was not, or a card updated."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from channels.callbacks import demand_turn
from channels.choices import Choices
from channels.errors import RefusedRequestError
from channels.feishu.api.errcodes import WORDS
from channels.feishu.content import answered_card
from channels.feishu.messages import PRESS, Event, Incoming, parse
from channels.rates import TokenBuckets
from channels.words import words
from core.domain.conversations import InboundMessage, Reply, ReplyKind
from core.domain.deliveries import OutboundMessage, OutboxId
from core.domain.errors import NotFoundError
from core.domain.purposes import Purpose
from core.ports.unit_of_work import Units
from core.ports.wakeups import Work
from core.services.conversations import AcceptInbound
from core.services.subscriptions import Depart

PATIENCE = 2.0
"""Seconds that Feishu itself may be asked for: it waits three for its answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hearing:
    """Takes what was verified; `users` limits each person and group, `me` tells the bot's id."""

    accept: AcceptInbound
    units: Units
    users: TokenBuckets
    me: Callable[[], str]

    def __call__(self, event: Event) -> dict[str, Any]:
        """What Feishu is answered; after this returns the event cannot be lost.

        Raises:
            BadBodyError: it cannot be understood.
            RefusedRequestError: they say too much in a moment; Feishu brings it again later.
            UnavailableError: it cannot be told now whether the bot was named.
        """
        said = words("events", WORDS)
        now = self.accept.clock.now()
        incoming = parse(event, now=now, greeting=said["greeting"], me=self.me)
        told = None if incoming is None else self._take(incoming)
        if event.type != PRESS:
            return {}
        again = told is not None and incoming is not None and told.text != incoming.text
        toast = {"type": "info", "content": said["repeated" if again else "pressed"]}
        card = self._card(incoming, told) if incoming and told else None
        return {"toast": toast} | ({"card": {"type": "raw", "data": card}} if card else {})

    def _take(self, incoming: Incoming) -> InboundMessage | None:
        """Keep what was said, or what was said before in its place; None when it was not kept."""
        if incoming.left:
            Depart(units=self.units, clock=self.accept.clock)(incoming.address)
            return None
        demand_turn(self.users, incoming.address)
        try:
            message = incoming.message()
        except RefusedRequestError as error:
            self._tell(incoming, words("refusals")[error.code])
            return None
        if not incoming.card:
            meant = Choices(units=self.units, numbered=False)(message.address, message.text)
            message = replace(message, text=meant)
        return self.accept(message).message

    def _card(self, incoming: Incoming, told: InboundMessage) -> Mapping[str, Any] | None:
        """The card without its buttons, once one of them has spoken; None where it is not ours."""
        if not incoming.card:
            return None
        with self.units() as unit:
            try:
                message = unit.outbox.get(OutboxId(incoming.card)).message
            except NotFoundError:
                return None
        if message.address != incoming.address:
            return None  # it was passed on, and asks somebody else
        return answered_card(message.reply, told.text)

    def _tell(self, incoming: Incoming, text: str) -> None:
        """Tell the person, not Feishu, what cannot be kept."""
        message = OutboundMessage(
            key=f"feishu:refused:{incoming.key}",
            address=incoming.address,
            reply=Reply(kind=ReplyKind.NOTICE, text=text),
            purpose=Purpose.ANSWER,
        )
        with self.units() as unit:
            unit.outbox.put(message, self.accept.clock.now())
            unit.commit()
        self.accept.wakeups.wake(Work.OUTBOX)
