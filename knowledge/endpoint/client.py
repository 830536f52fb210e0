"""The HTTP client that model endpoints are asked with: a reply has an end in time and size."""

import time
from collections.abc import Iterator
from typing import override

import httpx2

from core.domain.errors import UnavailableError

MAX_BYTES = 64 * 1024 * 1024
"""A batch of 64 vectors of 4,096 dimensions takes some 6 MB as JSON."""


class BoundedTransport(httpx2.HTTPTransport):
    """Reads no more than `max_bytes` of a body, and not beyond `total_s` after the request."""

    def __init__(self, total_s: float, max_bytes: int) -> None:
        super().__init__()
        self._total_s = total_s
        self._max_bytes = max_bytes

    @override
    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        ends = time.monotonic() + self._total_s
        response = super().handle_request(request)
        assert isinstance(response.stream, httpx2.SyncByteStream)  # noqa: S101 -- for the types
        response.stream = _Bounded(response.stream, ends, self._max_bytes)
        return response


class _Bounded(httpx2.SyncByteStream):
    def __init__(self, stream: httpx2.SyncByteStream, ends: float, most: int) -> None:
        self._stream = stream
        self._ends = ends
        self._most = most

    @override
    def __iter__(self) -> Iterator[bytes]:
        taken = 0
        for chunk in self._stream:
            taken += len(chunk)
            if taken > self._most:
                raise httpx2.ReadError(f"the reply is longer than {self._most} bytes")
            if time.monotonic() > self._ends:
                raise httpx2.ReadTimeout("the reply does not end in time")
            yield chunk

    @override
    def close(self) -> None:
        self._stream.close()


def bounded_client(total_s: float, *, max_bytes: int = MAX_BYTES) -> httpx2.Client:
    """A client for one endpoint; it follows no redirect, so a key goes nowhere else."""
    return httpx2.Client(
        transport=BoundedTransport(total_s, max_bytes), timeout=total_s, follow_redirects=False
    )


def demand_answer(url: str, within_s: float) -> None:
    """See that a server answers at all, whatever it says.

    Raises:
        UnavailableError: it does not, in time.
    """
    try:
        with bounded_client(within_s) as client:
            client.get(url)
    except (httpx2.HTTPError, httpx2.InvalidURL) as error:
        raise UnavailableError(f"{url} does not answer: {type(error).__name__}") from error
