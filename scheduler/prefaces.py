"""What a message says of itself when it comes late, or perhaps for the second time."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import cache

from core.domain.conversations import Reply
from core.domain.deliveries import Delivery
from core.services.reminders import LATE
from scheduler.filling import read_texts
from scheduler.words import TEMPLATES, EventWords


def with_prefaces(delivery: Delivery, now: datetime) -> Reply:
    """The reply as it is to be sent now; it says everything of itself once."""
    reply = delivery.message.reply
    lines = []
    if delivery.may_repeat:
        lines.append(_templates()["repeat"])
    promised = delivery.message.promised_at
    # One that was late when it was queued says so in its own words.
    if promised is not None and now - promised > LATE and delivery.created_at - promised <= LATE:
        lines.append(_templates()["late"].format(due=_words().shown(promised)))
    new = [line for line in lines if line not in reply.text]
    return replace(reply, text="\n".join((*new, reply.text))) if new else reply


@cache
def _words() -> EventWords:
    return EventWords.load()


@cache
def _templates() -> Mapping[str, str]:
    return read_texts(TEMPLATES / "deliveries.yml")
