"""Requests that leave the house: one kind of client, secrets kept out of logs, errors sorted."""

import logging
import re
import socket
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from ipaddress import IPv4Address, IPv6Address, ip_address
from queue import Empty, SimpleQueue
from typing import Any, override
from urllib.parse import urlsplit

import httpx2

from core.domain.errors import RefusedSendError, RetrySendError, SendError, UnknownSendError

_SECRET = re.compile(
    r"([?&](?:key|token|access_token|secret|corpsecret|response_code|session|sign|ticket)="
    r"|/bot/v2/hook/)[^&\s\"'?]+"
)

_NOT_ARRIVED = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout)
_READ = ("content-type", "retry-after", "x-ogw-ratelimit-reset")
_LONGEST_WAIT = timedelta(hours=10)

MOST_BYTES = 64 * 1024
"""How much of an answer's body is read; none that means anything here is longer."""

LONGEST_SECONDS = 30.0
"""How long one request may take in all, whatever trickles in: well within a delivery's lease."""


class _Redaction(logging.Filter):
    @override
    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = redacted(record.getMessage())
        record.args = ()
        return True


_redaction = _Redaction()


def redacted(text: str) -> str:
    """The text with the values of secret query parameters struck out."""
    return _SECRET.sub(r"\1***", text)


def make_client(timeout: float, transport: httpx2.BaseTransport | None = None) -> httpx2.Client:
    """A client that follows no redirects, takes no proxy from outside and logs no secret."""
    logging.getLogger("httpx2").addFilter(_redaction)
    return httpx2.Client(
        headers={"accept-encoding": "identity"},  # nothing that grows while it is read
        timeout=httpx2.Timeout(timeout, connect=min(timeout, 5.0)),
        follow_redirects=False,
        trust_env=False,
        transport=transport,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Pinned:
    """A URL whose host has been resolved once: the request goes to just that address.

    `https` still demands the certificate of the name.
    """

    url: httpx2.URL
    headers: dict[str, str]
    extensions: dict[str, str]


def pin(url: httpx2.URL, *, to: str, internal: bool) -> Pinned:
    """Resolve the host; `internal` allows addresses of the own machine and network.

    Raises:
        RetrySendError: the name cannot be resolved now.
        RefusedSendError: it leads where a message must not go.
    """
    port = url.port or (443 if url.scheme == "https" else 80)
    try:
        found = socket.getaddrinfo(url.host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise RetrySendError(f"the host of {to} cannot be resolved: {error.strerror}") from None
    addresses = [ip_address(str(one[4][0]).partition("%")[0]) for one in found]
    addresses.sort(key=lambda address: address.version)  # IPv4 is reachable from everywhere
    for address in addresses:
        if address.is_multicast or not (address.is_global or (internal and _inside(address))):
            raise RefusedSendError(f"the host of {to} leads to {address}, which is not allowed")
    return Pinned(
        url=url.copy_with(host=str(addresses[0])),
        headers={"host": url.netloc.decode()},
        extensions={"sni_hostname": url.host},
    )


def demand_kin(address: str, base: str) -> None:
    """Demand that a platform sends us to itself: the API's host, or one of its own domain.

    Raises:
        RefusedSendError: it does not, or to a connection less safe than the API's.
    """
    found, known = urlsplit(address), urlsplit(base)
    domain = ".".join((known.hostname or "").split(".")[-2:])
    kin = found.hostname == known.hostname or (found.hostname or "").endswith(f".{domain}")
    safe = found.scheme == "wss" or (found.scheme == "ws" and known.scheme == "http")
    if not kin or not safe:
        raise RefusedSendError(
            f"the platform at {known.hostname} sends us to {found.hostname}: refused"
        )


def _inside(address: IPv4Address | IPv6Address) -> bool:
    # Link-local addresses are where clouds keep the keys of the machine.
    return address.is_loopback or (address.is_private and not address.is_link_local)


def post(
    client: httpx2.Client,
    url: str | httpx2.URL,
    *,
    to: str,
    seconds: float = LONGEST_SECONDS,
    method: str = "POST",
    **options: Any,  # noqa: ANN401 -- handed on to the client
) -> httpx2.Response:
    """Post once, or ask by another `method`; `to` names the recipient in errors, never the URL.

    However the recipient answers, this takes `seconds` at most and keeps `MOST_BYTES` of the body.

    Raises:
        RetrySendError: the request surely did not arrive.
        UnknownSendError: it left, and no answer came.
        RefusedSendError: it cannot be sent at all.
    """
    answers: SimpleQueue[httpx2.Response | Exception] = SimpleQueue()
    deadline = time.monotonic() + seconds

    def exchange() -> None:
        try:
            with client.stream(method, url, **options) as response:
                answers.put(_shortened(response, deadline))
        except Exception as error:  # noqa: BLE001 -- raised again by who waits for it
            answers.put(error)

    # The client's own time-outs hold for one step each: only who waits outside can end them all.
    threading.Thread(target=exchange, name="post", daemon=True).start()
    try:
        return _taken(answers.get(timeout=seconds), to)
    except Empty:
        raise UnknownSendError(f"no answer from {to} within {seconds:g} s") from None


def _shortened(response: httpx2.Response, deadline: float) -> httpx2.Response:
    """The answer with as much of its body as comes in time and may be kept."""
    body = b""
    for chunk in response.iter_raw():
        body += chunk
        if len(body) >= MOST_BYTES or time.monotonic() > deadline:
            break
    headers = {name: response.headers[name] for name in _READ if name in response.headers}
    return httpx2.Response(response.status_code, headers=headers, content=body[:MOST_BYTES])


def _taken(answer: httpx2.Response | Exception, to: str) -> httpx2.Response:
    if isinstance(answer, httpx2.Response):
        return answer
    try:
        raise answer
    except _NOT_ARRIVED as error:
        raise RetrySendError(f"{to} cannot be reached: {type(error).__name__}") from None
    except (httpx2.UnsupportedProtocol, httpx2.LocalProtocolError, httpx2.InvalidURL):
        raise RefusedSendError(f"the address configured for {to} is not usable") from None
    except httpx2.HTTPError as error:
        raise UnknownSendError(f"no answer from {to}: {type(error).__name__}") from None


def retry_after(response: httpx2.Response, now: datetime) -> timedelta | None:
    """What `Retry-After` asks for, in seconds or as a date; None when it asks nothing usable."""
    value = response.headers.get("retry-after", "").strip()
    if value.isdigit():
        return min(timedelta(seconds=int(value[:9])), _LONGEST_WAIT)
    try:
        at = parsedate_to_datetime(value)
    except ValueError:
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return min(max(at - now, timedelta(0)), _LONGEST_WAIT)


def send_in_order[T](parts: Sequence[T], send: Callable[[T], None], *, whom: str) -> None:
    """Send the parts of a message to a platform that has no idempotency key.

    Raises:
        SendError: the first part's own error: the message has not arrived.
        UnknownSendError: a later one failed; another attempt would begin anew.
    """
    for number, part in enumerate(parts):
        try:
            send(part)
        except SendError as error:
            if number == 0:
                raise
            said = f"{whom} has {number} of {len(parts)} parts, and then: {error}"
            raise UnknownSendError(said) from None
