"""What a person's short answer means: the entry of a menu tapped, or the number of a choice."""

import re
from dataclasses import dataclass

from channels.wechat.content import chosen, labels
from channels.wechat.messages import Incoming
from core.domain.conversations import Address, InboundId, Speaker
from core.domain.deliveries import Delivery, DeliveryState, OutboxId
from core.domain.errors import NotFoundError
from core.ports.unit_of_work import UnitOfWork, Units

_LINES = 12
_MAY_BE_SEEN = {DeliveryState.SENDING, DeliveryState.UNKNOWN}
_PRESSED = re.compile(r"(\d{1,15})\.(\d)", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """Reads answers against what the person was last told."""

    units: Units

    def __call__(self, incoming: Incoming) -> str:
        """What it says in full; what is no choice says what it says."""
        text = incoming.text or ""
        with self.units() as unit:
            pressed = _PRESSED.fullmatch(incoming.pressed)
            if pressed:
                return _tapped(unit, incoming.address, pressed) or text
            if len(text.strip()) > 2:  # noqa: PLR2004 -- a digit and a stop
                return text
            return _numbered(unit, incoming.address, text) or text


def entry_id(delivery: Delivery, number: int) -> str:
    """The id of a menu entry: the choice `number` (1-based) of that delivery."""
    return f"{delivery.id}.{number}"


def _tapped(unit: UnitOfWork, address: Address, pressed: re.Match[str]) -> str | None:
    try:
        message = unit.outbox.get(OutboxId(int(pressed[1]))).message
    except NotFoundError:
        return None
    if message.address != address:
        return None  # an id is no secret
    return chosen(pressed[2], message.reply.buttons)


def _numbered(unit: UnitOfWork, address: Address, text: str) -> str | None:
    """The choice of that number among those told since the person last said something."""
    for line in reversed(unit.inbox.history(address, _LINES)):
        if line.speaker is Speaker.USER:
            if line.text != labels()["more"]:
                return _answered(unit, InboundId(line.id), text)
        elif line.reply is not None and line.reply.buttons:
            return chosen(text, line.reply.buttons)
    return None


def _answered(unit: UnitOfWork, entry_id: InboundId, text: str) -> str | None:
    """Whoever answers at once may be faster than the platform's word that it took the message."""
    for delivery in reversed(unit.outbox.replies_to(entry_id)):
        if delivery.state in _MAY_BE_SEEN and delivery.message.reply.buttons:
            return chosen(text, delivery.message.reply.buttons)
    return None
