"""A visitor's mailbox: the sent rows of the outbox, in the order in which they were sent.

The outbox numbers what it sends to an address, so one id tells where a reader is, even when a
message was queued early and sent late.
"""

from collections.abc import Iterator
from typing import Any

from channels.web.messages import render_delivery, render_utterance
from core.domain.conversations import Address
from core.domain.deliveries import Delivery, OutboxId
from core.ports.unit_of_work import UnitOfWork, Units

_PAGE = 200


def sent_after(unit: UnitOfWork, address: Address, after: int) -> Iterator[Delivery]:
    """Everything sent to `address` after the delivery `after`."""
    while True:
        page = unit.outbox.sent_after(address, OutboxId(after), _PAGE)
        yield from page
        if len(page) < _PAGE:
            return
        after = page[-1].id


class MailboxReader:
    """One stream's place in a mailbox."""

    def __init__(self, units: Units, address: Address, after: int) -> None:
        self._units = units
        self._address = address
        self._last = after

    def look(self) -> list[Delivery]:
        """What has been sent since the last look, at most a page of it."""
        with self._units() as unit:
            fresh = unit.outbox.sent_after(self._address, OutboxId(self._last), _PAGE)
        if fresh:
            self._last = fresh[-1].id
        return fresh


def read_history(units: Units, address: Address, limit: int) -> dict[str, Any]:
    """The newest lines of both sides, and the id from which the stream goes on.

    The mailbox is read first: a line sent in between is left to the stream, never shown twice.
    """
    with units() as unit:
        sent = list(sent_after(unit, address, 0))
        lines = unit.inbox.history(address, limit)
    known = {(one.sent_at, one.message.reply): one for one in sent}
    messages: list[dict[str, Any]] = []
    for line in lines:
        if line.reply is None:
            messages.append(render_utterance(line))
        elif delivery := known.get((line.at, line.reply)):
            messages.append(render_delivery(delivery))
    return {"messages": messages, "cursor": sent[-1].id if sent else 0}
