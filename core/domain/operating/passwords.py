"""Passwords: sealed with scrypt, compared in constant time.

The cost (N 2**15, r 8, p 1: 32 MiB, some 0.1 s) is that of RFC 7914 for interactive use, doubled
for today's machines. It is written into what is kept, so that it can be raised.
"""

import hashlib
import hmac
import secrets
from base64 import b64decode, b64encode

from core.domain.errors import BadInputError

SHORTEST = 10
"""Characters; NIST SP 800-63B asks for length, not for kinds of characters."""
LONGEST = 200

_COST, _BLOCK, _LANES = 2**15, 8, 1
_MEMORY = 128 * 1024 * 1024


def seal(password: str) -> str:
    """What is kept of a password.

    Raises:
        BadInputError: it is too short or too long.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        raise BadInputError(f"a password has {SHORTEST} to {LONGEST} characters")
    return _sealed(password, secrets.token_bytes(16), (_COST, _BLOCK, _LANES))


def fits(password: str, kept: str) -> bool:
    """Whether that is the password; takes as long when it is not."""
    try:
        _, cost, block, lanes, salt, _ = kept.split("$")
        told = (int(cost), int(block), int(lanes))
        again = _sealed(password[: LONGEST + 1], b64decode(salt), told)
    except ValueError:
        return False
    return hmac.compare_digest(again.encode(), kept.encode())


def nobody() -> str:
    """What no password fits: compared with, so that unknown names take as long as known ones."""
    return _sealed(secrets.token_urlsafe(32), secrets.token_bytes(16), (_COST, _BLOCK, _LANES))


def _sealed(password: str, salt: bytes, told: tuple[int, int, int]) -> str:
    cost, block, lanes = told
    key = hashlib.scrypt(
        password.encode(errors="surrogatepass"),
        salt=salt,
        n=cost,
        r=block,
        p=lanes,
        maxmem=_MEMORY,
    )
    written = "$".join(map(str, told))
    return f"scrypt${written}${b64encode(salt).decode()}${b64encode(key).decode()}"
