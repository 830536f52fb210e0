"""WeCom's self-built apps on loopback, after the vendor's published limits and errcodes.

Out of the house: tokens with their lifetimes, app messages with the check for duplicates, cards
updated once. Into the house: sealed callbacks, said again when no answer comes in time.
"""

import hashlib
import json
import secrets
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler
from typing import Any, override
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx2

from channels.envelopes import Envelopes
from core.ports.clock import Clock
from tests.fakes.clock import FakeClock
from tests.fakes.loopback import Loopback

CORP = "ww0123456789abcdef"
AGENT = 1000002
SECRET = "0123456789abcdef0123456789abcdef-0123456789"  # noqa: S105 -- no real one
TOKEN = "tokenofthetests"  # noqa: S105 -- no real one
AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
MEMBER = "LiLei"

LIFE = timedelta(seconds=7200)
TEXT_BYTES = 2048
MOST_BUTTONS = 6
PER_MINUTE, PER_HOUR = 30, 1000
CODE_HOLDS = timedelta(hours=72)


@dataclass(kw_only=True)
class FakeWeComApp(Loopback):
    """One app. `answers` are errcodes (or `-503`, `"hang"`) given in place of what is due.

    `"lost"` takes the message and answers nothing. What members see is in `seen`.
    """

    clock: Clock = field(default_factory=FakeClock)
    aes_key: str = AES_KEY
    patience: float = 5.0
    members: set[str] = field(default_factory=lambda: {MEMBER})
    answers: list[int | str] = field(default_factory=list)
    seen: list[dict[str, Any]] = field(default_factory=list)
    updates: list[dict[str, Any]] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    tokens: dict[str, datetime] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Nothing is listened to yet."""
        self._lock = threading.Lock()
        self._ids = 7_000_000_000_000_000_000
        self._times: dict[str, list[datetime]] = {}
        self._said: dict[tuple[str, str], datetime] = {}
        self._tasks: set[str] = set()
        self._codes: dict[str, datetime] = {}

    def texts(self) -> list[str]:
        """What members read, in order, without what has no width."""
        with self._lock:
            return [_readable(one) for one in self.seen]

    def forget_tokens(self) -> None:
        """Let every token end early, as WeCom says that it may."""
        self.tokens.clear()

    # -- into the house ---------------------------------------------------------------------

    def fields(self, kind: str = "text", *, user: str = MEMBER, **fields: Any) -> dict[str, Any]:
        """The fields of one callback; a message gets an id of its own."""
        self._ids += 1
        made = {
            "ToUserName": CORP,
            "FromUserName": user,
            "CreateTime": int(self.clock.now().timestamp()),
            "MsgType": kind,
            "AgentID": AGENT,
        }
        if kind != "event":
            made["MsgId"] = self._ids
        return {**made, **fields}

    def press(self, card: Mapping[str, Any], number: int, **fields: Any) -> dict[str, Any]:
        """The callback of the button `number` (1-based) of a card, with a fresh code."""
        code = secrets.token_urlsafe(12)
        self._codes[code] = self.clock.now() + CODE_HOLDS
        pressed = {
            "Event": "template_card_event",
            "EventKey": card["button_list"][number - 1]["key"],
            "TaskId": card["task_id"],
            "CardType": card["card_type"],
            "ResponseCode": code,
        }
        return self.fields("event", **{**pressed, **fields})

    def request(self, fields: Mapping[str, Any], **at: str) -> tuple[str, bytes]:
        """Query and body of a callback, as WeCom would send it now."""
        query, encrypt = self.sealed(self.written(fields), **at)
        body = (
            f"<xml><ToUserName><![CDATA[{CORP}]]></ToUserName>"
            f"<Encrypt><![CDATA[{encrypt}]]></Encrypt><AgentID>{AGENT}</AgentID></xml>"
        )
        return urlencode(query), body.encode()

    def written(self, fields: Mapping[str, Any]) -> str:
        """The fields as WeCom writes them, before they are sealed."""
        inner = "".join(
            f"<{name}>{value}</{name}>"
            if isinstance(value, int)
            else f"<{name}><![CDATA[{value}]]></{name}>"
            for name, value in fields.items()
        )
        return f"<xml>{inner}</xml>"

    def sealed(self, text: str, **at: str) -> tuple[dict[str, str], str]:
        """The query that goes with a sealed text, and the text."""
        timestamp = at.get("timestamp", str(int(self.clock.now().timestamp())))
        nonce = at.get("nonce", secrets.token_hex(5))
        envelopes = Envelopes(token=TOKEN, keys=[self.aes_key], receive_id=CORP)
        sealed = envelopes.seal(text.encode(), timestamp=timestamp, nonce=nonce)
        query = {"msg_signature": sealed.signature, "timestamp": timestamp, "nonce": nonce}
        return query, sealed.encrypt

    def say(self, base: str, fields: Mapping[str, Any]) -> httpx2.Response | None:
        """Call the house, again up to three times while no answer comes in time."""
        for _ in range(4):
            query, body = self.request(fields)
            try:
                with httpx2.Client(timeout=self.patience, trust_env=False) as client:
                    return client.post(f"{base}/wecom?{query}", content=body)
            except httpx2.HTTPError:
                continue
        return None

    # -- out of the house -------------------------------------------------------------------

    def judge(self, target: str, body: bytes) -> dict[str, Any] | int | str:
        """The answer to one call; an int is an HTTP status."""
        url = urlsplit(target)
        query = {name: values[0] for name, values in parse_qs(url.query).items()}
        with self._lock:
            self.calls.append(url.path)
            if url.path == "/cgi-bin/gettoken":
                return self._token(query)
            due = self.answers.pop(0) if self.answers else 0
            if due == "hang" or (isinstance(due, int) and due < -100):
                return "hang" if isinstance(due, str) else -due
            if due not in {0, "lost"}:
                return {"errcode": due, "errmsg": "no"}
            answer = self._answer(url.path, query.get("access_token", ""), body)
            return "hang" if due == "lost" else answer

    def _answer(self, path: str, token: str, body: bytes) -> dict[str, Any]:
        message = json.loads(body)
        stale = self._stale(token)
        wrong = stale or (40033 if b"\\u" in body else 0)
        wrong = wrong or (40056 if message.get("agentid") != AGENT else 0)
        if wrong:
            return {"errcode": wrong, "errmsg": "no"}
        match path:
            case "/cgi-bin/message/send":
                return self._take(message)
            case "/cgi-bin/message/update_template_card":
                return self._update(message)
            case _:
                return {"errcode": 48002, "errmsg": "api forbidden"}

    def _stale(self, token: str) -> int:
        if token not in self.tokens:
            return 40014
        return 42001 if self.tokens[token] <= self.clock.now() else 0

    def _token(self, query: Mapping[str, str]) -> dict[str, Any]:
        now = self.clock.now()
        if query.get("corpid") != CORP:
            return {"errcode": 40013, "errmsg": "invalid corpid"}
        if query.get("corpsecret") != SECRET:
            return {"errcode": 40001, "errmsg": "invalid credential"}
        live = [token for token, ends in self.tokens.items() if ends > now]
        if not live:
            live = [hashlib.sha256(f"{now}{len(self.calls)}".encode()).hexdigest() * 4]
            self.tokens[live[0]] = now + LIFE
        left = int((self.tokens[live[0]] - now).total_seconds())
        return {"errcode": 0, "errmsg": "ok", "access_token": live[0], "expires_in": left}

    def _take(self, message: dict[str, Any]) -> dict[str, Any]:
        user, now = message.get("touser", ""), self.clock.now()
        content = message[message["msgtype"]]
        wrong = 81013 if user not in self.members else self._judge(message["msgtype"], content)
        if wrong:
            return {"errcode": wrong, "errmsg": "no"}
        answer = {"errcode": 0, "errmsg": "ok", "msgid": f"m{len(self.calls)}"}
        if not self._repeated(user, content, message, now) and self._shows(user, now):
            if "content" in content:  # what is too long is cut
                kept = content["content"].encode()[:TEXT_BYTES].decode(errors="ignore")
                message["text"] = {"content": kept}
            self.seen.append(message)
        return answer

    def _judge(self, kind: str, content: Mapping[str, Any]) -> int:
        if kind == "text":
            return 0 if content.get("content") else 44004
        if kind != "template_card":
            return 40008
        if not 0 < len(content["button_list"]) <= MOST_BUTTONS:
            return 40058
        if content["task_id"] in self._tasks:
            return 42014
        self._tasks.add(content["task_id"])
        return 0

    def _repeated(
        self, user: str, content: Mapping[str, Any], message: Mapping[str, Any], now: datetime
    ) -> bool:
        if not message.get("enable_duplicate_check"):
            return False
        written = json.dumps(content, sort_keys=True)
        if self._said.get((user, written), now) > now:
            return True
        holds = timedelta(seconds=message.get("duplicate_check_interval", 1800))
        self._said[user, written] = now + min(holds, timedelta(hours=4))
        return False

    def _shows(self, user: str, now: datetime) -> bool:
        """What is over the limits is dropped, and nobody is told."""
        times = self._times.setdefault(user, [])
        minute = [at for at in times if at > now - timedelta(minutes=1)]
        hour = [at for at in times if at > now - timedelta(hours=1)]
        times.append(now)
        return len(minute) < PER_MINUTE and len(hour) < PER_HOUR

    def _update(self, message: dict[str, Any]) -> dict[str, Any]:
        ends = self._codes.pop(message.get("response_code", ""), None)
        if ends is None or ends <= self.clock.now():
            return {"errcode": 42045, "errmsg": "invalid response_code"}
        self.updates.append(message)
        return {"errcode": 0, "errmsg": "ok", "invaliduser": []}

    @override
    def _handler(self) -> type[BaseHTTPRequestHandler]:
        fake = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                self._serve()

            def do_POST(self) -> None:
                self._serve()

            def _serve(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length", "0")))
                answer = fake.judge(self.path, body)
                if isinstance(answer, str):
                    time.sleep(1.0)
                    self.close_connection = True
                    return
                said = json.dumps(answer).encode()
                self.send_response(answer if isinstance(answer, int) else 200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(said)))
                self.end_headers()
                self.wfile.write(said)

            @override
            def log_message(self, format: str, *args: object) -> None:
                """Say nothing."""

        return Handler


def _readable(message: Mapping[str, Any]) -> str:
    if message["msgtype"] == "template_card":
        card = message["template_card"]
        return str(card.get("sub_title_text", card["main_title"]["title"]))
    return str(message["text"]["content"]).translate({0x200B: None, 0x200C: None})
