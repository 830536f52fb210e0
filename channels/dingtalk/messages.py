"""What the robot is told, the same over HTTP and over a connection.

A conversation is a person of the organisation (`staff/…`), a person from outside (`guest/…`), who
can be answered only for a while, or a group (`group/…`), which speaks to the robot by naming it.
"""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from channels.bodies import BadBodyError, Fields, text_of
from channels.dingtalk.settings import CHANNEL
from channels.texts import cleaned
from core.domain.conversations import Address, InboundMessage, MessageKind

STAFF, GUEST, GROUP = "staff", "guest", "group"

_ID = re.compile(r"[!-~]{1,200}")
_IN_PERSON, _IN_GROUP = "1", "2"
_OLDEST = timedelta(hours=8)
_MOST_DIGITS = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """An address that takes answers for a while; who knows it may speak there."""

    url: str = field(repr=False)
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """What somebody said, not yet looked at; without `text` it was a picture or the like."""

    key: str
    address: Address
    said_at: datetime
    text: str | None
    session: Session | None

    def message(self) -> InboundMessage:
        """As the inbox takes it; what is no text has kind `other`.

        Raises:
            RefusedRequestError: the text is too long.
        """
        return InboundMessage(
            message_id=self.key,
            address=self.address,
            text=cleaned(self.text) if self.text else "",
            said_at=self.said_at,
            kind=MessageKind.TEXT if self.text else MessageKind.OTHER,
            in_group=self.address.user.startswith(f"{GROUP}/"),
        )


def parse(fields: Fields, *, now: datetime, greeting: str) -> Incoming | None:
    """What a callback comes to; None when it is nothing to us.

    `greeting` is said in the name of who names the robot without words.

    Raises:
        BadBodyError: a field is missing or malformed.
    """
    if not text_of(fields, "msgtype"):
        return None
    text = _text(fields)
    return Incoming(
        key=_id(fields, "msgId"),
        address=Address(channel=CHANNEL, user=_user(fields)),
        said_at=_said_at(text_of(fields, "createAt"), now),
        text=text if text is None else text.strip() or greeting,
        session=_session(fields),
    )


def _user(fields: Fields) -> str:
    kind = text_of(fields, "conversationType")
    if kind == _IN_GROUP:
        return f"{GROUP}/{_id(fields, 'conversationId')}"
    if kind != _IN_PERSON:
        raise BadBodyError("the conversation is neither with a person nor with a group")
    if text_of(fields, "senderStaffId"):
        return f"{STAFF}/{_id(fields, 'senderStaffId')}"
    return f"{GUEST}/{_id(fields, 'senderId')}"


def _id(fields: Fields, name: str) -> str:
    found = text_of(fields, name)
    if not _ID.fullmatch(found):
        raise BadBodyError(f"{name} is missing or malformed")
    return found


def _text(fields: Fields) -> str | None:
    """The words of a message; None when it has none, as a picture has not."""
    kind = text_of(fields, "msgtype")
    inner = fields.get("text" if kind == "text" else "content")
    inner = inner if isinstance(inner, dict) else {}
    if kind == "text":
        return text_of(inner, "content")
    if kind == "audio":  # DingTalk has already written down what was spoken
        return text_of(inner, "recognition") or None
    if kind == "richText":
        parts = inner.get("richText")
        listed = parts if isinstance(parts, list) else ()
        return "".join(text_of(one, "text") for one in listed if isinstance(one, dict)) or None
    return None


def _session(fields: Fields) -> Session | None:
    url, until = text_of(fields, "sessionWebhook"), text_of(fields, "sessionWebhookExpiredTime")
    ends = _instant(until)
    return Session(url=url, until=ends) if url and ends else None


def _said_at(milliseconds: str, now: datetime) -> datetime:
    at = _instant(milliseconds)
    return at if at and now - _OLDEST < at <= now else now


def _instant(milliseconds: str) -> datetime | None:
    digits = milliseconds.isascii() and milliseconds.isdigit()
    if not digits or len(milliseconds) > _MOST_DIGITS:
        return None
    return datetime.fromtimestamp(int(milliseconds) / 1000, UTC)
