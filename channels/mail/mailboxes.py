"""Addresses of mailboxes: which are good, and the signed links by which each may be left."""

import base64
import binascii
import hashlib
import hmac
import re

from core.domain.errors import BadInputError

PATH = "/mail/unsubscribe"

_LONGEST = 254
_ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LOCAL = re.compile(rf"{_ATOM}(\.{_ATOM})*")
_LABEL = "[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_DOMAIN = re.compile(rf"({_LABEL}\.)+(?=[A-Za-z]){_LABEL}")
_LOCAL_CHARS = 64
_TOKEN = re.compile(r"([\w-]{4,400})\.([0-9a-f]{32})", re.ASCII)


def mailbox(text: str) -> str:
    """The address of one mailbox as it is kept: its domain in small letters.

    What RFC 5321 allows and nobody has (quotes, comments, literals) is refused with the rest.

    Raises:
        BadInputError: it is none.
    """
    local, at, domain = text.strip().rpartition("@")
    good = (
        at
        and len(text) <= _LONGEST
        and len(local) <= _LOCAL_CHARS
        and _LOCAL.fullmatch(local)
        and _DOMAIN.fullmatch(domain)
    )
    if not good:
        raise BadInputError(f"{text[:_LONGEST]!r} is no e-mail address: expected name@host.domain")
    return f"{local}@{domain.lower()}"


def leaving_token(address: str, secret: str) -> str:
    """What stands in the link that ends messages to an address: nobody else can make it."""
    named = base64.urlsafe_b64encode(address.encode()).decode().rstrip("=")
    return f"{named}.{_signature(address, secret)}"


def leaving(token: str, secret: str) -> str | None:
    """The address that a link is for; None when it was not made here."""
    found = _TOKEN.fullmatch(token)
    if found is None or not secret:
        return None
    try:
        padded = found[1] + "=" * (-len(found[1]) % 4)
        address = base64.urlsafe_b64decode(padded).decode()
    except (binascii.Error, ValueError):
        return None
    signed = hmac.compare_digest(found[2], _signature(address, secret))
    return address if signed else None


def _signature(address: str, secret: str) -> str:
    return hmac.new(secret.encode(), f"leave:{address}".encode(), hashlib.sha256).hexdigest()[:32]
