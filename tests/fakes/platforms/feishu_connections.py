"""Feishu's end of long connections, with a writer and a reader of frames of its own."""

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from itertools import count
from typing import Any
from urllib.parse import parse_qs, urlsplit

from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response
from websockets.sync.server import ServerConnection, serve

from tests.fakes.platforms.feishu import FakeFeishu


def varint(value: int) -> bytes:
    """A number as protobuf writes it."""
    more = b""
    while value > 127:
        more += bytes([value % 128 + 128])
        value //= 128
    return more + bytes([value])


def text(number: int, value: bytes) -> bytes:
    """A field of bytes."""
    return varint(number * 8 + 2) + varint(len(value)) + value


def written(method: int, headers: Mapping[str, str], payload: bytes) -> bytes:
    """A frame."""
    numbers = b"".join(varint(at * 8) + varint(n) for at, n in enumerate((11, 12, 7, method), 1))
    pairs = (text(1, k.encode()) + text(2, v.encode()) for k, v in headers.items())
    rest = text(8, payload) if payload else b""
    return numbers + b"".join(text(5, pair) for pair in pairs) + rest + text(9, b"log")


def read(frame: bytes) -> dict[int, list[Any]]:
    """The fields of a message, by number."""
    fields: dict[int, list[Any]] = {}
    left = iter(frame)

    def number() -> int:
        value, shift = 0, 0
        while True:
            one = next(left)
            value += (one & 127) << shift
            shift += 7
            if one < 128:
                return value

    while True:
        try:
            tag = number()
        except StopIteration:
            return fields
        size = number()
        value = bytes(next(left) for _ in range(size)) if tag % 8 == 2 else size
        fields.setdefault(tag // 8, []).append(value)


def headers_of(fields: Mapping[int, list[Any]]) -> dict[str, str]:
    """The headers of a frame that was read."""
    pairs = [read(one) for one in fields.get(5, [])]
    return {pair[1][0].decode(): pair[2][0].decode() for pair in pairs}


class Connections:
    """Takes connections that were promised, and pushes over the newest."""

    def __init__(self, fake: FakeFeishu) -> None:
        self.open: list[ServerConnection] = []
        self.opened = 0
        self.pings = 0
        self.refused = 0
        self.acknowledged: dict[str, dict[str, Any]] = {}
        """The answers to events, by the message's id."""
        self._fake = fake
        self._numbers = count(1)
        self._lock = threading.Lock()

    def push(self, event: object, *, parts: int = 1, kind: str = "event") -> str:
        """Push an event in so many frames; the message's id."""
        name = f"message{next(self._numbers)}"
        body = json.dumps(event, ensure_ascii=False).encode()
        size = -(-len(body) // parts)
        for seq in range(parts):
            self.push_part(name, body[seq * size : (seq + 1) * size], parts, seq, kind=kind)
        return name

    def push_part(
        self, name: str, body: bytes, many: int, seq: int, *, kind: str = "event"
    ) -> None:
        """Push one frame of an event."""
        headers = {"type": kind, "message_id": name, "trace_id": "t"}
        self.open[-1].send(written(1, {**headers, "sum": str(many), "seq": str(seq)}, body))

    def admit(self, connection: ServerConnection, request: Request) -> Response | None:
        """Let in whom a place was promised."""
        device = parse_qs(urlsplit(request.path).query).get("device_id", [""])[0]
        if device in self._fake.devices:
            self._fake.devices.remove(device)
            return None
        self.refused += 1
        return connection.respond(401, "no\n")

    def attend(self, socket: ServerConnection) -> None:
        """Hear one connection until it ends."""
        with self._lock:
            self.open.append(socket)
            self.opened += 1
        with suppress(ConnectionClosed, OSError):
            for frame in socket:
                assert isinstance(frame, bytes)
                self._hear(socket, read(frame))
        with self._lock:
            self.open.remove(socket)

    def _hear(self, socket: ServerConnection, fields: Mapping[int, list[Any]]) -> None:
        headers = headers_of(fields)
        if fields[4] == [0]:
            assert headers == {"type": "ping"}
            assert fields[3] == [7]
            self.pings += 1
            socket.send(written(0, {"type": "pong"}, b'{"PingInterval": 90}'))
            return
        assert int(headers["biz_rt"]) >= 0
        self.acknowledged[headers["message_id"]] = json.loads(fields[8][0])


@contextmanager
def taking_connections(fake: FakeFeishu) -> Iterator[Connections]:
    """Feishu's end of connections, as long as the block lasts."""
    connections = Connections(fake)
    with serve(
        connections.attend, "127.0.0.1", 0, process_request=connections.admit, close_timeout=1
    ) as server:
        fake.endpoint = f"ws://127.0.0.1:{server.socket.getsockname()[1]}/ws/v2"
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield connections
        for one in list(connections.open):
            one.close()
        server.shutdown()
        thread.join()
