"""An OpenAI-compatible server on loopback that answers as it is told, hostile answers included."""

import json
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self, override

DIMENSIONS = 16

Said = str | int | dict[str, Any] | bytes | Callable[[dict[str, Any]], "Said"]
"""One answer: the content of a message, an HTTP status, a whole message, a raw body, or what a
function makes of the request."""

DRIP_S = 0.05


def spread(text: str) -> list[float]:
    """A vector in which texts that share characters lie near."""
    vector = [0.0] * DIMENSIONS
    for char in text:
        vector[zlib.crc32(char.encode()) % DIMENSIONS] += 1.0
    return vector


@dataclass
class FakeOpenAI:
    """Serves `/v1/chat/completions` and `/v1/embeddings`, and remembers what was sent.

    `answers` are given to chats one after another, then `otherwise` for ever;
    `embedding_statuses` refuse embeddings one after another. `slow_s` passes
    before every answer, `dripping` sends the body byte by byte, `closing` ends the connection
    without a word. `key`, when given, is demanded.
    """

    key: str | None = None
    answers: list[Said] = field(default_factory=list)
    otherwise: Said = "好的。"
    embed: Callable[[str], list[float]] = spread
    embedding_statuses: list[int] = field(default_factory=list)
    slow_s: float = 0.0
    closing: bool = False
    dripping: bool = False
    chats: list[dict[str, Any]] = field(default_factory=list)
    embedded: list[list[str]] = field(default_factory=list)
    port: int = 0
    _server: ThreadingHTTPServer | None = None

    def __enter__(self) -> Self:
        """Listen, on the same port as before when there was one."""
        self._server = ThreadingHTTPServer(("127.0.0.1", self.port), self._handler())
        self._server.daemon_threads = True
        self.port = self._server.server_port
        poll = {"poll_interval": 0.02}
        threading.Thread(target=self._server.serve_forever, kwargs=poll, daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop listening."""
        assert self._server is not None
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        """The base that settings name."""
        return f"http://127.0.0.1:{self.port}/v1"

    @property
    def sent(self) -> str:
        """Everything that chats were sent, as one text."""
        return json.dumps(self.chats, ensure_ascii=False)

    def respond(self, path: str, authorization: str, request: dict[str, Any]) -> tuple[int, bytes]:
        """Status and body for one request."""
        if self.key is not None and authorization != f"Bearer {self.key}":
            return 401, _error("wrong key")
        if path.endswith("/embeddings"):
            return self._embeddings(request)
        if path.endswith("/chat/completions"):
            self.chats.append(request)
            said = self.answers.pop(0) if self.answers else self.otherwise
            return _chat(said, request)
        return 404, _error("no such path")

    def _embeddings(self, request: dict[str, Any]) -> tuple[int, bytes]:
        texts = request["input"]
        assert all(isinstance(text, str) for text in texts), "tokens instead of texts"
        self.embedded.append(texts)
        if self.embedding_statuses:
            return self.embedding_statuses.pop(0), _error("no")
        rows = [
            {"object": "embedding", "index": at, "embedding": self.embed(text)}
            for at, text in enumerate(texts)
        ]
        usage = {"prompt_tokens": 1, "total_tokens": 1}
        body = {"object": "list", "model": request["model"], "data": rows, "usage": usage}
        return 200, json.dumps(body).encode()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        fake = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers.get("content-length", "0"))
                request = json.loads(self.rfile.read(length))
                authorization = self.headers.get("authorization", "")
                status, body = fake.respond(self.path, authorization, request)
                time.sleep(fake.slow_s)
                if fake.closing:
                    return
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                for part in _dripped(body) if fake.dripping else (body,):
                    self.wfile.write(part)
                    self.wfile.flush()

            @override
            def handle(self) -> None:
                try:
                    super().handle()
                except ConnectionError:
                    self.close_connection = True  # the other side has given up

            @override
            def log_message(self, format: str, *args: object) -> None:
                """Say nothing."""

        return Handler


def _dripped(body: bytes) -> Iterator[bytes]:
    for at in range(len(body)):
        time.sleep(DRIP_S)
        yield body[at : at + 1]


def _error(message: str) -> bytes:
    return json.dumps({"error": {"message": message, "type": "invalid_request_error"}}).encode()


def _chat(said: Said, request: dict[str, Any]) -> tuple[int, bytes]:
    if callable(said):
        return _chat(said(request), request)
    if isinstance(said, int):
        return said, _error("no")
    if isinstance(said, bytes):
        return 200, said
    message = {"role": "assistant", "content": said} if isinstance(said, str) else said
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    usage = {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}
    body = {
        "id": "chat-1",
        "object": "chat.completion",
        "created": 1,
        "model": request["model"],
        "choices": [choice],
        "usage": usage,
    }
    return 200, json.dumps(body).encode()
