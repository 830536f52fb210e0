"""Addresses of mailboxes: which are good, and the signed links by which each may be left."""

import re

from channels.links import opened, signed
from core.domain.errors import BadInputError

PATH = "/mail/unsubscribe"

_LONGEST = 254
_ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LOCAL = re.compile(rf"{_ATOM}(\.{_ATOM})*")
_LABEL = "[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_DOMAIN = re.compile(rf"({_LABEL}\.)+(?=[A-Za-z]){_LABEL}")
_LOCAL_CHARS = 64
_USE = "leave"


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
    """What stands in the link that ends messages to an address."""
    return signed(address, secret, use=_USE)


def leaving(token: str, secret: str) -> str | None:
    """The address that a link is for; None when it was not made here."""
    return opened(token, secret, use=_USE)
