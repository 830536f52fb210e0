"""Requests that leave the house: one kind of client, secrets kept out of logs, errors sorted."""

import logging
import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, override

import httpx2

from core.domain.errors import RefusedSendError, RetrySendError, UnknownSendError

_SECRET = re.compile(r"([?&](?:key|token|access_token|secret)=)[^&\s\"']+")

_NOT_ARRIVED = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout)
_LONGEST_WAIT = timedelta(hours=10)


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
        timeout=httpx2.Timeout(timeout, connect=min(timeout, 5.0)),
        follow_redirects=False,
        trust_env=False,
        transport=transport,
    )


def post(client: httpx2.Client, url: str, *, to: str, **options: Any) -> httpx2.Response:  # noqa: ANN401 -- handed on to the client
    """Post once; `to` names the recipient in errors, which never hold the URL.

    Raises:
        RetrySendError: the request surely did not arrive.
        UnknownSendError: it left, and no answer came.
        RefusedSendError: it cannot be sent at all.
    """
    try:
        return client.post(url, **options)
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
