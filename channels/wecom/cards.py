"""Template cards (模板卡片) with buttons: what they show, and what pressing one means.

A card's task id names its delivery, a button's key its number and what it says.
"""

import hashlib
import re
from dataclasses import dataclass
from typing import Any

from channels.wecom.content import plain
from channels.wecom.errcodes import WORDS
from channels.words import words
from core.domain.conversations import Button, Reply
from core.domain.deliveries import Delivery, OutboxId

MOST_BUTTONS = 6
KEY_BYTES = 1024
TEXT_CHARS = 112
"""What a card shows of its text; longer ones go before it as a message of their own."""

_TITLE_CHARS = 20
_TASK = re.compile(r"kq(\d{1,15})-[0-9a-f]{20}", re.ASCII)
_KEY = re.compile(r"([1-6]):(.+)", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressed:
    """A button that somebody pressed. `code` lets the card be updated, once."""

    task: str
    number: int
    payload: str
    code: str

    @property
    def delivery_id(self) -> OutboxId | None:
        """The delivery whose card it was; None when the card is none of ours."""
        found = _TASK.fullmatch(self.task)
        return OutboxId(int(found[1])) if found else None


def fits(reply: Reply) -> bool:
    """Whether a card can show all its buttons."""
    return 0 < len(reply.choices) <= MOST_BUTTONS and all(
        len(_key(number, one).encode()) <= KEY_BYTES
        for number, one in enumerate(reply.choices, start=1)
    )


def holds_all(reply: Reply) -> bool:
    """Whether a card says it all, its text too."""
    more = reply.citations or reply.parts
    return fits(reply) and not more and len(reply.text) <= TEXT_CHARS


def card_of(delivery: Delivery, *, alone: bool = True) -> dict[str, Any]:
    """The card with the buttons of a reply; `alone`, with its text where that is short."""
    reply = delivery.message.reply
    card: dict[str, Any] = {
        "card_type": "button_interaction",
        "main_title": {"title": words("messages", WORDS)["choose"]},
        "task_id": task_of(delivery),
        "button_list": [
            {"text": plain(one.title)[:_TITLE_CHARS], "style": 1, "key": _key(number, one)}
            for number, one in enumerate(reply.choices, start=1)
        ],
    }
    if alone and holds_all(reply):
        card["sub_title_text"] = plain(reply.text)
    return card


def task_of(delivery: Delivery) -> str:
    """The same at every attempt, and no other site's: at most 128 characters."""
    made_of = f"{delivery.id}:{delivery.message.key}:{delivery.created_at.isoformat()}"
    return f"kq{delivery.id}-{hashlib.sha256(made_of.encode()).hexdigest()[:20]}"


def pressed(task: str, key: str, code: str) -> Pressed | None:
    """What a callback says was pressed; None when it is no button of ours."""
    found = _KEY.fullmatch(key)
    if not found or not _TASK.fullmatch(task):
        return None
    return Pressed(task=task, number=int(found[1]), payload=found[2], code=code)


def _key(number: int, button: Button) -> str:
    return f"{number}:{button.payload}"
