"""Messages on their way out, and what operators see of them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from core.domain.conversations import Address, InboundId, Reply
from core.domain.deliveries import (
    NO_ATTEMPT,
    Attempt,
    Delivery,
    DeliveryState,
    OutboundMessage,
    OutboxId,
    Step,
)
from core.domain.routes import Route


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which deliveries are asked for; None: any."""

    state: DeliveryState | None = None
    channel: str | None = None
    address: Address | None = None


class Outbox(Protocol):
    """Messages on their way out, each key once."""

    def put(self, message: OutboundMessage, now: datetime) -> Delivery:
        """Queue the message, or return the delivery that already has its key."""
        ...

    def put_all(self, messages: Sequence[OutboundMessage], now: datetime) -> None:
        """Queue those whose keys are new."""
        ...

    def get(self, delivery_id: OutboxId) -> Delivery:
        """Find a delivery.

        Raises:
            NotFoundError: there is none.
        """
        ...

    def claim(
        self,
        now: datetime,
        lease: timedelta,
        channels: Sequence[str],
        *,
        by: str = "",
        first: int | None = None,
    ) -> Delivery | None:
        """Lease the next queued delivery that is due on one of `channels`, as `sending`.

        Channels in the order given; in each by priority, those of `first` before all others when
        it is their turn. Per address one at a time and in order of queueing; only one that waits
        for a later moment, or may wait longer by what it is for, is overtaken. Raises `attempts`
        by one and notes `by` whom. What lies behind a route that is held is passed over; of one
        that is to be probed, one is handed out. None when idle.
        """
        ...

    def record(
        self,
        delivery: Delivery,
        state: DeliveryState,
        at: datetime,
        *,
        error: str | None = None,
        not_before: datetime | None = None,
        made: Attempt = NO_ATTEMPT,
    ) -> bool:
        """Record the outcome of `delivery.attempts`; False when a later attempt took over.

        The timeline gets a line with what the attempt met.
        """
        ...

    def reword(self, delivery: Delivery, reply: Reply) -> None:
        """Put other words in place of those of a delivery that is being sent."""
        ...

    def find(self, key: str) -> Delivery | None:
        """The delivery of that key."""
        ...

    def hold(self, address: Address) -> None:
        """Let nobody else send to an address, or change what is queued, until the unit ends."""
        ...

    def queued(self, address: Address) -> list[Delivery]:
        """What waits to be sent to an address, oldest first."""
        ...

    def take_back(self, delivery: Delivery, now: datetime) -> bool:
        """Cancel a queued delivery; False when it has been claimed or ended meanwhile."""
        ...

    def call_off(self, keys: Sequence[str], now: datetime) -> None:
        """Mark those queued as cancelled, and let those on their way not be tried again."""
        ...

    def hasten(self, address: Address, now: datetime) -> int:
        """Let what waits to be sent to an address be due at once; returns how many."""
        ...

    def expire(self, now: datetime) -> int:
        """End queued deliveries past their `expires_at`; returns how many.

        They are expired, or unknown when an earlier attempt may have arrived.
        """
        ...

    def recover(self, now: datetime, *, again: Sequence[str], unknown: Sequence[str]) -> int:
        """Take back deliveries whose lease ran out while sending; returns how many.

        On the channels of `again` they are queued again, on those of `unknown` they become so,
        unless what they are for is worth a repeat.
        """
        ...

    def release_all(self) -> int:
        """End every lease, so that `recover` takes all: for the start of the only process."""
        ...

    def replies_to(self, entry_id: InboundId) -> list[Delivery]:
        """The deliveries that answer an inbox entry, oldest first."""
        ...

    def sent_after(self, address: Address, after: OutboxId, limit: int) -> list[Delivery]:
        """What was sent to `address` after the delivery `after` was, in order of sending.

        Everything sent when there is no such delivery (0, say). Order is that of sending, not of
        ids: a message may be queued early and sent late.
        """
        ...

    def last_sent(self, address: Address) -> OutboxId | None:
        """The delivery that was sent to `address` last; None when nothing was."""
        ...

    def count_by_state(self) -> dict[DeliveryState, int]:
        """How many deliveries are in each state."""
        ...


class Timelines(Protocol):
    """Deliveries with what became of each attempt."""

    def newest(self, asked: Asked, limit: int) -> list[Delivery]:
        """Those asked for, newest first."""
        ...

    def steps(self, delivery_id: OutboxId) -> list[Step]:
        """What happened to a delivery since it was queued, oldest first."""
        ...

    def last(self, delivery_ids: Iterable[OutboxId]) -> Mapping[OutboxId, Step]:
        """The last line of each that has one."""
        ...

    def move(self, delivery: Delivery, step: Step, *, may_repeat: bool) -> bool:
        """Bring a delivery to the state of `step` as somebody decided.

        One that is queued again has all its steps before it. False when it has changed since it
        was read.
        """
        ...


class Routes(Protocol):
    """Ways out that failed lately, seen alike by every process; what is held is not claimed."""

    def troubled(self) -> list[Route]:
        """All of them, by name."""
        ...

    def failed(self, name: str, now: datetime) -> Route:
        """Count a failure of the platform; the route as it is now."""
        ...

    def works(self, name: str) -> bool:
        """Forget its failures; False when there were none."""
        ...
