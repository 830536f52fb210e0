"""Posting to neighbours that answer badly: without end, drop by drop, or blown up."""

import gzip
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import httpx2
import pytest

from channels.outgoing import MOST_BYTES, make_client, post
from core.domain.errors import UnknownSendError

HEAD = b"HTTP/1.1 200 OK\r\nRetry-After: 7\r\n"


@contextmanager
def neighbour(first: bytes, then: bytes = b"", pause: float = 0.0) -> Iterator[str]:
    """Answers every request with `first`, and then with `then` again and again."""
    listener = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()

    def serve() -> None:
        with suppress(OSError):
            taken, _ = listener.accept()
            with taken:
                taken.recv(65536)
                taken.sendall(first)
                while then and not over.wait(pause):
                    taken.sendall(then)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}/in"
    over.set()
    listener.close()
    thread.join(5)


@pytest.fixture
def client() -> Iterator[httpx2.Client]:
    with make_client(5.0) as made:
        yield made


def ask(client: httpx2.Client, url: str, seconds: float = 1.0) -> httpx2.Response:
    return post(client, url, to="the neighbour", seconds=seconds, json={})


def test_of_a_body_without_end_only_the_beginning_is_read(client: httpx2.Client) -> None:
    with neighbour(HEAD + b"\r\n", b"x" * 10_000) as url:
        response = ask(client, url)
    assert response.status_code == 200
    assert response.headers["retry-after"] == "7"
    assert len(response.content) == MOST_BYTES


@pytest.mark.parametrize(
    "head", [HEAD + b"\r\n", b"HTTP/1.1 200 OK\r\nX: "], ids=["body", "headers"]
)
def test_an_answer_that_comes_drop_by_drop_is_not_waited_for(
    client: httpx2.Client, head: bytes
) -> None:
    began = time.monotonic()
    with (
        neighbour(head, b"x", pause=0.05) as url,
        pytest.raises(UnknownSendError, match=r"within 0\.4 s"),
    ):
        ask(client, url, seconds=0.4)
    assert time.monotonic() - began < 2


def test_nothing_is_unpacked(client: httpx2.Client) -> None:
    packed = gzip.compress(bytes(5_000_000))
    head = HEAD + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(packed)
    with neighbour(head + packed) as url:
        assert ask(client, url).content == packed
