"""What the smart robot says: streams of markdown, cards with buttons, welcomes."""

from collections.abc import Sequence
from typing import Any

from channels.choices import told_choices
from channels.texts import cut
from channels.wecom.cards import Pressed, card_of, fits
from channels.wecom.content import escape, render
from channels.wecom.errcodes import WORDS
from channels.words import words
from core.domain.conversations import Reply
from core.domain.deliveries import Delivery

MOST_BYTES = 20_480
"""Of the markdown of one message (document 101031)."""

_LABEL_CHARS = 10


def said(name: str) -> str:
    """What the robot says by itself."""
    return words("bot", WORDS)[name]


def markdown_of(replies: Sequence[Reply]) -> str:
    """Several replies as one text; choices that no card shows are listed."""
    labels = words("messages", WORDS)
    texts = [
        "\n\n".join((render(one, labels, with_choices=False), *_listed(one))) for one in replies
    ]
    return cut("\n\n".join(texts), MOST_BYTES, said("cut"))[0]


def stream(
    stream_id: str, content: str, *, finish: bool, card: Delivery | None = None
) -> dict[str, Any]:
    """A stream as it stands now, with the card of a delivery below it."""
    body: dict[str, Any] = {
        "msgtype": "stream",
        "stream": {
            "id": stream_id,
            "finish": finish,
            "content": content,
            "feedback": {"id": stream_id},
        },
    }
    if card is not None:
        body |= {
            "msgtype": "stream_with_template_card",
            "template_card": card_of(card, alone=False),
        }
    return body


def markdown(content: str) -> dict[str, Any]:
    """A message of its own."""
    return {"msgtype": "markdown", "markdown": {"content": content}}


def card(delivery: Delivery) -> dict[str, Any]:
    """The buttons of a delivery as a message of their own."""
    return {"msgtype": "template_card", "template_card": card_of(delivery, alone=False)}


def welcome() -> dict[str, Any]:
    """What who enters is told."""
    return {"msgtype": "text", "text": {"content": said("welcome")}}


def chosen(press: Pressed, title: str) -> dict[str, Any]:
    """The card as it looks once its button has been pressed."""
    labels = words("messages", WORDS)
    label = labels["chosen"].format(title=escape(title)[:_LABEL_CHARS])
    return {
        "response_type": "update_template_card",
        "template_card": {
            "card_type": "button_interaction",
            "main_title": {"title": labels["choose"]},
            "task_id": press.task,
            "button_list": [{"text": label, "style": 1, "key": "chosen"}],
        },
    }


def card_among(deliveries: Sequence[Delivery]) -> Delivery | None:
    """The last delivery whose buttons a card can show: one card goes with a stream."""
    shown = [one for one in deliveries if fits(one.message.reply)]
    return shown[-1] if shown else None


def _listed(reply: Reply) -> list[str]:
    """Choices that no card shows."""
    return [told_choices(reply, escape)] if reply.choices and not fits(reply) else []
