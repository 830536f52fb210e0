"""Who wants to hear of what, when not, and what they are still to be told."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Protocol

from core.domain.conversations import Address
from core.domain.records import RecordId
from core.domain.subscriptions import QuietHours, Subscription, SubscriptionId, Tiding


class Subscriptions(Protocol):
    """Subscriptions, and the quiet hours of those who may have some."""

    def put(self, subscription: Subscription) -> tuple[Subscription, bool]:
        """Store once per address and interest (its `id` is ignored); True when it was new."""
        ...

    def change(self, subscription: Subscription) -> None:
        """Give the subscription of that id another interest or rhythm."""
        ...

    def remove(self, subscription_id: SubscriptionId) -> bool:
        """Remove it; False when there was none."""
        ...

    def of(self, address: Address) -> list[Subscription]:
        """A person's subscriptions, oldest first."""
        ...

    def all(self) -> list[Subscription]:
        """Every subscription."""
        ...

    def quiet_hours(self, address: Address) -> QuietHours | None:
        """When a person wants no pushes; None when any time is right."""
        ...

    def keep_quiet(self, address: Address, hours: QuietHours | None) -> None:
        """Put these hours in place of those a person had."""
        ...


class Tidings(Protocol):
    """What people are to be told of, and were: each record once to each."""

    def gather(
        self, record_id: RecordId, due: Iterable[tuple[Address, datetime]], now: datetime
    ) -> None:
        """Note whom to tell of a record, and when; who was or is to be told stays as it was."""
        ...

    def next_due(self, now: datetime) -> Address | None:
        """Somebody who waits for tidings that are due, the one who waits longest."""
        ...

    def waiting(self, address: Address, now: datetime) -> list[Tiding]:
        """A person's due tidings, newest first, held until the unit ends."""
        ...

    def postpone(self, tidings: Sequence[Tiding], until: datetime) -> None:
        """Let them wait until then."""
        ...

    def close(self, tidings: Sequence[Tiding], key: str) -> None:
        """Mark them as told by the delivery of that key."""
        ...

    def drop(self, tidings: Sequence[Tiding]) -> None:
        """Forget those that are of no use any more."""
        ...

    def told_by(self, key: str) -> list[Tiding]:
        """What a delivery tells."""
        ...

    def unsent(self, record_id: RecordId) -> list[str]:
        """Keys of queued deliveries that tell of a record."""
        ...

    def reopen(self, key: str, now: datetime) -> None:
        """Let what a delivery was to tell be told anew, at once, by another."""
        ...
