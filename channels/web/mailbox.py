"""A visitor's mailbox: the sent rows of the outbox, in the order in which they were sent.

The outbox numbers what it sends to an address, so one id tells where a reader is, even when a
message was queued early and sent late.
"""

from typing import Any

from channels.web.messages import render_utterance
from core.domain.conversations import Address
from core.domain.deliveries import Delivery, OutboxId
from core.ports.unit_of_work import Units

_PAGE = 200


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

    The place in the mailbox is read first: a line sent in between comes with both, under one id,
    rather than with neither.
    """
    with units() as unit:
        last = unit.outbox.last_sent(address)
        lines = unit.inbox.history(address, limit)
    return {"messages": [render_utterance(line) for line in lines], "cursor": last or 0}
