"""Messages of web chat as JSON: what the page posts and what it is given."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from channels.errors import RefusedRequestError
from channels.parts import as_json
from channels.texts import cleaned
from core.domain.conversations import (
    Address,
    InboundMessage,
    MessageKind,
    Reply,
    Utterance,
)
from core.domain.deliveries import Delivery

_ID = re.compile(r"[\w.:-]{1,100}", re.ASCII)


def parse(body: object, address: Address, now: datetime) -> InboundMessage:
    """Read `{"id", "text"}` or, for what is not text, `{"id", "kind"}`.

    Raises:
        RefusedRequestError: it is not of that form, empty, or too long.
    """
    if not isinstance(body, dict):
        raise RefusedRequestError(422, "body_incomplete")
    message_id, kind = body.get("id"), body.get("kind", "text")
    if not isinstance(message_id, str) or not _ID.fullmatch(message_id):
        raise RefusedRequestError(422, "body_incomplete")
    if not isinstance(kind, str):
        raise RefusedRequestError(422, "body_incomplete")
    is_text = kind == MessageKind.TEXT
    return InboundMessage(
        # The visitor is part of the id: nobody can take another's message for theirs.
        message_id=f"{address.user}:{message_id}",
        address=address,
        text=_text(body) if is_text else "",
        said_at=now,
        kind=MessageKind.TEXT if is_text else MessageKind.OTHER,
    )


def _text(body: Mapping[str, object]) -> str:
    text = body.get("text")
    if not isinstance(text, str):
        raise RefusedRequestError(422, "body_incomplete")
    return cleaned(text)


def render_delivery(delivery: Delivery) -> dict[str, Any]:
    """A delivered message; `reply_to` is the inbox id that posting the question returned."""
    message = delivery.message
    return {
        "id": delivery.id,
        "speaker": "assistant",
        "at": (delivery.sent_at or delivery.created_at).isoformat(),
        "reply_to": message.reply_to,
        **render_reply(message.reply),
    }


def render_utterance(utterance: Utterance) -> dict[str, Any]:
    """A line of the history: the assistant's as it was delivered, the person's with no id.

    The `kind` of a person's line is `text`, or `other` for what was no text.
    """
    line = {"speaker": utterance.speaker.value, "at": utterance.at.isoformat()}
    if utterance.reply is None:
        return {"id": None, **line, "kind": utterance.kind.value, "text": utterance.text}
    return {
        "id": utterance.id,
        **line,
        "reply_to": utterance.reply_to,
        **render_reply(utterance.reply),
    }


def render_reply(reply: Reply) -> dict[str, Any]:
    """What the bot says, for the page to draw."""
    return {
        "kind": reply.kind.value,
        **as_json(reply),
        "citations": [
            {
                "document": one.document,
                "source": one.source,
                "section": one.section,
                "quote": one.quote,
                "document_id": one.document_id,
                "start": one.start,
                "end": one.end,
            }
            for one in reply.citations
        ],
    }
