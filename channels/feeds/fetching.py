"""One GET to an address of the settings, and to no other."""

import threading
import time
from dataclasses import dataclass
from queue import Empty, SimpleQueue

import httpx2

from channels.errors import FeedError
from channels.outgoing import Pinned, make_client, pin
from core.domain.errors import RefusedSendError, RetrySendError

MOST_BYTES = 20_000_000
"""How much of a body is read; a source with more is refused."""
SECONDS = 30.0
"""How long a pull may take in all, whatever trickles in."""
_STEP_SECONDS = 15.0
_LONGEST_STAMP = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What an address gave; `body` None when it says that nothing has changed."""

    body: bytes | None
    etag: str = ""
    modified: str = ""


def fetch(
    url: str,
    *,
    internal: bool = False,
    etag: str = "",
    modified: str = "",
    seconds: float = SECONDS,
) -> Fetched:
    """Get the address; with `etag` and `modified` of the last time it may say that all is as was.

    `internal` allows addresses of the own machine and network.

    Raises:
        FeedError: why nothing came.
    """
    pinned = _pinned(url, internal=internal)
    asked = {"If-None-Match": etag, "If-Modified-Since": modified}
    headers = {**pinned.headers, **{name: value for name, value in asked.items() if value}}
    answers: SimpleQueue[Fetched | Exception] = SimpleQueue()
    deadline = time.monotonic() + seconds

    def exchange() -> None:
        try:
            with (
                make_client(_STEP_SECONDS) as client,
                client.stream(
                    "GET", pinned.url, headers=headers, extensions=pinned.extensions
                ) as response,
            ):
                answers.put(_read(response, deadline))
        except Exception as error:  # noqa: BLE001 -- raised again by who waits for it
            answers.put(error)

    # The client's own time-outs hold for one step each: only who waits outside can end them all.
    threading.Thread(target=exchange, name="feed", daemon=True).start()
    try:
        return _taken(answers.get(timeout=seconds))
    except Empty:
        raise FeedError("slow") from None


def _pinned(url: str, *, internal: bool) -> Pinned:
    try:
        parsed = httpx2.URL(url)
        if parsed.scheme not in {"http", "https"} or not parsed.host:
            raise FeedError("unusable")
        return pin(parsed, to=parsed.host, internal=internal)
    except httpx2.InvalidURL:
        raise FeedError("unusable") from None
    except RetrySendError:
        raise FeedError("unresolved") from None
    except RefusedSendError:
        raise FeedError("forbidden") from None


def _taken(answer: Fetched | Exception) -> Fetched:
    if isinstance(answer, Fetched):
        return answer
    if isinstance(answer, FeedError):
        raise answer
    slow = isinstance(answer, httpx2.TimeoutException)
    raise FeedError("slow" if slow else "unreachable") from None


def _read(response: httpx2.Response, deadline: float) -> Fetched:
    if response.status_code == httpx2.codes.NOT_MODIFIED:
        return Fetched(body=None)
    if response.is_redirect:
        raise FeedError("redirected")
    if response.status_code != httpx2.codes.OK:
        raise FeedError("status", str(response.status_code))
    parts: list[bytes] = []
    size = 0
    for chunk in response.iter_raw():
        size += len(chunk)
        if size > MOST_BYTES:
            raise FeedError("too_large")
        if time.monotonic() > deadline:
            raise FeedError("slow")
        parts.append(chunk)
    return Fetched(
        body=b"".join(parts),
        etag=response.headers.get("etag", "")[:_LONGEST_STAMP],
        modified=response.headers.get("last-modified", "")[:_LONGEST_STAMP],
    )
