"""WeChat's Official Accounts on loopback, after the vendor's published limits and errcodes.

Out of the house: stable tokens with their lifetimes, customer-service messages with their windows.
Into the house: callbacks, plain or sealed, said again when no answer comes in time, three in all.
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

from channels.envelopes import Envelopes, signature
from core.domain.conversations import Address
from core.domain.platforms import Allowance
from core.ports.clock import Clock
from core.ports.unit_of_work import Units
from tests.fakes.clock import FakeClock
from tests.fakes.loopback import Loopback

APP_ID = "wx0123456789abcdef"
SECRET = "0123456789abcdef0123456789abcdef"  # noqa: S105 -- no real one
TOKEN = "token-of-the-tests"  # noqa: S105 -- no real one
AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
ACCOUNT = "gh_0123456789ab"
FAN = "oABCDEFGHIJKLMNOPQRSTUVWXYZ1"

TEMPLATES = {"VRR0UEO9VJOLs0MHlU0OilqX6MVFDwH3", "9nLIlbOQZC5Y89AZteFEux3WCXRRRG5W"}

LIFE = timedelta(seconds=7200)
BOTH_HOLD = timedelta(minutes=5)
MOST_FORCED = 20
FORCED_EVERY = timedelta(seconds=30)
TEXT_BYTES = 2048
QUOTAS = {
    "message": (5, timedelta(hours=48)),
    "click": (3, timedelta(minutes=1)),
    "subscribe": (3, timedelta(minutes=1)),
    "scan": (3, timedelta(minutes=1)),
}


@dataclass(kw_only=True)
class Quota:
    """What one act of a follower allows."""

    left: int
    until: datetime


@dataclass(kw_only=True)
class FakeWeChat(Loopback):
    """One account. `answers` are errcodes (or `-503`, `"hang"`) given in place of what is due.

    Fields are sent as XML unless `as_json`; sealed when `aes_key` is set.
    """

    clock: Clock = field(default_factory=FakeClock)
    aes_key: str | None = None
    as_json: bool = False
    patience: float = 5.0
    answers: list[int | str] = field(default_factory=list)
    sent: list[dict[str, Any]] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    tokens: dict[str, datetime] = field(default_factory=dict)
    forced: list[datetime] = field(default_factory=list)
    quotas: dict[str, list[Quota]] = field(default_factory=dict)
    consents: dict[tuple[str, str], int] = field(default_factory=dict)
    """How many notices of a template each follower has asked for."""
    followers: set[str] = field(default_factory=lambda: {FAN})

    def __post_init__(self) -> None:
        """Nothing is listened to yet."""
        self._lock = threading.Lock()
        self._ids = 24_000_000_000_000_000
        self._current = ""

    def texts(self) -> list[str]:
        """What followers read, in order."""
        return [
            one["text"]["content"] if "text" in one else one["msgmenu"]["head_content"]
            for one in self.sent
        ]

    def forget_token(self) -> None:
        """Let every token be stale, as after a reset of the secret."""
        self.tokens.clear()

    def write(self, units: Units, address: Address) -> None:
        """Let a follower have written: to the platform, and as the house knows it."""
        fields = self.fields(user=address.user)
        self._open_window(fields)
        most, lasting = QUOTAS["message"]
        allowance = Allowance(
            name="message",
            left=most,
            until=self.clock.now() + lasting,
            source=str(fields["MsgId"]),
        )
        with units() as unit:
            unit.allowances.grant(address, allowance)
            unit.commit()

    # -- into the house ---------------------------------------------------------------------

    def fields(self, kind: str = "text", *, user: str = FAN, **fields: Any) -> dict[str, Any]:
        """The fields of one callback; a message gets an id of its own."""
        self._ids += 1
        made = {
            "ToUserName": ACCOUNT,
            "FromUserName": user,
            "CreateTime": int(self.clock.now().timestamp()),
            "MsgType": kind,
        }
        if kind != "event":
            made["MsgId"] = self._ids
        return {**made, **fields}

    def request(self, fields: Mapping[str, Any]) -> tuple[str, bytes]:
        """Query and body of a callback, as the platform would send it now."""
        timestamp, nonce = str(int(self.clock.now().timestamp())), secrets.token_hex(5)
        query = {
            "signature": signature(TOKEN, timestamp, nonce),
            "timestamp": timestamp,
            "nonce": nonce,
            "openid": str(fields.get("FromUserName", "")),
        }
        body = self._written(fields)
        if self.aes_key:
            sealed = Envelopes(token=TOKEN, keys=[self.aes_key], receive_id=APP_ID).seal(
                body, timestamp=timestamp, nonce=nonce
            )
            query |= {"encrypt_type": "aes", "msg_signature": sealed.signature}
            body = self._written({"ToUserName": ACCOUNT, "Encrypt": sealed.encrypt})
        return urlencode(query), body

    def say(self, base: str, fields: Mapping[str, Any]) -> httpx2.Response | None:
        """Call the house, three times in all while no answer comes in time."""
        self._open_window(fields)
        for _ in range(3):
            query, body = self.request(fields)
            try:
                with httpx2.Client(timeout=self.patience, trust_env=False) as client:
                    response = client.post(f"{base}/wechat?{query}", content=body)
            except httpx2.HTTPError:
                continue
            return response
        return None

    def _open_window(self, fields: Mapping[str, Any]) -> None:
        act = str(fields.get("Event", "message")).lower()
        if act in QUOTAS:
            most, lasting = QUOTAS[act]
            quota = Quota(left=most, until=self.clock.now() + lasting)
            kept = self.quotas.setdefault(str(fields["FromUserName"]), [])
            kept[:] = [one for one in kept if act != "message" or one.until <= self.clock.now()]
            kept.append(quota)

    def _written(self, fields: Mapping[str, Any]) -> bytes:
        if self.as_json:
            return json.dumps(fields, ensure_ascii=False).encode()
        return f"<xml>{_xml(fields)}</xml>".encode()

    # -- out of the house -------------------------------------------------------------------

    def judge(self, target: str, body: bytes) -> dict[str, Any] | int | str:
        """The answer to one call; an int is an HTTP status."""
        url = urlsplit(target)
        with self._lock:
            self.calls.append(url.path)
            if url.path == "/cgi-bin/stable_token":
                return self._token(json.loads(body))
            due = self.answers.pop(0) if self.answers else 0
            if isinstance(due, str) or due < -100:
                return due if isinstance(due, str) else -due
            message = json.loads(body)
            given = parse_qs(url.query).get("access_token", [""])[0]
            errcode = due or self._stale(given) or self._take(url.path, message, body)
            if errcode == 0:
                self.sent.append(message)
            return {"errcode": errcode, "errmsg": "ok" if errcode == 0 else "no"}

    def _stale(self, token: str) -> int:
        if token not in self.tokens:
            return 40001
        return 42001 if self.tokens[token] <= self.clock.now() else 0

    def _token(self, wanted: Mapping[str, Any]) -> dict[str, Any]:
        now = self.clock.now()
        if wanted["appid"] != APP_ID or wanted["secret"] != SECRET:
            return {"errcode": 40125, "errmsg": "invalid appsecret"}
        if wanted["force_refresh"]:
            if len(self.forced) >= MOST_FORCED or (
                self.forced and now - self.forced[-1] < FORCED_EVERY
            ):
                return {"errcode": 45009, "errmsg": "reach max api daily quota limit"}
            self.forced.append(now)
        if wanted["force_refresh"] or self.tokens.get(self._current, now) <= now:
            if self._current in self.tokens:
                self.tokens[self._current] = min(self.tokens[self._current], now + BOTH_HOLD)
            self._current = hashlib.sha256(f"{now}{len(self.calls)}".encode()).hexdigest() * 4
            self.tokens[self._current] = now + LIFE
        left = int((self.tokens[self._current] - now).total_seconds())
        return {"access_token": self._current, "expires_in": left}

    def _take(self, path: str, message: Mapping[str, Any], body: bytes) -> int:
        if path == "/cgi-bin/menu/create":
            return 0 if 0 < len(message.get("button", [])) <= 3 else 40016
        if path.endswith(("subscribe/bizsend", "template/send")):
            return self._notice(path, message)
        if not path.endswith("custom/send"):
            return 48001
        said, user = _said(message), message.get("touser", "")
        wrong = {
            40033: b"\\u" in body,
            43004: user not in self.followers,
            44004: not said,
            45002: len(said.encode()) > TEXT_BYTES,
        }
        return next((code for code, holds in wrong.items() if holds), 0) or self._count(user)

    def _notice(self, path: str, message: Mapping[str, Any]) -> int:
        user, template = message["touser"], message["template_id"]
        if template not in TEMPLATES:
            return 40037
        if user not in self.followers:
            return 43004
        if any(len(one["value"]) > 20 for one in message["data"].values()):
            return 47003
        if path.endswith("template/send"):
            return 0
        left = self.consents.get((user, template), 0)
        self.consents[user, template] = max(left - 1, 0)
        return 0 if left else 43101

    def consent(self, base: str, template: str, *, status: str = "accept") -> None:
        """Let the follower answer what asks for their consent to one notice."""
        known = self.consents.get((FAN, template), 0)
        self.consents[FAN, template] = known + 1 if status == "accept" else 0
        entry = {"TemplateId": template, "SubscribeStatusString": status, "PopupScene": "2"}
        asked = status == "accept"
        event = "subscribe_msg_popup_event" if asked else "subscribe_msg_change_event"
        name = "SubscribeMsgPopupEvent" if asked else "SubscribeMsgChangeEvent"
        listed = {"List": [entry]} if self.as_json else {name: {"List": entry}}
        self.say(base, self.fields("event", Event=event, **listed))

    def _count(self, user: str) -> int:
        open_now = [one for one in self.quotas.get(user, []) if one.until > self.clock.now()]
        if not open_now:
            return 45015
        usable = [one for one in open_now if one.left]
        if not usable:
            return 45047
        min(usable, key=lambda one: one.until).left -= 1
        return 0

    @override
    def _handler(self) -> type[BaseHTTPRequestHandler]:
        fake = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length", "0")))
                answer = fake.judge(self.path, body)
                if isinstance(answer, str):
                    time.sleep(1.0)
                    self.close_connection = True
                    return
                status = answer if isinstance(answer, int) else 200
                said = json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(said)))
                self.end_headers()
                self.wfile.write(said)

            @override
            def log_message(self, format: str, *args: object) -> None:
                """Say nothing."""

        return Handler


def _xml(fields: Mapping[str, Any]) -> str:
    return "".join(
        f"<{name}>{_xml(value) if isinstance(value, Mapping) else _xml_value(value)}</{name}>"
        for name, value in fields.items()
    )


def _xml_value(value: object) -> str:
    return str(value) if isinstance(value, int) else f"<![CDATA[{value}]]>"


def _said(message: Mapping[str, Any]) -> str:
    match message.get("msgtype"):
        case "text":
            return str(message["text"]["content"])
        case "msgmenu":
            menu = message["msgmenu"]
            return "".join((menu["head_content"], *(one["content"] for one in menu["list"])))
        case _:
            return ""
