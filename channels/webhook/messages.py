"""What travels through the generic webhook.

In:  `{"type": "message", "data": {"user": "...", "text": "..."}}` (`type` may be left out)
Out: `{"type": "message", "timestamp": "...", "data": {"user", "kind", "text", "lead", "parts",
     "buttons", "citations", "reply_to"}}`; `text` says everything, `lead` and `parts` say the same
     to who draws lists, links and dates; `reply_to` is the id that accepting a question returned.
"""

import json
import re
from datetime import UTC, datetime

from channels.errors import RefusedRequestError
from channels.parts import as_json
from channels.texts import cleaned
from core.domain.conversations import Address, InboundMessage, MessageKind
from core.domain.deliveries import Delivery

CHANNEL = "webhook"

_USER = re.compile(r"[\w@.:+-]{1,80}")


def address_of(name: str, user: str) -> Address:
    """A person of one neighbour system."""
    return Address(channel=CHANNEL, user=f"{name}/{user}")


def split_address(address: Address) -> tuple[str, str]:
    """The neighbour's name and its person."""
    name, _, user = address.user.partition("/")
    return name, user


def parse(body: bytes, *, name: str, message_id: str, now: datetime) -> InboundMessage:
    """Read a verified body.

    Raises:
        RefusedRequestError: it is not of the form, empty, or too long.
    """
    try:
        event = json.loads(body)
        inner = event["data"]
        user, text = inner["user"], inner.get("text")
    except (ValueError, RecursionError):
        raise RefusedRequestError(400, "body_not_json") from None
    except (KeyError, TypeError, AttributeError):
        raise RefusedRequestError(422, "body_incomplete") from None
    if not isinstance(user, str) or not _USER.fullmatch(user):
        raise RefusedRequestError(422, "body_incomplete")
    is_text = isinstance(text, str)
    return InboundMessage(
        message_id=f"{name}:{message_id}",
        address=address_of(name, user),
        text=cleaned(text) if is_text else "",
        said_at=now,
        kind=MessageKind.TEXT if is_text else MessageKind.OTHER,
    )


def render(delivery: Delivery, now: datetime) -> bytes:
    """A delivery as the body that is posted."""
    message = delivery.message
    reply = message.reply
    event = {
        "type": "message",
        "timestamp": now.astimezone(UTC).isoformat(),
        "data": {
            "user": split_address(message.address)[1],
            "kind": reply.kind.value,
            **as_json(reply),
            "citations": [
                {
                    "document": one.document,
                    "source": one.source,
                    "section": one.section,
                    "quote": one.quote,
                }
                for one in reply.citations
            ],
            "reply_to": message.reply_to,
        },
    }
    return json.dumps(event, ensure_ascii=False).encode()
