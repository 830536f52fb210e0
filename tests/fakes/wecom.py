"""WeCom's group robot on loopback, after the vendor's published limits and errcodes."""

import json
import threading
import time
from collections import deque
from collections.abc import Collection
from http.server import BaseHTTPRequestHandler
from typing import Any, override
from urllib.parse import parse_qs, urlsplit

from tests.fakes.loopback import Loopback

BYTES = {"text": 2048, "markdown": 4096}
PER_MINUTE = 20
_MINUTE_S = 60.0


class FakeWeCom(Loopback):
    """Takes messages for robots whose keys it knows; `answers` are given instead, one a request.

    An answer is an errcode, or an HTTP status below -100 (`-503`), or `"hang"` for none at all,
    or `"taken"`: the message is taken as in a fresh minute.
    """

    def __init__(self, keys: Collection[str], *, per_minute: int = PER_MINUTE) -> None:
        self.answers: list[int | str] = []
        self.received: list[dict[str, Any]] = []
        self.requests = 0
        self._keys = frozenset(keys)
        self._per_minute = per_minute
        self._times: dict[str, deque[float]] = {key: deque() for key in keys}
        self._lock = threading.Lock()

    def texts(self) -> list[str]:
        """The contents that reached a group, in order."""
        with self._lock:
            return [one[one["msgtype"]]["content"] for one in self.received]

    def judge(self, path: str, body: bytes) -> int | str:
        """The errcode for one request."""
        with self._lock:
            self.requests += 1
            answer = self.answers.pop(0) if self.answers else 0
            if answer not in {0, "taken"}:
                return answer
            url = urlsplit(path)
            key = parse_qs(url.query).get("key", [""])[0]
            if answer == "taken":
                self._times[key].clear()
            if url.path != "/cgi-bin/webhook/send" or key not in self._keys:
                return 93000
            errcode = self._judge_body(body) or self._judge_rate(key)
            if errcode == 0:
                self.received.append(json.loads(body))
            return errcode

    def _judge_body(self, body: bytes) -> int:
        if b"\\u" in body:
            return 40033
        try:
            message = json.loads(body)
            content = message[message["msgtype"]]["content"]
            most = BYTES[message["msgtype"]]
        except (ValueError, KeyError, TypeError):
            return 40008
        if not content:
            return 44004
        return 40058 if len(content.encode()) > most else 0

    def _judge_rate(self, key: str) -> int:
        now, times = time.monotonic(), self._times[key]
        while times and now - times[0] >= _MINUTE_S:
            times.popleft()
        if len(times) >= self._per_minute:
            return 45009
        times.append(now)
        return 0

    @override
    def _handler(self) -> type[BaseHTTPRequestHandler]:
        fake = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length", "0")))
                answer = fake.judge(self.path, body)
                if answer == "hang":
                    time.sleep(1.0)
                    self.close_connection = True
                    return
                status = -answer if isinstance(answer, int) and answer < -100 else 200
                said = json.dumps({"errcode": answer, "errmsg": "ok" if answer == 0 else "no"})
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(said)))
                self.end_headers()
                self.wfile.write(said.encode())

            @override
            def log_message(self, format: str, *args: object) -> None:
                """Say nothing."""

        return Handler
