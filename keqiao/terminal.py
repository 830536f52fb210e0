"""The terminal as a channel: the same inbox, bot and outbox as everybody's."""

import time
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from core.domain.conversations import Address, InboundMessage, InboundState, InboxEntry
from core.domain.deliveries import Delivery, DeliveryState
from core.ports.unit_of_work import Units
from core.services.conversations import AcceptInbound

CHANNEL = "terminal"
PATIENCE = timedelta(seconds=60)


class Handle(Protocol):
    """Handles one waiting conversation; False when none waits."""

    def __call__(self) -> bool:
        """Handle one."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Terminal:
    """Says one text in a sender's name and waits for what comes back."""

    units: Units
    accept: AcceptInbound
    handle: Handle

    def say(self, sender: str, text: str, *, said_at: datetime) -> list[Delivery]:
        """The deliveries that answer `text`, oldest first, marked as sent."""
        entry = self.accept(
            InboundMessage(
                message_id=uuid.uuid4().hex,
                address=Address(channel=CHANNEL, user=sender),
                text=text,
                said_at=said_at,
            )
        )
        self._wait(entry)
        return self._take(entry)

    def _wait(self, entry: InboxEntry) -> None:
        deadline = time.monotonic() + PATIENCE.total_seconds()
        while time.monotonic() < deadline:
            worked = self.handle()
            with self.units() as unit:
                if unit.inbox.get(entry.id).state is InboundState.HANDLED:
                    return
            if not worked:
                time.sleep(0.1)  # a running worker has it, or the bot is being waited for

    def _take(self, entry: InboxEntry) -> list[Delivery]:
        with self.units() as unit:
            found = unit.outbox.replies_to(entry.id)
            now = entry.received_at
            for delivery in found:
                unit.outbox.record(delivery, DeliveryState.SENT, now)
            unit.commit()
        return found
