"""The client to the bot: Rasa's REST channel, on loopback only.

Rasa answers `200 []` when anything went wrong inside, so nothing counts as unavailable. What the
bot said is kept in its tracker; after a crash that record is asked before a message is said again.
"""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC
from typing import Any, override
from urllib.parse import quote

import httpx2

from channels.outgoing import make_client
from core.domain.conversations import Button, InboundMessage, Reply, ReplyKind
from core.domain.documents import Citation, DocumentId
from core.domain.errors import DialogueUnavailableError
from core.domain.tracing import current_trace
from core.ports.dialogue import Dialogue

logger = logging.getLogger(__name__)

type Item = Mapping[str, Any]


class RasaDialogue(Dialogue):
    """Says messages to a Rasa server and reads its answers."""

    def __init__(self, base_url: str, token: str, timeout: float = 30.0) -> None:
        self._base_url = base_url.rstrip("/")
        self._params = {"token": token} if token else {}
        self._client = make_client(timeout)

    @override
    def reply(self, message: InboundMessage, *, retried: bool) -> tuple[Reply, ...]:
        items = self._said_before(message) if retried else []
        replies = replies_of(items or self._say(message))
        if not replies:
            raise DialogueUnavailableError(f"the bot answered {message.message_id} with nothing")
        return replies

    def reachable(self) -> bool:
        """Whether the bot answers and has a model loaded."""
        try:
            self._json("GET", "/status", timeout=2.0)
        except DialogueUnavailableError:
            return False
        return True

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _say(self, message: InboundMessage) -> list[Item]:
        body = {
            "sender": _sender(message),
            "message": _plain(message.text),
            "metadata": {
                "message_id": message.message_id,
                "channel": message.address.channel,
                "user": message.address.user,
                "trace": current_trace(),
                "said_at": message.said_at.astimezone(UTC).isoformat(),
                **_whose(message),
            },
        }
        return _items(self._json("POST", "/webhooks/rest/webhook", json=body))

    def _said_before(self, message: InboundMessage) -> list[Item]:
        sender = quote(_sender(message), safe="")
        path = f"/conversations/{sender}/tracker"
        tracker = self._json("GET", path, params={"include_events": "ALL"})
        events = tracker.get("events") if isinstance(tracker, dict) else None
        return said_after(message.message_id, _items(events or []))

    def _json(self, method: str, path: str, **options: Any) -> Any:  # noqa: ANN401 -- JSON has no narrower type
        params = {**self._params, **options.pop("params", {})}
        try:
            response = self._client.request(
                method, self._base_url + path, params=params, **options
            )
            if response.status_code == httpx2.codes.OK:
                return response.json()
        except (httpx2.HTTPError, ValueError) as error:
            raise DialogueUnavailableError(
                f"the bot at {self._base_url} does not answer {path}: {type(error).__name__}"
            ) from None
        raise DialogueUnavailableError(
            f"the bot at {self._base_url} answered {path} with status {response.status_code}"
        )


def _sender(message: InboundMessage) -> str:
    """Under what the bot remembers: one conversation for all addresses of a person."""
    return str(message.conversation or message.address)


def _whose(message: InboundMessage) -> dict[str, Any]:
    """What is told of few messages: that others listen, that the speaker is known elsewhere."""
    whose: dict[str, Any] = {"in_group": True} if message.in_group else {}
    return whose | ({"person": str(message.person)} if message.person else {})


def said_after(message_id: str, events: Iterable[Item]) -> list[Item]:
    """What the bot said to a message according to its tracker, as its REST channel gives it."""
    said: list[Item] = []
    attempt: list[Item] = []
    ours = False
    for event in events:
        if event.get("event") == "user":
            metadata = event.get("metadata") or {}
            ours = metadata.get("message_id") == message_id
            attempt = []
        elif ours and event.get("event") == "bot":
            attempt.extend(_items_of_event(event))
            said = attempt
    return said


def _items_of_event(event: Item) -> list[Item]:
    data = event.get("data") or {}
    items: list[Item] = []
    text, buttons, custom = event.get("text"), data.get("buttons"), data.get("custom")
    if text and buttons:
        items.append({"text": text, "buttons": buttons})
    elif text:
        # The REST channel cuts at empty lines; a rebuilt answer looks the same.
        items.extend({"text": part} for part in text.strip().split("\n\n"))
    if custom:
        items.append({"custom": custom})
    return items


def replies_of(items: Iterable[Item]) -> tuple[Reply, ...]:
    """Items of Rasa's REST channel as replies.

    A `custom` block with text stands alone; without, it decorates the text before it.
    """
    replies: list[Reply] = []
    for item in items:
        custom = item.get("custom")
        if isinstance(custom, dict):
            if custom.get("text"):
                replies.append(_reply(custom))
            elif replies:
                replies[-1] = _decorated(replies[-1], custom)
        elif item.get("text"):
            replies.append(_reply(item))
    return tuple(replies)


def _reply(item: Item) -> Reply:
    buttons = _buttons(item)
    kind = ReplyKind.QUESTION if buttons else ReplyKind.NOTICE
    return Reply(
        kind=_kind(item, kind),
        text=str(item["text"]),
        citations=_citations(item),
        buttons=buttons,
    )


def _decorated(reply: Reply, custom: Item) -> Reply:
    return replace(
        reply,
        kind=_kind(custom, reply.kind),
        citations=reply.citations + _citations(custom),
        buttons=reply.buttons + _buttons(custom),
    )


def _kind(item: Item, otherwise: ReplyKind) -> ReplyKind:
    try:
        return ReplyKind(item.get("kind", otherwise))
    except ValueError:
        logger.warning("the bot sent a reply of unknown kind %r", item.get("kind"))
        return otherwise


def _buttons(item: Item) -> tuple[Button, ...]:
    return tuple(
        Button(title=str(one["title"]), payload=str(one.get("payload") or one["title"]))
        for one in _items(item.get("buttons") or [])
        if one.get("title")
    )


def _citations(item: Item) -> tuple[Citation, ...]:
    found: list[Citation] = []
    for one in _items(item.get("citations") or []):
        try:
            found.append(
                Citation(
                    document=str(one["document"]),
                    source=str(one["source"]),
                    section=str(one.get("section") or ""),
                    quote=str(one["quote"]),
                    document_id=DocumentId(str(one["document_id"])),
                    start=int(one["start"]),
                    end=int(one["end"]),
                )
            )
        except (KeyError, TypeError, ValueError) as error:
            logger.warning("the bot sent a malformed citation: %s", type(error).__name__)
    return tuple(found)


def _items(value: object) -> list[Item]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _plain(text: str) -> str:
    # Rasa obeys a leading slash as a command ("/restart"); what people write is never one.
    text = text.strip()
    return "／" + text[1:] if text.startswith("/") else text
