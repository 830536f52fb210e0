"""Subscribing to topics of events."""

from dataclasses import dataclass

from core.domain.conversations import Address
from core.domain.records import RecordId
from core.domain.subscriptions import Subscription
from core.ports.clock import Clock
from core.ports.unit_of_work import UnitOfWork, Units
from core.services.events import concerns


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscribe:
    """Tell a person of new events on a topic from now on."""

    units: Units
    clock: Clock

    def __call__(self, address: Address, *, topic: str) -> bool:
        """True when it is new."""
        with self.units() as unit:
            new = unit.subscriptions.put(
                Subscription(address=address, topic=topic, created_at=self.clock.now())
            )
            unit.commit()
        return new


def announcement_key(address: Address, record_id: str = "") -> str:
    """What makes an announcement to a person unique; without a record, how all of them begin."""
    return f"announce:{address}:{record_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsubscribe:
    """Stop at once: what is queued and no topic asks for any more is not sent either."""

    units: Units

    def __call__(self, address: Address, *, topic: str | None = None) -> int:
        """Remove one topic, or all; returns how many."""
        with self.units() as unit:
            removed = unit.subscriptions.remove(address, topic)
            self._take_back(unit, address)
            unit.commit()
        return removed

    @staticmethod
    def _take_back(unit: UnitOfWork, address: Address) -> None:
        topics = [subscription.topic for subscription in unit.subscriptions.of(address)]
        start = announcement_key(address)
        for delivery in unit.outbox.queued(address):
            if not delivery.message.key.startswith(start):
                continue
            record = unit.records.find(RecordId(delivery.message.key.removeprefix(start)))
            if record is None or not any(concerns(record, topic) for topic in topics):
                unit.outbox.take_back(delivery)
