"""What travels through an Official Account's callbacks: their fields ↔ messages of the house."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from channels.bodies import BadBodyError, Fields, text_of
from channels.envelopes import Sealed
from channels.errors import RefusedRequestError
from channels.texts import cleaned
from channels.wechat.settings import CHANNEL
from core.domain.conversations import Address, InboundMessage, MessageKind

_USER = re.compile(r"[\w-]{1,64}", re.ASCII)
_LONGEST_ID = 64
_LONGEST_KEY = 200
_LATE = timedelta(hours=1)
_MOST_DIGITS = 12
_SCENE = "qrscene_"
_MOST_CONSENTS = 20
_CONSENTS = {
    "subscribe_msg_popup_event": "SubscribeMsgPopupEvent",
    "subscribe_msg_change_event": "SubscribeMsgChangeEvent",
}
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Window(StrEnum):
    """What a person did that lets the account write to them for a while."""

    MESSAGE = "message"
    MENU = "menu"
    FOLLOW = "follow"
    SCAN = "scan"


WINDOWS: Mapping[Window, tuple[int, timedelta]] = MappingProxyType(
    {
        Window.MESSAGE: (5, timedelta(hours=48)),
        Window.MENU: (3, timedelta(minutes=1)),
        Window.FOLLOW: (3, timedelta(minutes=1)),
        Window.SCAN: (3, timedelta(minutes=1)),
    }
)
"""How many customer-service messages each allows, and for how long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """One callback. `key` is the same whenever the platform repeats it.

    `text` is what it says in the person's name: None when that is nothing, empty when it is
    something that cannot be read.
    """

    key: str
    address: Address
    account: str
    said_at: datetime
    text: str | None = None
    opens: Window | None = None
    left: bool = False
    consents: Mapping[str, bool] = field(default_factory=dict)
    """By template of a notice: whether the person wants one of it, or none any more."""
    pressed: str = ""
    """The id of the menu entry in a message that the person tapped."""

    def message(self, text: str) -> InboundMessage:
        """The inbound message that says `text`.

        Raises:
            RefusedRequestError: it is too long.
        """
        kind = MessageKind.TEXT
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


def parse(fields: Fields, *, now: datetime, greeting: str) -> Incoming:
    """Read the fields of a verified callback; `greeting` is what following says.

    Raises:
        BadBodyError: they do not say who did what.
    """
    user = text_of(fields, "FromUserName")
    created = text_of(fields, "CreateTime")
    if not _USER.fullmatch(user):
        raise BadBodyError("the callback names no sender")
    base = Incoming(
        key=text_of(fields, "MsgId"),
        address=Address(channel=CHANNEL, user=user),
        account=text_of(fields, "ToUserName"),
        said_at=_said_at(created, now),
    )
    if text_of(fields, "MsgType") == "event":
        return _event(fields, base, greeting=greeting)
    if not 0 < len(base.key) <= _LONGEST_ID:
        raise BadBodyError("the callback has no MsgId")
    text, pressed = _text(fields), text_of(fields, "bizmsgmenuid")
    return replace(base, text=text, pressed=pressed, opens=Window.MESSAGE)


def _text(fields: Fields) -> str:
    names = {"text": "Content", "voice": "Recognition"}
    return text_of(fields, names.get(text_of(fields, "MsgType"), ""))


def _event(fields: Fields, base: Incoming, *, greeting: str) -> Incoming:
    event, about = text_of(fields, "Event").lower(), text_of(fields, "EventKey")
    parts = (base.address.user, text_of(fields, "CreateTime"), event, about)
    happened = replace(base, key=":".join(parts)[:_LONGEST_KEY])
    scene = about.removeprefix(_SCENE)
    # A scene in digits is a number of the operator's own; words are what the code stands for.
    meant = scene if scene and not scene.isdigit() else greeting
    match event:
        case "subscribe":
            return replace(happened, text=meant, opens=Window.FOLLOW)
        case "scan":
            return replace(happened, text=meant, opens=Window.SCAN)
        case "click":
            return replace(happened, text=about, opens=Window.MENU)
        case "subscribe_msg_popup_event" | "subscribe_msg_change_event":
            return replace(happened, consents=_consents(fields, _CONSENTS[event]))
        case _:
            return replace(happened, left=event == "unsubscribe")


def _consents(fields: Fields, name: str) -> dict[str, bool]:
    """What each entry says; XML wraps the list by the event's name, JSON does not."""
    wrapped = fields.get(name, fields)
    listed = wrapped.get("List") if isinstance(wrapped, Mapping) else wrapped
    entries = listed if isinstance(listed, list) else [listed]
    found: dict[str, bool] = {}
    for entry in entries[:_MOST_CONSENTS]:
        if isinstance(entry, Mapping):
            template, status = (
                text_of(entry, "TemplateId"),
                text_of(entry, "SubscribeStatusString"),
            )
            if _USER.fullmatch(template) and status in {"accept", "reject"}:
                found[template] = status == "accept"
    return found


def _said_at(created: str, now: datetime) -> datetime:
    """When it was said; now, when the platform's word is not to be believed."""
    if not (created.isascii() and created.isdigit() and len(created) < _MOST_DIGITS):
        return now
    at = datetime.fromtimestamp(int(created), UTC)
    return at if now - _LATE <= at <= now else now


def render_text(incoming: Incoming, text: str, *, now: datetime, as_json: bool) -> bytes:
    """A text as the answer to the callback."""
    fields: dict[str, str | int] = {
        "ToUserName": incoming.address.user,
        "FromUserName": incoming.account,
        "CreateTime": int(now.timestamp()),
        "MsgType": "text",
        "Content": text,
    }
    return _written(fields, as_json=as_json)


def render_sealed(sealed: Sealed, *, as_json: bool) -> bytes:
    """A sealed answer."""
    fields: dict[str, str | int] = {
        "Encrypt": sealed.encrypt,
        "MsgSignature": sealed.signature,
        "TimeStamp": int(sealed.timestamp),
        "Nonce": sealed.nonce,
    }
    return _written(fields, as_json=as_json)


def _written(fields: Mapping[str, str | int], *, as_json: bool) -> bytes:
    if as_json:
        return json.dumps(fields, ensure_ascii=False).encode()
    inner = "".join(f"<{name}>{_cdata(value)}</{name}>" for name, value in fields.items())
    return f"<xml>{inner}</xml>".encode()


def _cdata(value: str | int) -> str:
    if isinstance(value, int):
        return str(value)
    shown = _ILLEGAL.sub("", value).replace("]]>", "]]]]><![CDATA[>")
    return f"<![CDATA[{shown}]]>"
