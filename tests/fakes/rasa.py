"""A bot on loopback that speaks Rasa's REST channel and keeps a tracker, as Rasa 3.6.21 does."""

import json
import time
from collections.abc import Mapping, Sequence
from http.server import BaseHTTPRequestHandler
from typing import Any, override
from urllib.parse import parse_qs, unquote, urlsplit

from tests.fakes.loopback import Loopback

type Item = dict[str, Any]

FAULTS: Mapping[int | str | None, tuple[int, object]] = {
    "hang": (0, None),
    "garbage": (200, "garbage"),
}


class FakeRasa(Loopback):
    """Answers by `script` (text to bot utterances `{"text", "buttons", "custom"}`).

    `faults` are met first, one a request: an HTTP status, `"hang"`, `"garbage"`, `"lost"` (it
    answers and remembers, but the connection breaks), or `"failed"` (an exception inside: `[]`).
    """

    def __init__(self, script: Mapping[str, Sequence[Item]], *, token: str = "") -> None:
        self.script = dict(script)
        self.faults: list[int | str] = []
        self.said: list[Item] = []
        self.trackers: dict[str, list[Item]] = {}
        self.model_loaded = True
        self._token = token

    def answer(self, body: Item, *, fails: bool = False) -> list[Item]:
        """One turn: the user's event and the bot's go to the tracker, the bot's are returned."""
        self.said.append(body)
        events = self.trackers.setdefault(body["sender"], [])
        events.append({"event": "action", "name": "action_listen"})
        # Rasa adds the model's id to what the channel gave as metadata.
        metadata = {**body["metadata"], "model_id": "m", "assistant_id": "a"}
        events.append({"event": "user", "text": body["message"], "metadata": metadata})
        items: list[Item] = []
        for one in [] if fails else self.script.get(body["message"], []):
            data = dict.fromkeys(("elements", "quick_replies", "attachment", "image"))
            data |= {"buttons": one.get("buttons"), "custom": one.get("custom")}
            events.append({"event": "bot", "text": one.get("text"), "data": data, "metadata": {}})
            items.extend(self._items(one, body["sender"]))
        return items

    def _items(self, one: Item, sender: str) -> list[Item]:
        to = {"recipient_id": sender}
        items: list[Item] = []
        if one.get("buttons"):
            items.append({**to, "text": one["text"], "buttons": one["buttons"]})
        elif one.get("text"):
            items.extend({**to, "text": part} for part in one["text"].strip().split("\n\n"))
        if one.get("custom"):
            items.append({**to, "custom": one["custom"]})
        return items

    def respond(self, method: str, path: str, body: bytes) -> tuple[int, object]:
        """Status and JSON for one request; a status of 0 breaks the connection."""
        url = urlsplit(path)
        fault = self.faults.pop(0) if self.faults else None
        if fault in FAULTS or isinstance(fault, int):
            time.sleep(1.0 if fault == "hang" else 0.0)
            return (fault, {}) if isinstance(fault, int) else FAULTS[fault]
        if method == "POST" and url.path == "/webhooks/rest/webhook":
            items = self.answer(json.loads(body), fails=fault == "failed")
            return (0, None) if fault == "lost" else (200, items)
        if self._token and parse_qs(url.query).get("token") != [self._token]:
            return 401, {"reason": "NotAuthenticated"}
        return self._respond_with_record(url.path)

    def _respond_with_record(self, path: str) -> tuple[int, object]:
        if path == "/status":
            return (200, {"model_id": "m"}) if self.model_loaded else (409, {})
        sender = unquote(path.removeprefix("/conversations/").removesuffix("/tracker"))
        return 200, {"sender_id": sender, "events": self.trackers.get(sender, [])}

    @override
    def _handler(self) -> type[BaseHTTPRequestHandler]:
        fake = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                self._serve("POST")

            def do_GET(self) -> None:
                self._serve("GET")

            def _serve(self, method: str) -> None:
                body = self.rfile.read(int(self.headers.get("content-length", "0")))
                status, said = fake.respond(method, self.path, body)
                if status == 0:
                    self.close_connection = True
                    return
                payload = b"<html>" if said == "garbage" else json.dumps(said).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(payload)))
                self.end_headers()
                self.wfile.write(payload)

            @override
            def log_message(self, format: str, *args: object) -> None:
                """Say nothing."""

        return Handler
