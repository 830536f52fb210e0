"""What WeCom tells the app of: the fields of verified callbacks → messages of the house."""

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from channels.bodies import BadBodyError, Fields, text_of
from channels.errors import RefusedRequestError
from channels.texts import cleaned
from channels.wecom.cards import Pressed, pressed
from channels.wecom.settings import CHANNEL
from core.domain.conversations import Address, InboundMessage, MessageKind

_USER = re.compile(r"[A-Za-z0-9][\w.@-]{0,63}", re.ASCII)
_LONGEST_ID = 64
_LONGEST_KEY = 200
_LATE = timedelta(hours=1)
_MOST_DIGITS = 12
_LEFT = "unsubscribe"


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """One callback. `key` is the same whenever WeCom repeats it.

    `text` is what it says in the member's name: None when that is nothing, empty when it is
    something that cannot be read.
    """

    key: str
    address: Address
    said_at: datetime
    text: str | None = None
    left: bool = False
    pressed: Pressed | None = None

    def message(self) -> InboundMessage:
        """As the inbox takes it; what is no text has kind `other`.

        Raises:
            RefusedRequestError: the text is too long.
        """
        text, kind = self.text or "", MessageKind.TEXT
        try:
            text = cleaned(text)
        except RefusedRequestError as error:
            if error.code != "text_empty":
                raise
            text, kind = "", MessageKind.OTHER
        return InboundMessage(
            message_id=self.key,
            address=self.address,
            text=text,
            said_at=self.said_at,
            kind=kind,
        )


def parse(fields: Fields, *, now: datetime, greeting: str, agent_id: int) -> Incoming:
    """Read the fields of a verified callback; `greeting` is what entering for the first time says.

    Raises:
        BadBodyError: they do not say who did what, or are meant for another app.
    """
    user, created = text_of(fields, "FromUserName"), text_of(fields, "CreateTime")
    if not _USER.fullmatch(user):
        raise BadBodyError("the callback names no member")
    if text_of(fields, "AgentID") not in {"", str(agent_id)}:
        raise BadBodyError("the callback is for another app")
    base = Incoming(
        key=text_of(fields, "MsgId"),
        address=Address(channel=CHANNEL, user=user),
        said_at=_said_at(created, now),
    )
    kind = text_of(fields, "MsgType")
    if kind == "event":
        return _event(fields, base, greeting=greeting)
    if not 0 < len(base.key) <= _LONGEST_ID:
        raise BadBodyError("the callback has no MsgId")
    return replace(base, text=text_of(fields, "Content") if kind == "text" else "")


def _event(fields: Fields, base: Incoming, *, greeting: str) -> Incoming:
    event, about = text_of(fields, "Event").lower(), text_of(fields, "EventKey")
    user = base.address.user
    parts = (user, text_of(fields, "CreateTime"), event, about)
    happened = replace(base, key=":".join(parts)[:_LONGEST_KEY])
    match event:
        case "click":
            return replace(happened, text=about)
        case "enter_agent":
            # It is told at every opening of the app: a member is greeted at the first alone.
            return replace(happened, key=f"{user}:{event}", text=greeting)
        case "template_card_event":
            task, code = text_of(fields, "TaskId"), text_of(fields, "ResponseCode")
            press = pressed(task, about, code)
            if press is None:
                return happened
            # A card is answered once, whichever of its buttons is pressed however often.
            return replace(happened, key=f"{user}:card:{task}", text=press.payload, pressed=press)
        case _:
            return replace(happened, left=event == _LEFT)


def _said_at(created: str, now: datetime) -> datetime:
    """When it was said; now, when WeCom's word is not to be believed."""
    if not (created.isascii() and created.isdigit() and len(created) < _MOST_DIGITS):
        return now
    at = datetime.fromtimestamp(int(created), UTC)
    return at if now - _LATE <= at <= now else now
