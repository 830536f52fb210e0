"""Feishu on loopback, after its published limits and codes, by a clock that tests set."""

import hmac
import json
import re
import secrets
import threading
import time
from base64 import b64encode
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler
from itertools import count
from typing import Any, override
from urllib.parse import parse_qs, urlsplit

from core.ports.clock import Clock
from tests.fakes.loopback import Loopback

APP_ID = "cli_a1b2c3d4e5f60718"
BOT = "ou_bot"
TOKEN_LASTS = timedelta(hours=2)
TOKEN_RENEWED = timedelta(minutes=30)
UUID_LASTS = timedelta(hours=1)
BYTES = {"text": 150 * 1024, "post": 30 * 1024, "interactive": 30 * 1024}
ROBOT_BYTES = 20 * 1024
type Answer = tuple[int, dict[str, Any], dict[str, str]]
"""Status, body, headers."""


@dataclass(kw_only=True)
class Sent:
    """A message that reached somebody."""

    to: str
    kind: str
    content: dict[str, Any]
    reply_to: str = ""
    id: str = ""

    @property
    def text(self) -> str:
        """What is read first."""
        if self.kind == "text":
            return str(self.content["text"])
        return str(self.content["elements"][0]["content"])

    @property
    def buttons(self) -> list[dict[str, Any]]:
        """What may be pressed."""
        elements = self.content.get("elements", [])
        return [one for part in elements for one in part.get("actions", [])]


@dataclass(kw_only=True)
class Window:
    """At most `most` in `length`."""

    most: int
    length: timedelta
    taken: deque[datetime] = field(default_factory=deque)

    def wait(self, now: datetime) -> float:
        """Zero when there was room, else the seconds until there is."""
        while self.taken and now - self.taken[0] >= self.length:
            self.taken.popleft()
        if len(self.taken) >= self.most:
            return (self.taken[0] + self.length - now).total_seconds()
        self.taken.append(now)
        return 0.0


class FakeFeishu(Loopback):
    """The API of one app and the robots of `robots` (key to secret, or None for unsigned ones).

    `answers` are given instead, one a message: a code, an HTTP status below -100 (`-503`),
    `"hang"` for no answer to a message that arrives, or a whole answer.
    """

    def __init__(
        self, clock: Clock, *, secret: str, robots: Mapping[str, str | None] | None = None
    ) -> None:
        self.answers: list[int | str | Answer] = []
        self.sent: list[Sent] = []
        self.requests: list[str] = []
        self.tokens: dict[str, datetime] = {}
        self.broken = False
        """Whether it answers everything with status 503."""
        self.absent: dict[str, int] = {}
        """Persons and groups that cannot be written to, and the code that says why."""
        self.origins: dict[str, str] = {}
        """Whom a message that may be answered came from."""
        self.endpoint = ""
        """Where connections are taken; set by who takes them."""
        self.devices: set[str] = set()
        """Connections that were promised, each for once."""
        self._clock = clock
        self._secret = secret
        self._robots = dict(robots or {})
        self._uuids: dict[str, tuple[datetime, str]] = {}
        self._windows: dict[str, Window] = {}
        self._numbers = count(1)
        self._lock = threading.Lock()

    def texts(self) -> list[str]:
        """What was read, in order."""
        return [one.text for one in self.sent]

    def asked(self, part: str) -> int:
        """How many requests went to an address with that part."""
        return sum(part in path for path in self.requests)

    def judge(self, path: str, body: bytes, bearer: str) -> Answer | str:
        """What one request is answered with."""
        with self._lock:
            url = urlsplit(path)
            self.requests.append(url.path)
            if self.broken:
                return refused(0, 503)
            if url.path == "/open-apis/auth/v3/tenant_access_token/internal":
                return self._give_token(json.loads(body))
            if url.path == "/callback/ws/endpoint":
                return self._give_address(json.loads(body))
            if url.path.startswith("/open-apis/bot/v2/hook/"):
                return self._robot(url.path.rpartition("/")[2], body)
            return self._called(url.path, parse_qs(url.query), body, bearer)

    def _called(
        self, path: str, query: Mapping[str, list[str]], body: bytes, bearer: str
    ) -> Answer | str:
        if self.tokens.get(bearer, self._clock.now()) <= self._clock.now():
            return refused(99991663, 400)
        if path == "/open-apis/bot/v3/info":
            return 200, {"code": 0, "bot": {"open_id": BOT, "app_name": "科桥"}}, {}
        return self._message(path, query, body)

    def revoke(self) -> None:
        """End every token before its time."""
        self.tokens = dict.fromkeys(self.tokens, self._clock.now())

    def _give_token(self, asked: Mapping[str, str]) -> Answer:
        if asked.get("app_id") != APP_ID:
            return refused(10003)
        if asked.get("app_secret") != self._secret:
            return refused(10014)
        now = self._clock.now()
        newest, ends = max(self.tokens.items(), key=lambda one: one[1], default=("", now))
        if ends - now < TOKEN_RENEWED:
            newest, ends = f"t-{secrets.token_hex(8)}", now + TOKEN_LASTS
            self.tokens[newest] = ends
        left = int((ends - now).total_seconds())
        return 200, {"code": 0, "msg": "ok", "tenant_access_token": newest, "expire": left}, {}

    def _give_address(self, asked: Mapping[str, str]) -> Answer:
        if (asked.get("AppID"), asked.get("AppSecret")) != (APP_ID, self._secret):
            return refused(514)
        device = secrets.token_hex(8)
        self.devices.add(device)
        url = f"{self.endpoint}?device_id={device}&service_id=7&ticket={secrets.token_hex(8)}"
        config = {
            "ReconnectCount": -1,
            "ReconnectInterval": 1,
            "ReconnectNonce": 1,
            "PingInterval": 120,
        }
        return 200, {"code": 0, "data": {"URL": url, "ClientConfig": config}}, {}

    def _message(self, path: str, query: Mapping[str, list[str]], body: bytes) -> Answer | str:
        scripted = self.answers.pop(0) if self.answers else 0
        if scripted and scripted != "hang":
            return told(scripted)
        asked = json.loads(body)
        reply = re.fullmatch(r"/open-apis/im/v1/messages/(\w+)/reply", path)
        to = self.origins.get(reply[1], "") if reply else str(asked.get("receive_id", ""))
        kind = query.get("receive_id_type", [""])[0]
        if not reply and {"open_id": "ou_", "chat_id": "oc_"}.get(kind) != to[:3]:
            return refused(230001, 400)
        answer = self._judge(to, asked)
        if isinstance(answer, int):
            answer = self._arrived(
                Sent(
                    to=to,
                    kind=asked["msg_type"],
                    content=json.loads(asked["content"]),
                    reply_to=reply[1] if reply else "",
                ),
                asked.get("uuid"),
            )
        return "hang" if scripted == "hang" else answer

    def _judge(self, to: str, asked: Mapping[str, Any]) -> Answer | int:
        now = self._clock.now()
        for name, most, seconds in (("app", 50, 1), ("app/min", 1000, 60)):
            wait = self._window(name, most, seconds).wait(now)
            if wait:
                return refused(99991400, 429, reset=wait)
        if self._window(to, 5, 1).wait(now):
            return refused(230020, 400)
        if to in self.absent or not to:
            return refused(self.absent.get(to, 230011), 400)
        content, uuid = asked.get("content"), asked.get("uuid", "")
        if not isinstance(content, str) or len(uuid) > 50:
            return refused(230001, 400)
        too_long = len(content.encode()) > BYTES[asked["msg_type"]]
        return refused(230025, 400) if too_long else 0

    def _arrived(self, sent: Sent, uuid: str | None) -> Answer:
        now = self._clock.now()
        at, known = self._uuids.get(uuid or "", (now, ""))
        if not known or now - at >= UUID_LASTS:
            sent.id = known = f"om_{next(self._numbers)}"
            self.sent.append(sent)
            if uuid:
                self._uuids[uuid] = now, known
        return 200, {"code": 0, "msg": "success", "data": {"message_id": known}}, {}

    def _robot(self, key: str, body: bytes) -> Answer | str:
        scripted = self.answers.pop(0) if self.answers else 0
        if scripted and scripted != "hang":
            return told(scripted)
        asked = json.loads(body)
        code = self._judge_robot(key, asked, len(body))
        if code:
            return refused(code)
        self.sent.append(Sent(to=key, kind=asked["msg_type"], content=asked["content"]))
        return "hang" if scripted == "hang" else (200, {"code": 0, "msg": "success"}, {})

    def _judge_robot(self, key: str, asked: Mapping[str, Any], size: int) -> int:
        if key not in self._robots:
            return 19001
        now, secret = self._clock.now(), self._robots[key]
        if secret is not None and not _signed(asked, secret, now):
            return 19021
        if size > ROBOT_BYTES:
            return 9499
        second, minute = self._window(key, 5, 1), self._window(f"{key}/min", 100, 60)
        return 11232 if second.wait(now) or minute.wait(now) else 0

    def _window(self, name: str, most: int, seconds: int) -> Window:
        new = Window(most=most, length=timedelta(seconds=seconds))
        return self._windows.setdefault(name, new)

    @override
    def _handler(self) -> type[BaseHTTPRequestHandler]:
        fake = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length", "0")))
                bearer = self.headers.get("authorization", "").removeprefix("Bearer ")
                answer = fake.judge(self.path, body, bearer)
                if isinstance(answer, str):
                    time.sleep(1.0)
                    self.close_connection = True
                    return
                status, said, headers = answer
                written = json.dumps(said).encode()
                self.send_response(status)
                for name, value in {"Content-Type": "application/json", **headers}.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(written)))
                self.end_headers()
                self.wfile.write(written)

            do_GET = do_POST  # noqa: N815 -- the server's names

            @override
            def log_message(self, format: str, *args: object) -> None:
                """Say nothing."""

        return Handler


def refused(code: int, status: int = 200, *, reset: float | None = None) -> Answer:
    """An answer that says no."""
    headers = {} if reset is None else {"x-ogw-ratelimit-reset": str(max(1, round(reset)))}
    return status, {"code": code, "msg": "no"}, headers


def told(scripted: int | str | Answer) -> Answer | str:
    """What a test wants to be answered."""
    if not isinstance(scripted, int):
        return scripted
    return refused(0, -scripted) if scripted < -100 else refused(scripted, 400)


def _signed(asked: Mapping[str, Any], secret: str, now: datetime) -> bool:
    at = str(asked.get("timestamp", "0"))
    digest = hmac.digest(f"{at}\n{secret}".encode(), b"", "sha256")
    fresh = abs(now.timestamp() - int(at)) <= 3600
    return fresh and asked.get("sign") == b64encode(digest).decode()
