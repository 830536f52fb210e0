"""Who is at the page: a random name in a signed cookie, nothing else."""

import hashlib
import hmac
import re
import secrets

from fastapi import Request, Response

from channels.web.settings import CHANNEL, WebSettings
from core.domain.conversations import Address

COOKIE = "keqiao_visitor"
_YEAR = 365 * 24 * 3600
_NAME = re.compile(r"[0-9a-f]{24}")


class Visitors:
    """Reads and writes the cookie; one that was not signed here is nobody's."""

    def __init__(self, settings: WebSettings) -> None:
        if not settings.secret:
            raise ValueError("the secret that signs visitor cookies is empty")
        self._secret = settings.secret.encode()
        self._secure = settings.secure_cookies

    def recognise(self, request: Request, response: Response) -> Address:
        """The visitor's address; a stranger gets a new one, and the cookie in `response`."""
        known = self._verified(request.cookies.get(COOKIE, ""))
        name = known or secrets.token_hex(12)
        if known is None:
            response.set_cookie(
                COOKIE,
                f"{name}.{self._signature(name)}",
                max_age=_YEAR,
                httponly=True,
                samesite="lax",
                secure=self._secure,
            )
        return Address(channel=CHANNEL, user=name)

    def _verified(self, cookie: str) -> str | None:
        name, _, signature = cookie.partition(".")
        genuine = hmac.compare_digest(self._signature(name).encode(), signature.encode())
        return name if genuine and _NAME.fullmatch(name) else None

    def _signature(self, name: str) -> str:
        return hmac.new(self._secret, f"visitor:{name}".encode(), hashlib.sha256).hexdigest()
