"""WeCom's smart robot on loopback, called back: sealed JSON, streams asked for until they end."""

import json
import secrets
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self, override
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx2

from channels.envelopes import Envelopes
from core.ports.clock import Clock
from tests.fakes.clock import FakeClock

TOKEN = "tokenofthebot"  # noqa: S105 -- no real one
AES_KEY = "ABCDEFGabcdefghijklmnopqrstuvwxyz0123456789"
MEMBER = "HanMeimei"
BOT_NAME = "科桥"

STREAM_BYTES = 20_480
URL_HOLDS = timedelta(hours=1)


@dataclass(kw_only=True)
class FakeWeComBot:
    """One robot. `answers` are errcodes given to what is posted to an address, or `"hang"`."""

    clock: Clock = field(default_factory=FakeClock)
    aes_key: str = AES_KEY
    patience: float = 5.0
    answers: list[int | str] = field(default_factory=list)
    posted: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Nothing is listened to yet."""
        self._lock = threading.Lock()
        self._ids = 0
        self._codes: dict[str, datetime] = {}

    def __enter__(self) -> Self:
        """Listen."""
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        ).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        """The API's base."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def texts(self) -> list[str]:
        """What came to the addresses, in order."""
        with self._lock:
            return [one["markdown"]["content"] for one in self.posted]

    def fields(
        self, kind: str = "text", *, user: str = MEMBER, chat: str = "", **fields: Any
    ) -> dict[str, Any]:
        """The fields of one callback, with an id and an address of its own."""
        self._ids += 1
        code = secrets.token_urlsafe(16)
        self._codes[code] = self.clock.now() + URL_HOLDS
        made: dict[str, Any] = {
            "msgid": f"CAIQ16HMjQYY/NGagIOAgAMgq4KM0AI={self._ids}",
            "aibotid": "AIBOTID",
            "chattype": "group" if chat else "single",
            "from": {"userid": user},
            "response_url": f"{self.url}/cgi-bin/aibot/response?response_code={code}",
            "msgtype": kind,
        }
        if chat:
            made["chatid"] = chat
        return {**made, **fields}

    def text(self, said: str, **fields: Any) -> dict[str, Any]:
        """Words."""
        return self.fields(text={"content": said}, **fields)

    def event(self, kind: str, inner: Mapping[str, Any] | None = None, **fields: Any) -> Any:
        """Something that happened."""
        event = {"eventtype": kind, kind: dict(inner or {})}
        return self.fields("event", event=event, **fields)

    def press(self, card: Mapping[str, Any], number: int, **fields: Any) -> dict[str, Any]:
        """The button `number` (1-based) of a card."""
        inner = {
            "card_type": card["card_type"],
            "event_key": card["button_list"][number - 1]["key"],
            "task_id": card["task_id"],
        }
        pressed: dict[str, Any] = self.event("template_card_event", inner, **fields)
        return pressed

    def asked_again(self, answer: Mapping[str, Any], **fields: Any) -> dict[str, Any]:
        """The question how far the stream of an answer is."""
        return self.fields("stream", stream={"id": answer["stream"]["id"]}, **fields)

    def request(self, fields: Mapping[str, Any]) -> tuple[str, bytes]:
        """Query and body of a callback, as WeCom would send it now."""
        query, encrypt = self.sealed(json.dumps(fields, ensure_ascii=False))
        return urlencode(query), json.dumps({"encrypt": encrypt}).encode()

    def sealed(self, text: str, nonce: str = "") -> tuple[dict[str, str], str]:
        """The query that goes with a sealed text, and the text."""
        timestamp, nonce = str(int(self.clock.now().timestamp())), nonce or secrets.token_hex(5)
        sealed = self._envelopes.seal(text.encode(), timestamp=timestamp, nonce=nonce)
        query = {"msg_signature": sealed.signature, "timestamp": timestamp, "nonce": nonce}
        return query, sealed.encrypt

    def read(self, response: httpx2.Response) -> dict[str, Any] | None:
        """The answer to a callback; None when it says nothing."""
        if not response.content:
            return None
        outer = response.json()
        assert set(outer) == {"encrypt", "msgsignature", "timestamp", "nonce"}
        text = self._envelopes.open(
            outer["encrypt"],
            signature=outer["msgsignature"],
            timestamp=str(outer["timestamp"]),
            nonce=outer["nonce"],
        )
        body: dict[str, Any] = json.loads(text)
        content = body.get("stream", {}).get("content", "")
        assert len(content.encode()) <= STREAM_BYTES
        return body

    def say(self, base: str, fields: Mapping[str, Any]) -> dict[str, Any] | None:
        """Call the house, again up to three times while no answer comes in time."""
        for _ in range(4):
            query, body = self.request(fields)
            try:
                with httpx2.Client(timeout=self.patience, trust_env=False) as client:
                    return self.read(client.post(f"{base}/wecom-bot?{query}", content=body))
            except httpx2.HTTPError:
                continue
        return None

    @property
    def _envelopes(self) -> Envelopes:
        return Envelopes(token=TOKEN, keys=[self.aes_key], receive_id="")

    def judge(self, target: str, body: bytes) -> dict[str, Any] | str:
        """The answer to what is posted to an address: each takes one message, for an hour."""
        url = urlsplit(target)
        code = parse_qs(url.query).get("response_code", [""])[0]
        with self._lock:
            due = self.answers.pop(0) if self.answers else 0
            if isinstance(due, str):
                return due
            ends = self._codes.get(code)
            if ends is None or ends <= self.clock.now() or url.path != "/cgi-bin/aibot/response":
                due = due or 40058
            if due:
                return {"errcode": due, "errmsg": "no"}
            del self._codes[code]
            self.posted.append(json.loads(body))
            return {"errcode": 0, "errmsg": "ok"}

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        fake = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length", "0")))
                answer = fake.judge(self.path, body)
                if isinstance(answer, str):
                    self.close_connection = True
                    return
                said = json.dumps(answer).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(said)))
                self.end_headers()
                self.wfile.write(said)

            @override
            def log_message(self, format: str, *args: object) -> None:
                """Say nothing."""

        return Handler
