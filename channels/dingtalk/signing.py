"""How DingTalk signs: what its robot brings with the AppSecret, a group robot's with its own.

The signature covers the time and nothing else: that a body is whole is TLS's promise, and that it
is taken once is the inbox's.
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from core.domain.errors import BadInputError

WINDOW = timedelta(minutes=5)
"""DingTalk allows an hour; its robot does not bring a message twice, so five minutes do."""

_MOST_DIGITS = 15


class BadSignatureError(BadInputError):
    """A request that is not from DingTalk, or not just now."""


def sign(secret: str, timestamp: str) -> str:
    """The signature of a time in milliseconds."""
    said = f"{timestamp}\n{secret}".encode("utf-8", "surrogatepass")
    return base64.b64encode(hmac.new(secret.encode(), said, hashlib.sha256).digest()).decode()


def verify(headers: Mapping[str, str], secret: str, now: datetime) -> None:
    """Demand that a request is DingTalk's.

    Raises:
        BadSignatureError: a header is missing or malformed, the time is outside the window, or
            the signature does not fit.
    """
    timestamp = headers.get("timestamp", "")
    if abs(now - _time(timestamp)) > WINDOW:
        raise BadSignatureError("the timestamp is outside the window")
    offered = headers.get("sign", "").encode("utf-8", "surrogatepass")
    if not hmac.compare_digest(sign(secret, timestamp).encode(), offered):
        raise BadSignatureError("the signature does not fit")


def signed(secret: str | None, at: datetime) -> dict[str, str]:
    """What is added to a group robot's address, where it demands a signature."""
    if secret is None:
        return {}
    timestamp = str(int(at.timestamp() * 1000))
    return {"timestamp": timestamp, "sign": sign(secret, timestamp)}


def _time(text: str) -> datetime:
    if not (text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS):
        raise BadSignatureError("the timestamp is missing or no number of milliseconds")
    try:
        return datetime.fromtimestamp(int(text) / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        raise BadSignatureError("the timestamp is no time") from None
