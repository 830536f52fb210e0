"""How Feishu signs and seals: events with the Encrypt Key, a robot's messages with its secret."""

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

from core.domain.errors import BadInputError

WINDOW = timedelta(minutes=5)

TIMESTAMP = "x-lark-request-timestamp"
NONCE = "x-lark-request-nonce"
SIGNATURE = "x-lark-signature"

_BLOCK = 16
_MOST_DIGITS = 12
_LONGEST = 128


class BadSealError(BadInputError):
    """A request that is not from whom it says, or not just now, or cannot be opened."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seal:
    """Opens, seals, signs and verifies with one Encrypt Key."""

    key: str = field(repr=False)

    def __post_init__(self) -> None:
        """Look at the key.

        Raises:
            BadInputError: it is empty.
        """
        if not self.key:
            raise BadInputError("Feishu's Encrypt Key is empty: events could not be verified")

    def open(self, encrypt: str) -> bytes:
        """The text of a sealed event: AES-256-CBC, the first block is the IV.

        Raises:
            BadSealError: it was not sealed with this key.
        """
        try:
            sealed = base64.b64decode(encrypt, validate=True)
        except (binascii.Error, ValueError):
            raise BadSealError("the sealed event is not base64") from None
        if len(sealed) < 2 * _BLOCK or len(sealed) % _BLOCK:
            raise BadSealError("the sealed event is not of whole blocks")
        decryptor = Cipher(AES(self._digest()), CBC(sealed[:_BLOCK])).decryptor()
        whole = decryptor.update(sealed[_BLOCK:]) + decryptor.finalize()
        padding = whole[-1]
        if not 1 <= padding <= _BLOCK or whole[-padding:] != bytes([padding]) * padding:
            raise BadSealError("the key does not open the sealed event")
        return whole[:-padding]

    def seal(self, text: bytes) -> str:
        """What `open` opens; every time another."""
        first = secrets.token_bytes(_BLOCK)
        padding = _BLOCK - len(text) % _BLOCK
        encryptor = Cipher(AES(self._digest()), CBC(first)).encryptor()
        sealed = encryptor.update(text + bytes([padding]) * padding) + encryptor.finalize()
        return base64.b64encode(first + sealed).decode()

    def sign(self, timestamp: str, nonce: str, body: bytes) -> str:
        """The signature of a request, over the body as it came."""
        said = f"{timestamp}{nonce}{self.key}".encode("utf-8", "surrogatepass")
        return hashlib.sha256(said + body).hexdigest()

    def verify(self, body: bytes, headers: Mapping[str, str], now: datetime) -> str:
        """The request's nonce (with its time), once it is sure who sent it and that it was now.

        Raises:
            BadSealError: a header is missing or malformed, the time is outside the window, or
                the signature does not fit.
        """
        timestamp, nonce = headers.get(TIMESTAMP, ""), headers.get(NONCE, "")
        if not 0 < len(nonce) <= _LONGEST:
            raise BadSealError("the nonce is missing or too long")
        if abs(now - _time(timestamp)) > WINDOW:
            raise BadSealError("the timestamp is outside the window")
        offered = headers.get(SIGNATURE, "").encode("utf-8", "surrogatepass")
        if not hmac.compare_digest(self.sign(timestamp, nonce, body).encode(), offered):
            raise BadSealError("the signature does not fit")
        return f"{timestamp}:{nonce}"

    def _digest(self) -> bytes:
        return hashlib.sha256(self.key.encode()).digest()


def robot_sign(secret: str, at: datetime) -> dict[str, str]:
    """The fields that sign a message of a group's robot; they hold for an hour."""
    timestamp = str(int(at.timestamp()))
    key = f"{timestamp}\n{secret}".encode()
    sign = base64.b64encode(hmac.new(key, b"", hashlib.sha256).digest()).decode()
    return {"timestamp": timestamp, "sign": sign}


def same(expected: str, offered: str) -> bool:
    """Whether two secrets are the same, told in constant time."""
    return hmac.compare_digest(expected.encode(), offered.encode("utf-8", "surrogatepass"))


def _time(text: str) -> datetime:
    if not (text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS):
        raise BadSealError("the timestamp is missing or no number of seconds")
    try:
        return datetime.fromtimestamp(int(text), UTC)
    except (ValueError, OverflowError, OSError):
        raise BadSealError("the timestamp is no time") from None
