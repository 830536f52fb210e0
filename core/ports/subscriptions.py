"""Who wants to hear of what, when not, and what they are still to be told."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Protocol

from core.domain.conversations import Address
from core.domain.records import RecordId
from core.domain.subscriptions import (
    Announcement,
    AnnouncementId,
    Found,
    Interest,
    QuietHours,
    Rhythm,
    Subscriber,
    Subscription,
    SubscriptionId,
    Tiding,
)


class Subscriptions(Protocol):
    """Subscriptions, and the quiet hours of those who may have some."""

    def put(self, subscription: Subscription) -> tuple[Subscription, bool]:
        """Store once per address and interest (its `id` is ignored); True when it was new."""
        ...

    def change(self, subscription_id: SubscriptionId, rhythm: Rhythm) -> None:
        """Give the subscription of that id another rhythm."""
        ...

    def remove(self, subscription_id: SubscriptionId) -> bool:
        """Remove it; False when there was none."""
        ...

    def of(self, address: Address) -> list[Subscription]:
        """A person's subscriptions, oldest first."""
        ...

    def stamp(self) -> tuple[int, int]:
        """Changes when somebody subscribes or stops; another rhythm changes nothing."""
        ...

    def keys(self) -> set[str]:
        """The key of every interest that somebody has."""
        ...

    def interests(self, keys: Sequence[str]) -> dict[str, Interest]:
        """The interests of those keys, as far as somebody has them."""
        ...

    def subscribers(self, keys: Sequence[str]) -> dict[str, list[Subscriber]]:
        """Who has the interests of those keys."""
        ...

    def quiet_hours(self, address: Address) -> QuietHours | None:
        """When a person wants no pushes; None when any time is right."""
        ...

    def all_quiet_hours(self, addresses: Collection[Address]) -> dict[Address, QuietHours]:
        """The quiet hours of those of these people who have some."""
        ...

    def keep_quiet(self, address: Address, hours: QuietHours | None) -> None:
        """Put these hours in place of those a person had."""
        ...


class Tidings(Protocol):
    """What people are to be told of, and were: each record once to each."""

    def announce(self, news: Iterable[tuple[RecordId, datetime]]) -> None:
        """Note that subscribers of these records are to be found, from those moments on."""
        ...

    def announced(self, now: datetime, limit: int) -> list[Announcement]:
        """The first records whose subscribers are to be found now."""
        ...

    def settle(self, gathered: Sequence[AnnouncementId]) -> None:
        """Forget what was gathered."""
        ...

    def gather(self, found: Iterable[Found]) -> None:
        """Note whom to tell of which record, and when; what was noted before stays as it was."""
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
