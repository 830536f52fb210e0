"""DingTalk on loopback, after its published limits and codes, by a clock that tests set."""

import hmac
import json
import secrets
import threading
import time
from base64 import b64encode
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler
from typing import Any, override
from urllib.parse import parse_qs, unquote, urlsplit

from core.ports.clock import Clock
from tests.fakes.loopback import Loopback

APP_KEY = "dinga1b2c3d4e5f6"
TOKEN_LASTS = timedelta(hours=2)
TICKET_LASTS = timedelta(seconds=90)
SILENCE = timedelta(minutes=10)
PARAM_BYTES = 15_000
ROBOT_BYTES = 20_000
SAY = "dtmd://dingtalkclient/sendMessage?content="
type Answer = tuple[int, dict[str, Any], dict[str, str]]
"""Status, body, headers."""


@dataclass(kw_only=True)
class Sent:
    """A message that reached somebody, and on which way."""

    to: str
    kind: str
    text: str
    way: str
    buttons: list[tuple[str, str]] = field(default_factory=list)

    def says(self, number: int) -> str:
        """What pressing that button says."""
        return unquote(self.buttons[number][1].removeprefix(SAY))


@dataclass(kw_only=True)
class Robot:
    """A group's robot: 20 messages a minute, else ten minutes of silence."""

    secret: str | None
    taken: deque[datetime] = field(default_factory=deque)
    silent_until: datetime | None = None

    def throttled(self, now: datetime) -> bool:
        """Whether it may say nothing now."""
        while self.taken and now - self.taken[0] >= timedelta(minutes=1):
            self.taken.popleft()
        if len(self.taken) >= 20:
            self.silent_until = now + SILENCE
        if self.silent_until and now < self.silent_until:
            return True
        self.taken.append(now)
        return False


class FakeDingTalk(Loopback):
    """The API of one app, its conversations and the robots of groups.

    `answers` are given instead, one a message: a code, an HTTP status below -100 (`-503`),
    `"hang"` for no answer to a message that arrives, or a whole answer.
    """

    def __init__(
        self, clock: Clock, *, secret: str, robots: Mapping[str, str | None] | None = None
    ) -> None:
        self.clock = clock
        self.answers: list[int | str | Answer] = []
        self.sent: list[Sent] = []
        self.requests: list[str] = []
        self.tokens: dict[str, datetime] = {}
        self.sessions: dict[str, tuple[str, datetime]] = {}
        """Whom an address for answers leads to, and until when."""
        self.staff = {"zhang", "li"}
        self.groups = {"cidTeam=="}
        self.busy: set[str] = set()
        """Persons to whom too much is being sent."""
        self.tickets: dict[str, datetime] = {}
        self.endpoint = ""
        """Where connections are taken; set by who takes them."""
        self.subscriptions: list[Any] = []
        self._secret = secret
        self._robots = {token: Robot(secret=own) for token, own in (robots or {}).items()}
        self._lock = threading.Lock()

    def texts(self) -> list[str]:
        """What was read, in order."""
        return [one.text for one in self.sent]

    def asked(self, part: str) -> int:
        """How many requests went to an address with that part."""
        return sum(part in path for path in self.requests)

    def revoke(self) -> None:
        """End every token before its time."""
        self.tokens = dict.fromkeys(self.tokens, self.clock.now())

    def session(self, to: str, lasts: timedelta) -> str:
        """An address that takes answers to `to` for a while."""
        name = secrets.token_hex(8)
        self.sessions[name] = to, self.clock.now() + lasts
        return f"{self.url}/robot/sendBySession?session={name}"

    def judge(self, path: str, body: bytes, token: str) -> Answer | str:
        """What one request is answered with."""
        with self._lock:
            url = urlsplit(path)
            query = {name: values[0] for name, values in parse_qs(url.query).items()}
            self.requests.append(url.path)
            asked = json.loads(body)
            if url.path == "/v1.0/oauth2/accessToken":
                return self._give_token(asked)
            if url.path == "/v1.0/gateway/connections/open":
                return self._give_ticket(asked)
            scripted = self.answers.pop(0) if self.answers else 0
            if scripted and scripted != "hang":
                return told(scripted)
            if url.path.startswith("/v1.0/robot/"):
                answer = self._called(url.path, asked, token)
            else:
                answer = self._posted(url.path, query, asked, len(body))
            return "hang" if scripted == "hang" else answer

    def _give_token(self, asked: Mapping[str, str]) -> Answer:
        if (asked.get("appKey"), asked.get("appSecret")) != (APP_KEY, self._secret):
            return refused("invalidClientIdOrSecret")
        now = self.clock.now()
        newest, ends = max(self.tokens.items(), key=lambda one: one[1], default=("", now))
        if ends <= now:
            newest, ends = secrets.token_hex(16), now + TOKEN_LASTS
            self.tokens[newest] = ends
        return 200, {"accessToken": newest, "expireIn": int((ends - now).total_seconds())}, {}

    def _give_ticket(self, asked: Mapping[str, Any]) -> Answer:
        if (asked.get("clientId"), asked.get("clientSecret")) != (APP_KEY, self._secret):
            return refused("authFailed", 401)
        self.subscriptions = asked["subscriptions"]
        ticket = secrets.token_urlsafe(16) + "+/="
        self.tickets[ticket] = self.clock.now() + TICKET_LASTS
        return 200, {"endpoint": self.endpoint, "ticket": ticket}, {}

    def _called(self, path: str, asked: Mapping[str, Any], token: str) -> Answer:
        if self.tokens.get(token, self.clock.now()) <= self.clock.now():
            return refused("InvalidAuthentication", 401)
        if asked.get("robotCode") != APP_KEY:
            return refused("invalidParameter.robotCode.auth")
        if len(asked["msgParam"].encode()) > PARAM_BYTES:
            return refused("invalidParameter.msgParam.tooLong")
        content = json.loads(asked["msgParam"])
        if path.endswith("/groupMessages/send"):
            return self._to_group(asked, content)
        return self._to_people(asked, content)

    def _to_group(self, asked: Mapping[str, Any], content: Mapping[str, str]) -> Answer:
        to = asked["openConversationId"]
        if to not in self.groups:
            return refused("resource.not.found")
        self.sent.append(_templated(to, asked["msgKey"], content))
        return 200, {"processQueryKey": "q"}, {}

    def _to_people(self, asked: Mapping[str, Any], content: Mapping[str, str]) -> Answer:
        people = asked["userIds"]
        assert 0 < len(people) <= 20
        invalid = [one for one in people if one not in self.staff]
        slowed = [one for one in people if one in self.busy]
        for one in set(people) - set(invalid) - set(slowed):
            self.sent.append(_templated(one, asked["msgKey"], content))
        lists = {"invalidStaffIdList": invalid, "flowControlledStaffIdList": slowed}
        return 200, {"processQueryKey": "q", **lists}, {}

    def _posted(
        self, path: str, query: Mapping[str, str], asked: Mapping[str, Any], size: int
    ) -> Answer:
        if path == "/robot/sendBySession":
            to, until = self.sessions.get(query.get("session", ""), ("", self.clock.now()))
            if until <= self.clock.now():
                return refused(300001, 200)
            way = "session"
        else:
            to, way = query.get("access_token", ""), "robot"
            code = self._judge_robot(to, query)
            if code:
                return refused(code, 200)
        if size > ROBOT_BYTES:
            return refused(460101, 200)
        self.sent.append(_plain(to, asked, way))
        return 200, {"errcode": 0, "errmsg": "ok"}, {}

    def _judge_robot(self, token: str, query: Mapping[str, str]) -> int:
        robot = self._robots.get(token)
        if robot is None:
            return 400101
        if robot.secret is not None and not _signed(query, robot.secret, self.clock.now()):
            return 310000
        return 130101 if robot.throttled(self.clock.now()) else 0

    @override
    def _handler(self) -> type[BaseHTTPRequestHandler]:
        fake = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length", "0")))
                token = self.headers.get("x-acs-dingtalk-access-token", "")
                answer = fake.judge(self.path, body, token)
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

            @override
            def log_message(self, format: str, *args: object) -> None:
                """Say nothing."""

        return Handler


def refused(code: int | str, status: int = 400) -> Answer:
    """An answer that says no: numbers as robots say it, names as the API does."""
    name = "errcode" if isinstance(code, int) else "code"
    return status, {name: code, "message": "no", "errmsg": "no"}, {}


def told(scripted: int | str | Answer) -> Answer | str:
    """What a test wants to be answered."""
    if not isinstance(scripted, int):
        return scripted
    return (-scripted, {}, {}) if scripted < -100 else refused(scripted, 200)


def _templated(to: str, key: str, content: Mapping[str, str]) -> Sent:
    text = content["content" if key == "sampleText" else "text"]
    buttons = []
    if key == "sampleActionCard":
        buttons = [(content["singleTitle"], content["singleURL"])]
    elif key.startswith("sampleActionCard"):
        numbers = range(1, int(key[-1]) + 1)
        buttons = [(content[f"actionTitle{n}"], content[f"actionURL{n}"]) for n in numbers]
    else:
        assert key in {"sampleText", "sampleMarkdown"}
    assert key == "sampleText" or content["title"]
    kind = "actionCard" if buttons else key.removeprefix("sample").lower()
    return Sent(to=to, kind=kind, text=text, way="api", buttons=buttons)


def _plain(to: str, asked: Mapping[str, Any], way: str) -> Sent:
    kind = asked["msgtype"]
    inner = asked[kind]
    assert kind == "text" or inner["title"]
    buttons = [(one["title"], one["actionURL"]) for one in inner.get("btns", [])]
    text = inner["content" if kind == "text" else "text"]
    return Sent(to=to, kind=kind, text=text, way=way, buttons=buttons)


def _signed(query: Mapping[str, str], secret: str, now: datetime) -> bool:
    at = query.get("timestamp", "0")
    digest = hmac.digest(secret.encode(), f"{at}\n{secret}".encode(), "sha256")
    fresh = abs(now.timestamp() * 1000 - int(at)) <= 3_600_000
    return fresh and query.get("sign") == b64encode(digest).decode()
