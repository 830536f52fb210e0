"""Links that speak for somebody without a login: they name who it is, and only we make them."""

import base64
import binascii
import hashlib
import hmac
import re

_TOKEN = re.compile(r"([\w-]{2,1000})\.([0-9a-f]{40})", re.ASCII)
_SIGNED_CHARS = 40


def signed(name: str, secret: str, *, use: str) -> str:
    """The end of a link for somebody; `use` keeps it from being good for anything else."""
    written = base64.urlsafe_b64encode(name.encode()).decode().rstrip("=")
    return f"{written}.{_signature(name, secret, use)}"


def name_in(token: str) -> str | None:
    """Whom a link names, whether we made it or not; None when it names nobody."""
    found = _TOKEN.fullmatch(token)
    if found is None:
        return None
    try:
        return base64.urlsafe_b64decode(found[1] + "=" * (-len(found[1]) % 4)).decode()
    except (binascii.Error, ValueError):
        return None


def opened(token: str, secret: str, *, use: str) -> str | None:
    """Whom a link speaks for; None when we did not make it for this use."""
    name = name_in(token)
    if name is None or not secret:
        return None
    offered = token.rpartition(".")[2]
    return name if hmac.compare_digest(offered, _signature(name, secret, use)) else None


def _signature(name: str, secret: str, use: str) -> str:
    made = hmac.new(secret.encode(), f"{use}:{name}".encode(), hashlib.sha256)
    return made.hexdigest()[:_SIGNED_CHARS]
