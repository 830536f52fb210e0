"""Messages on their way out: states, attempts and the steps between them.

queued → sending → sent
                 → queued again (surely not arrived; waits for its next step)
                 → unknown (nobody knows whether it arrived; its purpose says what then)
                 → dead (refused for good, or tried too often)
queued → expired (of no use any more)
queued → cancelled (taken back before it was sent)

Every step is kept in the delivery's timeline, written in the transaction that makes it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NewType

from core.domain.conversations import Address, InboundId, Reply
from core.domain.purposes import Purpose
from core.domain.troubles import Trouble

OutboxId = NewType("OutboxId", int)


class DeliveryState(StrEnum):
    """Where a message is on its way."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    UNKNOWN = "unknown"
    DEAD = "dead"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


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
    purpose: Purpose = Purpose.NOTICE
    promised_at: datetime | None = None
    """The moment its person asked to be told at; who is told later is told that too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """An outbound message in the outbox.

    `attempts` is also the fence: only the holder of the newest attempt may record its outcome.
    `tries` counts those that used up one of the steps: a wait that a platform asked for does not.
    """

    id: OutboxId
    message: OutboundMessage
    created_at: datetime
    state: DeliveryState = DeliveryState.QUEUED
    attempts: int = 0
    tries: int = 0
    due_at: datetime | None = None
    sent_at: datetime | None = None
    error: str | None = None
    may_repeat: bool = False
    """Whether an earlier attempt had an unclear end: then this may be the second to arrive."""
    taken_at: datetime | None = None
    taken_by: str = ""
    """When the newest attempt began, and the process that made it."""

    @property
    def trace(self) -> str:
        """What all log lines about it share: the inbound message it answers, else itself."""
        answered = self.message.reply_to
        return f"m{answered}" if answered is not None else f"d{self.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """A platform's word that it took the message."""

    platform_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """What an attempt met: who made it, and what the platform said."""

    by: str = ""
    trouble: Trouble | None = None
    code: str = ""
    """The platform's own."""
    hint: str = ""
    """What an operator can do about it."""
    platform_id: str = ""
    """What the platform calls the message."""
    counts: bool = True
    """Whether it used up one of the steps."""
    may_repeat: bool = False
    """Whether the next attempt may be the second to arrive."""


NO_ATTEMPT = Attempt()
"""What is known where nobody tried anything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One line of a delivery's timeline: the state it came to, and why."""

    at: datetime
    state: DeliveryState
    attempt: int
    made: Attempt = NO_ATTEMPT
    began_at: datetime | None = None
    """When the attempt began; None for a step that was none."""
    said: str = ""
    due_at: datetime | None = None
    """When it is to be tried next."""


RETRY_STEPS = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=10),
)
"""Longest waits between attempts, Svix's published steps; after the last the message is dead."""

SHORTEST_WAIT = timedelta(seconds=1)
"""However the jitter falls, a platform that failed is left alone for this long."""

LONGEST_WAITING = timedelta(days=7)
"""A message that a platform keeps putting off is given up after this; nobody waits for it."""


def retry_wait(attempts: int, fraction: float) -> timedelta | None:
    """The wait after `attempts` failed attempts (1-based), or None when it is dead.

    `fraction` in [0, 1) is the jitter drawn by the caller: what failed together is spread over the
    whole step, but is never tried again at once.
    """
    if attempts > len(RETRY_STEPS):
        return None
    return max(RETRY_STEPS[attempts - 1] * fraction, SHORTEST_WAIT)
