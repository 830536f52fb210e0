"""WeCom's smart robot on a long connection, on loopback, after the vendor's document 101463.

One connection a robot: a new one is told to the one before, which is closed. Streams are seen once
under their id and end within six minutes; who has never written is not written to.
"""

import json
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import TracebackType
from typing import Any, Self

from websockets.exceptions import ConnectionClosed
from websockets.sync.server import Server, ServerConnection, serve

from core.ports.clock import Clock

BOT_ID = "aibIDofthetests"
SECRET = "secretofthebotofthetests"  # noqa: S105 -- no real one
MEMBER = "HanMeimei"

STREAM_BYTES = 20_480
STREAM_LASTS = timedelta(minutes=6)


@dataclass(kw_only=True)
class FakeWeComLine:
    """The gateway. `faults` hold for the next frames of ours that say something.

    `"drop"` closes before it is taken, `"lose"` takes it and closes without a word, `"mute"` takes
    it without a word; a number is its errcode.
    """

    clock: Clock
    faults: list[int | str] = field(default_factory=list)
    told: list[dict[str, Any]] = field(default_factory=list)
    pushes: list[dict[str, Any]] = field(default_factory=list)
    streams: dict[str, dict[str, Any]] = field(default_factory=dict)
    pings: int = 0
    opened: int = 0
    answers_pings: bool = True

    def __post_init__(self) -> None:
        """Nothing is listened to yet."""
        self._lock = threading.RLock()
        self._ids = 0
        self._asked: dict[str, datetime] = {}
        self._written: set[str] = set()
        self._socket: ServerConnection | None = None
        self._server: Server | None = None

    def __enter__(self) -> Self:
        """Listen."""
        self._server = serve(self._attend, "127.0.0.1", 0)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop listening."""
        self.hang_up()
        assert self._server is not None
        self._server.shutdown()
        self._thread.join()

    @property
    def url(self) -> str:
        """Where it listens."""
        assert self._server is not None
        return f"ws://127.0.0.1:{self._server.socket.getsockname()[1]}"

    @property
    def connected(self) -> bool:
        """Whether the robot is subscribed just now."""
        return self._socket is not None

    def seen(self) -> list[str]:
        """What people see: streams as they stand, then pushes."""
        with self._lock:
            contents = [one["content"] for one in self.streams.values()]
            texts = [one["markdown"]["content"] for one in self.pushes if "markdown" in one]
            return contents + texts

    def hang_up(self) -> None:
        """End the connection, as a network does."""
        socket, self._socket = self._socket, None
        if socket is not None:
            socket.close()

    def say(self, text: str, *, user: str = MEMBER, chat: str = "", msgid: str = "") -> str:
        """Push what somebody says; the `req_id`."""
        body: dict[str, Any] = {"msgtype": "text", "text": {"content": text}}
        self._written.add(chat or user)
        return self._push("aibot_msg_callback", body, user=user, chat=chat, msgid=msgid)

    def happen(self, kind: str, inner: dict[str, Any] | None = None, **who: str) -> str:
        """Push an event; the `req_id`."""
        event = {"eventtype": kind, kind: inner or {}}
        body = {"msgtype": "event", "event": event}
        return self._push("aibot_event_callback", body, **{"user": MEMBER, **who})

    def _push(
        self, command: str, body: dict[str, Any], *, user: str, chat: str = "", msgid: str = ""
    ) -> str:
        with self._lock:
            self._ids += 1
            req_id = f"REQ{self._ids}"
            self._asked[req_id] = self.clock.now()
        made = {
            "msgid": msgid or f"msg{self._ids}",
            "aibotid": BOT_ID,
            "chattype": "group" if chat else "single",
            "from": {"userid": user},
            **({"chatid": chat} if chat else {}),
            **body,
        }
        assert self._socket is not None, "nobody is connected"
        frame = {"cmd": command, "headers": {"req_id": req_id}, "body": made}
        self._socket.send(json.dumps(frame, ensure_ascii=False))
        return req_id

    def _attend(self, socket: ServerConnection) -> None:
        self.opened += 1
        with suppress(ConnectionClosed, OSError):
            for raw in socket:
                self._hear(json.loads(raw), socket)
        with self._lock:
            if self._socket is socket:
                self._socket = None

    def _hear(self, frame: dict[str, Any], socket: ServerConnection) -> None:
        command, req_id = frame["cmd"], frame["headers"]["req_id"]
        if command == "ping":
            self.pings += 1
            if self.answers_pings:
                _answer(socket, req_id, 0)
            return
        if command == "aibot_subscribe":
            self._subscribe(frame["body"], req_id, socket)
            return
        fault = self.faults.pop(0) if self.faults else 0
        if fault == "drop":
            socket.close()
            return
        with self._lock:
            errcode = fault if isinstance(fault, int) and fault else self._take(frame)
        if fault == "lose":
            socket.close()
        elif fault != "mute":
            _answer(socket, req_id, errcode)

    def _subscribe(self, body: dict[str, Any], req_id: str, socket: ServerConnection) -> None:
        if body != {"bot_id": BOT_ID, "secret": SECRET}:
            _answer(socket, req_id, 853000)
            return
        before, self._socket = self._socket, socket
        _answer(socket, req_id, 0)
        if before is not None:
            event = {"msgtype": "event", "event": {"eventtype": "disconnected_event"}}
            body = {"msgid": "x", "from": {"userid": "sys"}, **event}
            frame = {"cmd": "aibot_event_callback", "headers": {"req_id": "x"}, "body": body}
            with suppress(ConnectionClosed, OSError):
                before.send(json.dumps(frame))
                before.close()

    def _take(self, frame: dict[str, Any]) -> int:
        command, req_id, body = frame["cmd"], frame["headers"]["req_id"], frame["body"]
        if command == "aibot_send_msg":
            if body["chatid"] not in self._written:
                return 846604
            self.pushes.append(body)
            return 0
        if req_id not in self._asked:
            return 846605
        if command == "aibot_respond_msg" and "stream" in body:
            return self._stream(self._asked[req_id], body)
        self.told.append(frame)
        return 0

    def _stream(self, asked: datetime, body: dict[str, Any]) -> int:
        stream = body["stream"]
        known = self.streams.get(stream["id"])
        if self.clock.now() - asked > STREAM_LASTS:
            return 846608
        if known is not None and known["finish"] and known["content"] != stream["content"]:
            return 846608
        if not 0 < len(stream["content"].encode()) <= STREAM_BYTES:
            return 40058
        self.streams[stream["id"]] = {**stream, "card": body.get("template_card")}
        return 0


def _answer(socket: ServerConnection, req_id: str, errcode: int) -> None:
    said = {"headers": {"req_id": req_id}, "errcode": errcode, "errmsg": "no" if errcode else "ok"}
    with suppress(ConnectionClosed, OSError):
        socket.send(json.dumps(said))
