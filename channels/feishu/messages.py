"""What Feishu tells of, read from verified events of both versions.

A conversation is a person (`ou_…`) or a group (`oc_…`); a group speaks to the bot by naming it.
The inbox knows a message as `event/message`: its second half is what an answer answers.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from channels.bodies import BadBodyError, Fields, read_body, text_of
from channels.feishu.settings import CHANNEL
from channels.texts import cleaned
from core.domain.conversations import Address, InboundMessage, MessageKind

PRESS = "card.action.trigger"
_MESSAGES = frozenset({"im.message.receive_v1", "message"})
_ENTERED = frozenset({"im.chat.access_event.bot_p2p_chat_entered_v1", "p2p_chat_create"})
_ADDED = frozenset({"im.chat.member.bot.added_v1", "add_bot"})
_REMOVED = frozenset({"im.chat.member.bot.deleted_v1", "remove_bot"})

_ID = re.compile(r"[\w.:=-]{1,100}", re.ASCII)
_MENTION = re.compile(r"@_(?:user_\d{1,4}|all)")
_PARTS = frozenset({"text", "a", "md", "code_block"})
_MOST_DIGITS = 15
GROUP = "oc_"
"""How the ids of groups begin."""
_OLDEST = timedelta(hours=8)
"""Longer than Feishu repeats an event; an older time is none of ours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """An event of either version, not yet understood."""

    id: str
    type: str
    token: str
    fields: Fields


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """What an event comes to: words to be answered (not yet looked at), or somebody's leaving."""

    key: str
    address: Address
    said_at: datetime
    text: str | None = None
    left: bool = False
    card: int = 0
    """The delivery whose card was pressed; 0 when none was, or it is not told."""
    in_group: bool = False

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
            in_group=self.in_group,
        )


def answered(message_id: str) -> str:
    """The platform's own id of a message in the inbox; empty when it was none."""
    return message_id.partition("/")[2]


def address_of(user: str) -> Address:
    """A person or a group."""
    return Address(channel=CHANNEL, user=user)


def challenge_of(fields: Fields) -> str | None:
    """What is to be said back when the address is entered in the console; None for events."""
    return text_of(fields, "challenge") if fields.get("type") == "url_verification" else None


def read_event(fields: Fields) -> Event:
    """The event, whichever version it has.

    Raises:
        BadBodyError: it is none.
    """
    header, inner = fields.get("header"), fields.get("event")
    if not isinstance(inner, dict):
        raise BadBodyError("there is no event in the body")
    if isinstance(header, dict):
        key, kind, token = (text_of(header, name) for name in ("event_id", "event_type", "token"))
    else:
        key, kind, token = (
            text_of(fields, "uuid"),
            text_of(inner, "type"),
            text_of(fields, "token"),
        )
    return Event(id=_id(key), type=kind, token=token, fields=inner)


def parse(event: Event, *, now: datetime, greeting: str, me: Callable[[], str]) -> Incoming | None:
    """What the event comes to; None when it is nothing to us.

    `greeting` is said in the name of who comes without words. `me` gives the bot's own id, and is
    asked only where it matters.

    Raises:
        BadBodyError: a field is missing or malformed.
    """
    if event.type in _MESSAGES:
        return _message(event, now, greeting, me)
    if event.type == PRESS:
        return _press(event, now)
    if event.type in _ENTERED:
        person = _person(event.fields)
        known = text_of(event.fields, "last_message_id")
        return None if known else _incoming(event, person, now, text=greeting)
    if event.type in _ADDED | _REMOVED:
        group = _id(text_of(event.fields, "chat_id") or text_of(event.fields, "open_chat_id"))
        left = event.type in _REMOVED
        return _incoming(event, group, now, text=None if left else greeting, left=left)
    return None


def _incoming(
    event: Event, user: str, at: datetime, *, text: str | None, left: bool = False, about: str = ""
) -> Incoming:
    return Incoming(
        key=f"{event.id}/{about}",
        address=address_of(user),
        said_at=at,
        text=text,
        left=left,
        in_group=user.startswith(GROUP),
    )


def _message(event: Event, now: datetime, greeting: str, me: Callable[[], str]) -> Incoming | None:
    message = event.fields.get("message")
    if not isinstance(message, dict):
        return _first_version(event, now, greeting)
    sender = _within(event.fields, "sender")
    if text_of(sender, "sender_type") != "user":
        return None  # bots do not talk to each other here
    in_group = text_of(message, "chat_type") != "p2p"
    user = _id(text_of(message, "chat_id")) if in_group else _person(sender, "sender_id")
    about, mentions = _id(text_of(message, "message_id")), _mentions(message)
    mine = ""
    if in_group:
        mine = me() if mentions else ""
        if mine not in {one for one, _ in mentions.values() if one}:
            return None
    shown = {
        key: "" if mine and one == mine else f"@{name}" for key, (one, name) in mentions.items()
    }
    text = _text(text_of(message, "message_type"), text_of(message, "content"), shown)
    at = _said_at(text_of(message, "create_time"), now)
    said = text if text is None else text.strip() or greeting
    return _incoming(event, user, at, text=said, about=about)


def _first_version(event: Event, now: datetime, greeting: str) -> Incoming | None:
    fields = event.fields
    in_group = text_of(fields, "chat_type") == "group"
    if in_group and fields.get("is_mention") is not True:
        return None
    text = None
    if text_of(fields, "msg_type") in {"text", "post"}:
        text = text_of(fields, "text_without_at_bot").strip() or greeting
    user = _id(text_of(fields, "open_chat_id" if in_group else "open_id"))
    return _incoming(event, user, now, text=text, about=_id(text_of(fields, "open_message_id")))


def _press(event: Event, now: datetime) -> Incoming | None:
    value = _within(event.fields, "action").get("value")
    if isinstance(value, str):  # as a card's value may also have been written
        value = read_body(value.encode("utf-8", "replace"))
    if not isinstance(value, dict):
        raise BadBodyError("the button has no value")
    text = text_of(value, "say").strip()
    if not text:
        return None
    context = event.fields.get("context")
    context = context if isinstance(context, dict) else {}
    person, group = _person(event.fields, "operator"), text_of(context, "open_chat_id")
    # A card that was passed on speaks for who presses it where they are, for nobody else.
    user = group if group and text_of(value, "at") == group else person
    about = text_of(context, "open_message_id")
    said = _incoming(event, _id(user), now, text=text, about=_id(about) if about else "")
    card = text_of(value, "on")
    if not about or not (card.isascii() and card.isdigit() and len(card) <= _MOST_DIGITS):
        return said
    # One card speaks once, however often and by whomever it is pressed.
    return replace(said, key=f"press/{about}", card=int(card))


def _person(fields: Fields, name: str = "") -> str:
    """The id of who did it, which stands in one of several places."""
    for place in (name,) if name else ("operator_id", "user", "operator"):
        found = fields.get(place)
        if isinstance(found, dict) and text_of(found, "open_id"):
            return _id(text_of(found, "open_id"))
    raise BadBodyError("it is not told who did it")


def _within(fields: Fields, name: str) -> Fields:
    found = fields.get(name)
    if not isinstance(found, dict):
        raise BadBodyError(f"there is no {name}")
    return found


def _id(text: str) -> str:
    if not _ID.fullmatch(text):
        raise BadBodyError("an id is missing or malformed")
    return text


def _mentions(message: Fields) -> dict[str, tuple[str, str]]:
    """Who is named, by the mark in the text: id and name."""
    named: dict[str, tuple[str, str]] = {}
    listed = message.get("mentions")
    for one in listed if isinstance(listed, list) else ():
        if not isinstance(one, dict):
            raise BadBodyError("a mention is malformed")
        whose = one.get("id")
        open_id = text_of(whose, "open_id") if isinstance(whose, dict) else ""
        named[text_of(one, "key")] = (open_id, text_of(one, "name"))
    return named


def _said_at(milliseconds: str, now: datetime) -> datetime:
    """When it was said: Feishu may bring it hours later."""
    if not (milliseconds.isascii() and milliseconds.isdigit() and len(milliseconds) <= 14):  # noqa: PLR2004 -- until the year 5138
        return now
    at = datetime.fromtimestamp(int(milliseconds) / 1000, UTC)
    return at if now - _OLDEST < at <= now else now


def _text(kind: str, content: str, shown: Mapping[str, str]) -> str | None:
    """The words of a message; None when it has none, as a picture has not."""
    if kind not in {"text", "post"}:
        return None
    fields = read_body(content.encode("utf-8", "replace"))
    text = text_of(fields, "text") if kind == "text" else _flattened(fields)
    text = _MENTION.sub(lambda found: shown.get(found[0], ""), text)
    return "\n".join(line for line in text.split("\n") if line.strip())


def _flattened(post: Fields) -> str:
    """The lines of a post (富文本), whether it stands under its language or not."""
    if "content" not in post:
        post = next((one for one in post.values() if isinstance(one, dict)), post)
    rows = post.get("content")
    lines = [text_of(post, "title")]
    for row in rows if isinstance(rows, list) else ():
        parts = row if isinstance(row, list) else [row]
        lines.append("".join(_part(one) for one in parts if isinstance(one, dict)))
    return "\n".join(lines)


def _part(part: Mapping[str, Any]) -> str:
    tag = text_of(part, "tag")
    if tag == "at":
        mark = text_of(part, "user_id")
        return mark if _MENTION.fullmatch(mark) else f"@{text_of(part, 'user_name')}"
    text = text_of(part, "text") if tag in _PARTS else ""
    link = text_of(part, "href")
    return f"{text}（{link}）" if link and link != text else text
