"""A neighbour's webhook and WeCom's group robots on one loopback port, both in a bad mood.

They throttle, answer 500, answer twice, break the connection, answer too late, and take messages
whose answer nobody gets. What happens to a message is drawn from its name and attempt, so a seed
gives the same faults whatever the timing.
"""

import json
import re
import threading
import time
from collections import Counter, defaultdict, deque
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from random import Random
from types import TracebackType
from typing import Self, override
from urllib.parse import parse_qs, urlsplit

from core.ports.clock import Clock

TITLE = re.compile(r"第(\d+)场")
PER_MINUTE = 20
LATE_S = 2.5
"""Longer than the senders' patience."""


class Mood(StrEnum):
    """What befalls a request."""

    FINE = "answered"
    TWICE = "answered twice"
    LOST = "accepted, connection broken before the answer"
    LATE = "accepted, answered after the time-out"
    PROXY = "accepted, then 502"
    BROKEN = "not accepted, connection broken"
    ERROR = "not accepted, 500"
    BUSY = "not accepted, throttled"
    REFUSED = "refused for good"


CHANCES = (
    (Mood.TWICE, 0.01),
    (Mood.LOST, 0.01),
    (Mood.LATE, 0.002),
    (Mood.PROXY, 0.004),
    (Mood.BROKEN, 0.01),
    (Mood.ERROR, 0.015),
    (Mood.BUSY, 0.02),
)
UNHEARD = {Mood.LOST, Mood.LATE, Mood.PROXY}
ACCEPTING = {Mood.FINE, Mood.TWICE, *UNHEARD}


def webhook_id(key: str) -> str:
    """The id under which a neighbour knows the message with this idempotency key."""
    return "msg_" + sha256(key.encode()).hexdigest()[:32]


def robot_id(robot: str, text: str) -> str:
    """A group knows a message by its words: the number of the event in its title."""
    found = TITLE.search(text)
    return f"{robot}|{found.group(1) if found else text}"


class Platforms:
    """Takes what is sent and remembers it; `shown` counts what people see."""

    def __init__(self, clock: Clock, seed: str) -> None:
        self.accepted: Counter[str] = Counter()
        self.shown: Counter[str] = Counter()
        self.unheard: Counter[str] = Counter()
        """Acceptances whose answer nobody can have read."""
        self.moods: Counter[Mood] = Counter()
        self.in_flight = 0
        self._attempts: Counter[str] = Counter()
        self._times: dict[str, deque[datetime]] = defaultdict(deque)
        self._clock = clock
        self._seed = seed
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        )

    def __enter__(self) -> Self:
        """Listen."""
        self._thread.start()
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
        """Where they listen."""
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def taken(self) -> int:
        """Requests so far."""
        return self.moods.total()

    def count(self, change: int) -> None:
        """A request began, or ended."""
        with self._lock:
            self.in_flight += change

    def take(self, name: str, *, repeatable: bool) -> Mood:
        """One request with a message of that name; a repeatable one is shown once."""
        with self._lock:
            self._attempts[name] += 1
            mood = self._mood(name)
            if mood in ACCEPTING and not repeatable and self._throttled(name):
                mood = Mood.BUSY
            self.moods[mood] += 1
            if mood in ACCEPTING:
                self.accepted[name] += 1
                self.unheard[name] += mood in UNHEARD
                if not (repeatable and self.shown[name]):
                    self.shown[name] += 1
            return mood

    def _mood(self, name: str) -> Mood:
        if Random(f"{self._seed}:{name}").random() < 0.005:  # noqa: S311 -- a seeded test
            return Mood.REFUSED
        drawn = Random(f"{self._seed}:{name}:{self._attempts[name]}").random()  # noqa: S311 -- the same
        for mood, chance in CHANCES:
            drawn -= chance
            if drawn < 0:
                return mood
        return Mood.FINE

    def _throttled(self, name: str) -> bool:
        """Whether the robot's minute is full, by the shared clock."""
        now, times = self._clock.now(), self._times[name.partition("|")[0]]
        while times and not now - timedelta(minutes=1) < times[0] <= now:
            times.popleft()
        if len(times) >= PER_MINUTE:
            return True
        times.append(now)
        return False

    def answer(
        self, path: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[Mood, int, dict[str, str], bytes]:
        """The mood, status, headers and body for one request."""
        if path.startswith("/cgi-bin/webhook/send"):
            robot = parse_qs(urlsplit(path).query)["key"][0]
            text = json.loads(body)["markdown"]["content"]
            mood = self.take(robot_id(robot, text), repeatable=False)
            code = {Mood.BUSY: 45009, Mood.REFUSED: 93000}.get(mood, 0)
            said = json.dumps({"errcode": code, "errmsg": str(mood)}).encode()
            status = {Mood.ERROR: 500, Mood.PROXY: 502}.get(mood, 200)
            return mood, status, {}, said
        mood = self.take(headers["webhook-id"], repeatable=True)
        statuses = {Mood.ERROR: 500, Mood.PROXY: 502, Mood.BUSY: 429, Mood.REFUSED: 410}
        more = {"Retry-After": "20"} if mood is Mood.BUSY else {}
        return mood, statuses.get(mood, 200), more, b"{}"

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        return type("Handler", (_Handler,), {"platforms": self})


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    platforms: Platforms

    @override
    def handle(self) -> None:
        with suppress(OSError):  # whoever asked was killed
            super().handle()

    def do_POST(self) -> None:
        self.platforms.count(1)
        try:
            self._post()
        finally:
            self.platforms.count(-1)

    def _post(self) -> None:
        length = int(self.headers["content-length"])
        body = self.rfile.read(length)
        if len(body) < length:
            self.close_connection = True
            return
        mood, status, headers, said = self.platforms.answer(
            self.path, dict(self.headers.items()), body
        )
        if mood is Mood.LATE:
            time.sleep(LATE_S)
        if mood in {Mood.LOST, Mood.BROKEN}:
            self.close_connection = True
            return
        headers |= {"Content-Type": "application/json", "Content-Length": str(len(said))}
        for _ in range(2 if mood is Mood.TWICE else 1):
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(said)

    @override
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""
