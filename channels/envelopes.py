"""Sealed callbacks of the WX family: 公众号, 企业微信 and 钉钉 share this scheme.

A message is `random(16) | length(4, big-endian) | text | receive id`, padded to 32 bytes, under
AES-256-CBC with the key's first half as IV, in base64; its signature is the SHA-1 of token,
timestamp, nonce and that base64, sorted and joined.
"""

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

from core.domain.errors import BadInputError

_BLOCK = 32
_RANDOM = 16
_HEAD = _RANDOM + 4
_KEY_CHARS = 43


class BadEnvelopeError(BadInputError):
    """A callback that is not sealed by who it says it is from, or not for us."""


def signature(*parts: str) -> str:
    """The family's signature of these parts; the token is one of them."""
    joined = b"".join(sorted(part.encode("utf-8", "surrogatepass") for part in parts))
    return hashlib.sha1(joined).hexdigest()  # noqa: S324 -- the platforms' choice


def signed_by(offered: str, *parts: str) -> bool:
    """Whether `offered` is the signature of these parts, told in constant time."""
    given = offered.encode("utf-8", "surrogatepass")
    return hmac.compare_digest(signature(*parts).encode(), given)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """A sealed message and what goes with it."""

    encrypt: str
    signature: str
    timestamp: str
    nonce: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelopes:
    """Opens and seals with one token; of `keys` (EncodingAESKey) the first seals and any opens.

    More than one is in force while a key is being changed. `receive_id` is whom messages are for:
    an AppID, a CorpID, a SuiteID; empty for smart robots.
    """

    token: str = field(repr=False)
    keys: Sequence[str] = field(repr=False)
    receive_id: str

    def __post_init__(self) -> None:
        """Look at the keys.

        Raises:
            BadInputError: one of them cannot be used, or there is none.
        """
        if not self.keys or not self.token:
            raise BadInputError("a sealed callback needs a token and an EncodingAESKey")
        for key in self.keys:
            _key(key)

    def open(self, encrypt: str, *, signature: str, timestamp: str, nonce: str) -> bytes:
        """The text of a sealed message.

        Raises:
            BadEnvelopeError: the signature does not fit, no key opens it, or it is not for us.
        """
        if not signed_by(signature, self.token, timestamp, nonce, encrypt):
            raise BadEnvelopeError("msg_signature does not fit")
        try:
            sealed = base64.b64decode(encrypt, validate=True)
        except (binascii.Error, ValueError):
            raise BadEnvelopeError("the sealed message is not base64") from None
        if not sealed or len(sealed) % _RANDOM:
            raise BadEnvelopeError("the sealed message is not of whole blocks")
        receiver = self.receive_id.encode()
        for key in self.keys:
            text = _text(_decrypt(_key(key), sealed), receiver)
            if text is not None:
                return text
        raise BadEnvelopeError("no key opens the message, or it is for somebody else")

    def seal(
        self, text: bytes, *, timestamp: str, nonce: str, random: bytes | None = None
    ) -> Sealed:
        """Seal a text; `random` (16 bytes) is drawn anew unless it is given.

        Raises:
            BadInputError: `random` is not of 16 bytes.
        """
        head = secrets.token_bytes(_RANDOM) if random is None else random
        if len(head) != _RANDOM:
            raise BadInputError("the random head of a sealed message has 16 bytes")
        whole = head + len(text).to_bytes(4) + text + self.receive_id.encode()
        padding = _BLOCK - len(whole) % _BLOCK
        key = _key(self.keys[0])
        encryptor = Cipher(AES(key), CBC(key[:_RANDOM])).encryptor()
        sealed = encryptor.update(whole + bytes([padding]) * padding) + encryptor.finalize()
        encrypt = base64.b64encode(sealed).decode()
        signed = signature(self.token, timestamp, nonce, encrypt)
        return Sealed(encrypt=encrypt, signature=signed, timestamp=timestamp, nonce=nonce)


def _key(encoded: str) -> bytes:
    if len(encoded) != _KEY_CHARS or not encoded.isascii() or not encoded.isalnum():
        raise BadInputError("an EncodingAESKey has 43 letters and digits")
    return base64.b64decode(encoded + "=")


def _decrypt(key: bytes, sealed: bytes) -> bytes:
    decryptor = Cipher(AES(key), CBC(key[:_RANDOM])).decryptor()
    return decryptor.update(sealed) + decryptor.finalize()


def _text(whole: bytes, receiver: bytes) -> bytes | None:
    """What stands between head and receive id; None when it is not of this form."""
    padding = whole[-1]
    if not 1 <= padding <= _BLOCK or whole[-padding:] != bytes([padding]) * padding:
        return None
    body = whole[:-padding]
    end = _HEAD + int.from_bytes(body[_RANDOM:_HEAD])
    if len(body) < _HEAD or end > len(body):
        return None
    fits = hmac.compare_digest(body[end:], receiver)
    return body[_HEAD:end] if fits else None
