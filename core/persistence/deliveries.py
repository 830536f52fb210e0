"""A row of the outbox as a delivery, and a message as such a row."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row

from core.domain.conversations import Address
from core.domain.deliveries import Delivery, DeliveryState, OutboundMessage
from core.domain.purposes import RULES


def read_delivery(row: Row[Any]) -> Delivery:
    """A row of the outbox as a delivery."""
    return Delivery(
        id=row.id,
        message=OutboundMessage(
            key=row.key,
            address=Address.parse(row.address),
            reply=row.reply,
            reply_to=row.reply_to,
            expires_at=row.expires_at,
            pushed=row.pushed,
            purpose=row.purpose,
            promised_at=row.promised_at,
        ),
        created_at=row.created_at,
        state=row.state,
        attempts=row.attempts,
        tries=row.tries,
        due_at=row.due_at,
        sent_at=row.sent_at,
        error=row.error,
        may_repeat=row.may_repeat,
        taken_at=row.taken_at,
        taken_by=row.taken_by,
    )


def written(message: OutboundMessage, now: datetime) -> dict[str, object]:
    """The row of a message that is queued now."""
    return {
        "key": message.key,
        "channel": message.address.channel,
        "address": str(message.address),
        "reply": message.reply,
        "reply_to": message.reply_to,
        "expires_at": message.expires_at,
        "pushed": message.pushed,
        "purpose": message.purpose,
        "priority": RULES[message.purpose].priority,
        "promised_at": message.promised_at,
        "created_at": now,
        "due_at": now,
        "state": DeliveryState.QUEUED,
        "attempts": 0,
    }
