"""Who wants to hear of what."""

from dataclasses import dataclass
from datetime import datetime

from core.domain.conversations import Address


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """`address` is told of new events that have `topic` in what `concerns` looks at.

    The empty topic stands for all events.
    """

    address: Address
    topic: str
    created_at: datetime
