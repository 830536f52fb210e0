"""DingTalk as it brings a robot's messages: posted and signed, or pushed over a connection."""

import hmac
import json
import threading
from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response
from websockets.sync.server import ServerConnection, serve

from tests.fakes.platforms.dingtalk import APP_KEY, FakeDingTalk

MESSAGES = "/v1.0/im/bot/messages/get"
SESSION_LASTS = timedelta(seconds=5400)


@dataclass(kw_only=True)
class Pusher:
    """Makes a robot's messages, and posts them to a gateway as DingTalk does."""

    fake: FakeDingTalk
    secret: str
    url: str = ""
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def said(
        self,
        text: str,
        *,
        by: str = "zhang",
        group: str = "",
        lasts: timedelta = SESSION_LASTS,
        **more: Any,
    ) -> dict[str, Any]:
        """Somebody says something, to the robot or in a group."""
        now = self.now_ms
        return {
            "conversationId": group or "cidOne==",
            "conversationType": "2" if group else "1",
            "chatbotUserId": "$:LWCP_v1:$robot",
            "msgId": f"msg{next(self.numbers)}==",
            "senderNick": "张工",
            "senderId": f"$:LWCP_v1:${by}",
            "senderStaffId": by,
            "sessionWebhook": self.fake.session(group or by, lasts),
            "sessionWebhookExpiredTime": now + int(lasts.total_seconds() * 1000),
            "createAt": now,
            "robotCode": APP_KEY,
            "msgtype": "text",
            "text": {"content": f" {text}" if group else text},
            **more,
        }

    @property
    def now_ms(self) -> int:
        """The present as messages tell it."""
        return int(self.fake.clock.now().timestamp() * 1000)

    def headers(self, *, at: datetime | None = None) -> dict[str, str]:
        """The headers that sign a request."""
        timestamp = str(int((at or self.fake.clock.now()).timestamp() * 1000))
        said = f"{timestamp}\n{self.secret}".encode()
        sign = b64encode(hmac.digest(self.secret.encode(), said, "sha256")).decode()
        return {"Content-Type": "application/json", "timestamp": timestamp, "sign": sign}

    def push(self, message: Mapping[str, Any]) -> int:
        """Post a message once; the status of the answer."""
        with httpx2.Client(timeout=10, trust_env=False) as client:
            body = json.dumps(message).encode()
            return client.post(self.url, content=body, headers=self.headers()).status_code


class Connections:
    """Takes connections whose ticket is good, and pushes over one of them."""

    def __init__(self, fake: FakeDingTalk) -> None:
        self.open: list[ServerConnection] = []
        self.opened = 0
        self.acknowledged: dict[str, dict[str, Any]] = {}
        """The answers to frames, by the frame's id."""
        self.refused = 0
        self._fake = fake
        self._numbers = count(1)
        self._lock = threading.Lock()

    def push(self, message: object, *, topic: str = MESSAGES, kind: str = "CALLBACK") -> str:
        """Push a frame over the newest connection; its id."""
        name = f"frame{next(self._numbers)}"
        headers = {
            "topic": topic,
            "messageId": name,
            "contentType": "application/json",
            "time": str(int(self._fake.clock.now().timestamp() * 1000)),
        }
        frame = {"specVersion": "1.0", "type": kind, "headers": headers}
        self.open[-1].send(json.dumps(frame | {"data": json.dumps(message)}))
        return name

    def admit(self, _connection: ServerConnection, request: Request) -> Response | None:
        """Let in who has a ticket: it holds for one connection."""
        ticket = parse_qs(urlsplit(request.path).query).get("ticket", [""])[0]
        until = self._fake.tickets.pop(ticket, None)
        if until is not None and until > self._fake.clock.now():
            return None
        self.refused += 1
        return _connection.respond(401, "the ticket does not hold\n")

    def attend(self, socket: ServerConnection) -> None:
        """Hear one connection's answers until it ends."""
        with self._lock:
            self.open.append(socket)
            self.opened += 1
        with suppress(ConnectionClosed, OSError):
            for frame in socket:
                answer = json.loads(frame)
                self.acknowledged[answer["headers"]["messageId"]] = answer
        with self._lock:
            self.open.remove(socket)


@contextmanager
def taking_connections(fake: FakeDingTalk) -> Iterator[Connections]:
    """DingTalk's end of connections, as long as the block lasts."""
    connections = Connections(fake)
    with serve(
        connections.attend, "127.0.0.1", 0, process_request=connections.admit, close_timeout=1
    ) as server:
        fake.endpoint = f"ws://127.0.0.1:{server.socket.getsockname()[1]}/connect"
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield connections
        for one in list(connections.open):
            one.close()
        server.shutdown()
        thread.join()
