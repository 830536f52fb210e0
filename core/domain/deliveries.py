"""Messages on their way out: states, attempts and the steps between them.

queued → sending → sent
                 → queued again (surely not arrived; waits for its next step)
                 → unknown (nobody knows whether it arrived; not sent again by itself)
                 → dead (refused for good, or tried too often)
queued → expired (of no use any more)
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NewType

from core.domain.conversations import Address, InboundId, Reply

OutboxId = NewType("OutboxId", int)


class DeliveryState(StrEnum):
    """Where a message is on its way."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    UNKNOWN = "unknown"
    DEAD = "dead"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboundMessage:
    """A message to be sent once; the idempotency key is unique in the outbox."""

    key: str
    address: Address
    reply: Reply
    reply_to: InboundId | None = None
    expires_at: datetime | None = None
    pushed: bool = False
    """Whether nobody waits for it just now: such messages are counted and capped."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """An outbound message in the outbox.

    `attempts` is also the fence: only the holder of the newest attempt may record its outcome.
    """

    id: OutboxId
    message: OutboundMessage
    created_at: datetime
    state: DeliveryState = DeliveryState.QUEUED
    attempts: int = 0
    sent_at: datetime | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """A platform's word that it took the message."""

    platform_id: str = ""


RETRY_STEPS = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=10),
)
"""Waits between attempts, Svix's published steps; after the last the message is dead."""


def retry_wait(attempts: int, fraction: float) -> timedelta | None:
    """The wait after `attempts` failed attempts (1-based), or None when it is dead.

    `fraction` in [0, 1) is the jitter drawn by the caller; the wait lies in [step/2, step).
    """
    if attempts > len(RETRY_STEPS):
        return None
    return RETRY_STEPS[attempts - 1] * (0.5 + fraction / 2)
