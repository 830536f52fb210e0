"""Subscribing to topics of events."""

from dataclasses import dataclass

from core.domain.conversations import Address
from core.domain.subscriptions import Subscription
from core.ports.clock import Clock
from core.ports.unit_of_work import Units


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsubscribe:
    """Stop at once."""

    units: Units

    def __call__(self, address: Address, *, topic: str | None = None) -> int:
        """Remove one topic, or all; returns how many."""
        with self.units() as unit:
            removed = unit.subscriptions.remove(address, topic)
            unit.commit()
        return removed
