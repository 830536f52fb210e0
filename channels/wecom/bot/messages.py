"""What WeCom tells the smart robot of, by callback or over the line: one shape for both.

A conversation is a member, or a group (`chat/…`) that speaks to the robot by naming it.
"""

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from channels.bodies import BadBodyError, Fields, text_of
from channels.errors import RefusedRequestError
from channels.texts import cleaned
from channels.wecom.cards import Pressed, pressed
from channels.wecom.settings import BOT
from core.domain.conversations import Address, InboundMessage, MessageKind
from core.domain.documents import Verdict

GROUP = "chat/"
CARD = "card:"

_ID = re.compile(r"[\w@.+/=-]{1,128}", re.ASCII)
_MENTION = re.compile(r"^@\S+\s*")
_LATE = timedelta(hours=1)
_MOST_DIGITS = 12
_VERDICTS = {"1": Verdict.GOOD, "2": Verdict.BAD}


class Act(StrEnum):
    """What somebody did, as far as it concerns the house."""

    SAID = "said"
    ASKED_AGAIN = "asked_again"
    ENTERED = "entered"
    PRESSED = "pressed"
    JUDGED = "judged"
    REPLACED = "replaced"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """One callback. `key` is the same whenever WeCom repeats it; `url` takes one more answer.

    `stream` is the answer that is asked for again, or judged.
    """

    act: Act
    key: str
    address: Address
    said_at: datetime
    text: str = ""
    url: str = ""
    stream: str = ""
    pressed: Pressed | None = None
    verdict: Verdict | None = None

    def message(self) -> InboundMessage:
        """As the inbox takes it; what is no text has kind `other`.

        Raises:
            RefusedRequestError: the text is too long.
        """
        text, kind = self.text, MessageKind.TEXT
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
            in_group=self.address.user.startswith(GROUP),
        )


def address_of(user: str) -> Address:
    """A member, or a group as `chat/…`."""
    return Address(channel=BOT, user=user)


def parse(fields: Fields, *, now: datetime, name: str, greeting: str) -> Incoming:
    """Read the fields of a verified callback.

    `name` is the robot's; `greeting` is said in the name of who names it and says nothing.

    Raises:
        BadBodyError: they do not say who did what.
    """
    in_group = text_of(fields, "chattype") == "group"
    user = _id(text_of(_within(fields, "from"), "userid"))
    base = Incoming(
        act=Act.NOTHING,
        key=_id(text_of(fields, "msgid")),
        address=address_of(GROUP + _id(text_of(fields, "chatid")) if in_group else user),
        said_at=_said_at(text_of(fields, "create_time"), now),
        url=text_of(fields, "response_url"),
    )
    kind = text_of(fields, "msgtype")
    if kind == "event":
        return _event(_within(fields, "event"), base)
    if kind == "stream":
        stream = text_of(_within(fields, "stream"), "id")
        return replace(base, act=Act.ASKED_AGAIN, stream=stream)
    said = _text(kind, fields)
    text = _unnamed(said, name) if in_group else said
    return replace(base, act=Act.SAID, text=text or (greeting if said.strip() else ""))


def _event(event: Fields, base: Incoming) -> Incoming:
    kind = text_of(event, "eventtype")
    inner = event.get(kind)
    about: Fields = inner if isinstance(inner, dict) else {}
    match kind:
        case "enter_chat":
            return replace(base, act=Act.ENTERED)
        case "disconnected_event":
            return replace(base, act=Act.REPLACED)
        case "feedback_event":
            verdict, stream = _VERDICTS.get(text_of(about, "type")), text_of(about, "id")
            judged = replace(base, act=Act.JUDGED, stream=stream, verdict=verdict)
            return replace(judged, text=text_of(about, "content"))
        case "template_card_event":
            return _press(about, base)
        case _:
            return base


def _press(about: Fields, base: Incoming) -> Incoming:
    task = text_of(about, "task_id")
    press = pressed(task, text_of(about, "event_key"), base.key)
    if press is None:
        return base
    # A card is answered once, whichever of its buttons is pressed however often.
    return replace(base, act=Act.PRESSED, key=CARD + task, text=press.payload, pressed=press)


def _text(kind: str, fields: Fields) -> str:
    """The words of a message; empty when it has none, as a picture has not."""
    if kind == "mixed":
        listed = _within(fields, "mixed").get("msg_item")
        items = listed if isinstance(listed, list) else []
        return "\n".join(_text("text", one) for one in items if isinstance(one, dict)).strip()
    inner = fields.get(kind) if kind in {"text", "voice"} else None
    return text_of(inner, "content") if isinstance(inner, dict) else ""


def _unnamed(text: str, name: str) -> str:
    """The text without the mention that made the robot hear it."""
    if name:
        return " ".join(text.replace(f"@{name}", " ").split(" ")).strip()
    return _MENTION.sub("", text.strip(), count=1)


def _within(fields: Fields, name: str) -> Fields:
    found = fields.get(name)
    if not isinstance(found, dict):
        raise BadBodyError(f"there is no {name}")
    return found


def _id(text: str) -> str:
    if not _ID.fullmatch(text):
        raise BadBodyError("an id is missing or malformed")
    return text


def _said_at(created: str, now: datetime) -> datetime:
    """When it was said; now, when WeCom does not tell or is not to be believed."""
    if not (created.isascii() and created.isdigit() and len(created) < _MOST_DIGITS):
        return now
    at = datetime.fromtimestamp(int(created), UTC)
    return at if now - _LATE <= at <= now else now
