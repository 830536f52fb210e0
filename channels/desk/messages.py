"""Handoffs as JSON: what the desk's API gives and takes."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from channels.errors import RefusedRequestError
from channels.texts import cleaned
from core.domain.handoffs import Handoff, HandoffEvent, HandoffState

_KEY = re.compile(r"[\w.:-]{1,100}", re.ASCII)


def read_text(body: object) -> str:
    """The text of `{"text"}`.

    Raises:
        RefusedRequestError: it is not of that form, empty, or too long.
    """
    text = body.get("text") if isinstance(body, dict) else None
    if not isinstance(text, str):
        raise RefusedRequestError(422, "body_incomplete")
    return cleaned(text)


def read_key(key: str | None) -> str:
    """The value of `Idempotency-Key`.

    Raises:
        RefusedRequestError: there is none, or it is not of letters, digits and `_.:-`.
    """
    if key is None or not _KEY.fullmatch(key):
        raise RefusedRequestError(400, "key_missing")
    return key


def read_state(state: str | None) -> frozenset[HandoffState]:
    """The states of `?state=`; those that are not over when it is left out.

    Raises:
        RefusedRequestError: there is no such state.
    """
    if state is None:
        return frozenset(HandoffState) - {HandoffState.HANDED_BACK}
    try:
        return frozenset({HandoffState(state)})
    except ValueError:
        raise RefusedRequestError(422, "state_unknown") from None


def render(handoff: Handoff) -> dict[str, Any]:
    """A handoff as a list shows it."""
    return {
        "number": handoff.id,
        "state": handoff.state.value,
        "desk": handoff.desk,
        "why": handoff.why,
        "channel": handoff.address.channel,
        "asked_at": handoff.asked_at.isoformat(),
        "due_at": handoff.due_at.isoformat() if handoff.due_at else None,
        "taken_by": handoff.taken_by,
    }


def render_whole(handoff: Handoff, events: Iterable[HandoffEvent]) -> dict[str, Any]:
    """A handoff with the conversation before it and everything since."""
    before: list[Mapping[str, Any]] = [
        {"speaker": line.speaker.value, "text": line.text, "at": line.at.isoformat()}
        for line in handoff.before
    ]
    return {**render(handoff), "before": before, "events": [render_event(one) for one in events]}


def render_event(event: HandoffEvent) -> dict[str, Any]:
    """What happened, who did it and when."""
    return {
        "id": event.id,
        "step": event.step.value,
        "by": event.by,
        "at": event.at.isoformat(),
        "text": event.text,
    }
