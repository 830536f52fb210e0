"""What Feishu and we say over a long connection, which needs no address of ours.

Each event comes as one frame or several, is kept, and then acknowledged in a frame with the same
headers; what is not acknowledged, or not well, Feishu brings again. The press of a button is
answered in the acknowledgement.
"""

import json
import time
from base64 import b64encode
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

from channels.bodies import MOST_BYTES, BadBodyError, read_body, text_of
from channels.connections import Line
from channels.errors import RefusedRequestError
from channels.feishu.api.client import FeishuApi
from channels.feishu.hearing import PATIENCE, Hearing
from channels.feishu.messages import read_event
from channels.feishu.settings import FeishuSettings
from channels.feishu.stream.frames import CONTROL, DATA, Frame, read_frame, write_frame
from channels.outgoing import demand_kin
from channels.rates import TokenBuckets
from core.domain.errors import RetrySendError, UnavailableError
from core.ports.unit_of_work import Units
from core.services.conversations import AcceptInbound

_PATH = "/callback/ws/endpoint"
_PING_SECONDS = 120.0
_LEAST_PING, _MOST_PING = 5.0, 600.0
_OK, _BAD, _LATER = 200, 400, 500
_MOST_PARTS = 64
_MOST_DIGITS = 6
_PARTS_KEPT = 5.0
"""Seconds in which the parts of one event must come."""


class FeishuTalk:
    """The talk of one app; `users` limits each person and group."""

    def __init__(
        self,
        settings: FeishuSettings,
        *,
        accept: AcceptInbound,
        units: Units,
        users: TokenBuckets,
    ) -> None:
        self._settings = settings
        quick = replace(settings, timeout=min(settings.timeout, PATIENCE))
        self._api = FeishuApi(quick, units, accept.clock)
        self._hear = Hearing(accept=accept, units=units, users=users, me=self._api.me)
        self._service = 0
        self._ping_seconds = _PING_SECONDS
        self._parts = _Parts()

    @property
    def name(self) -> str:
        """Whose connection it is."""
        return f"feishu:{self._settings.app_id}"

    @property
    def ping_seconds(self) -> float:
        """How often Feishu wants to hear that we are there."""
        return self._ping_seconds

    def address(self) -> str:
        """Where to connect to, good for one connection.

        Raises:
            SendError: Feishu gives none.
        """
        asked = {"AppID": self._settings.app_id, "AppSecret": self._settings.app_secret}
        data = self._api.ask(_PATH, asked).get("data")
        data = data if isinstance(data, dict) else {}
        url = text_of(data, "URL")
        if not url:
            raise RetrySendError("Feishu gave no address to connect to")
        demand_kin(url, self._settings.api_base)
        service = parse_qs(urlsplit(url).query).get("service_id", [""])[0]
        self._service = int(service) if service.isascii() and service.isdigit() else 0
        self._configure(data.get("ClientConfig"))
        self._parts = _Parts()
        return url

    def begin(self, line: Line) -> None:
        """Say that we are there."""
        self.ping(line)

    def ping(self, line: Line) -> None:
        """Say that we are there."""
        line.send(write_frame(Frame(service=self._service, headers={"type": "ping"})))

    def hear(self, frame: str | bytes, line: Line) -> None:
        """Take one frame.

        Raises:
            BadBodyError: it cannot be understood.
            HungUpError: the connection has ended.
        """
        if isinstance(frame, str):
            raise BadBodyError("a frame of Feishu is not text")
        read = read_frame(frame)
        if read.method == CONTROL:
            if read.payload and read.headers.get("type") == "pong":
                self._configure(read_body(read.payload))
            return
        if read.method != DATA or read.headers.get("type") != "event":
            return
        payload = self._parts.joined(read)
        if payload is None:
            return
        began = time.monotonic()
        said = self._answer(payload)
        took = str(int((time.monotonic() - began) * 1000))
        line.send(
            write_frame(
                replace(
                    read,
                    headers={**read.headers, "biz_rt": took},
                    payload=json.dumps(said, ensure_ascii=False).encode(),
                )
            )
        )

    def close(self) -> None:
        """Close the connections to the API."""
        self._api.close()

    def _answer(self, payload: bytes) -> dict[str, object]:
        try:
            answer = self._hear(read_event(read_body(payload)))
        except BadBodyError:
            return {"code": _BAD}
        except (RefusedRequestError, UnavailableError):
            return {"code": _LATER}
        if not answer:
            return {"code": _OK}
        written = json.dumps(answer, ensure_ascii=False).encode()
        return {"code": _OK, "data": b64encode(written).decode()}

    def _configure(self, config: object) -> None:
        """Feishu says how often it wants to be pinged."""
        seconds = config.get("PingInterval") if isinstance(config, dict) else None
        if isinstance(seconds, int) and seconds > 0:
            self._ping_seconds = min(max(float(seconds), _LEAST_PING), _MOST_PING)


class _Parts:
    """Events that come in several frames."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[float, dict[int, bytes]]] = {}

    def joined(self, frame: Frame) -> bytes | None:
        """The whole event, once all of it is there.

        Raises:
            BadBodyError: the parts are not counted well, or too large.
        """
        many, number = _count(frame, "sum"), _count(frame, "seq")
        if many <= 1:
            return frame.payload
        if many > _MOST_PARTS or number >= many:
            raise BadBodyError("the parts of an event are not counted well")
        now, name = time.monotonic(), frame.headers.get("message_id", "")
        self._known = {key: one for key, one in self._known.items() if now - one[0] < _PARTS_KEPT}
        parts = self._known.setdefault(name, (now, {}))[1]
        parts[number] = frame.payload
        if sum(map(len, parts.values())) > MOST_BYTES:
            del self._known[name]
            raise BadBodyError("the event is too large")
        if len(parts) < many:
            return None
        del self._known[name]
        return b"".join(parts[at] for at in range(many))


def _count(frame: Frame, name: str) -> int:
    value = frame.headers.get(name, "0")
    if not (value.isascii() and value.isdigit() and len(value) <= _MOST_DIGITS):
        raise BadBodyError("the parts of an event are not counted")
    return int(value)
