"""Who is at the page: a random name in a signed cookie, nothing else."""

import hashlib
import hmac
import re
import secrets

from fastapi import Request, Response

from channels.web.settings import CHANNEL, WebSettings
from core.domain.conversations import Address

COOKIE = "keqiao_visitor"
FRAME_COOKIE = "keqiao_widget"
"""Of a visitor in a frame on another site: its own for each such site (`Partitioned`, CHIPS)."""
_YEAR = 365 * 24 * 3600
_NAME = re.compile(r"[0-9a-f]{24}")


def _from_us(request: Request) -> bool:
    """Whether our own page asks: other sites' requests may bring the frame's cookie as well."""
    site = request.headers.get("sec-fetch-site")
    return site == "same-origin" or (site is None and request.method == "GET")


class Visitors:
    """Reads and writes the cookie; one that was not signed here is nobody's."""

    def __init__(self, settings: WebSettings) -> None:
        if not settings.secret:
            raise ValueError("the secret that signs visitor cookies is empty")
        self._secret = settings.secret.encode()
        self._secure = settings.secure_cookies

    def recognise(self, request: Request, response: Response) -> Address:
        """The visitor's address; a stranger gets a new one, and the cookie in `response`."""
        known = self._known(request) or (self._in_frame(request) if _from_us(request) else None)
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

    def seat(self, request: Request, response: Response) -> Address:
        """The address of a visitor in a frame on another site's page, with a cookie for there.

        `Secure` as browsers demand it there: the frame works over https, and on loopback.
        """
        known = self._known(request)
        name = known or self._in_frame(request) or secrets.token_hex(12)
        if known is None:
            cookie = f"{FRAME_COOKIE}={name}.{self._signature(name)}"
            kind = f"Max-Age={_YEAR}; Path=/; HttpOnly; Secure; SameSite=None; Partitioned"
            response.headers.append("Set-Cookie", f"{cookie}; {kind}")
        return Address(channel=CHANNEL, user=name)

    def _known(self, request: Request) -> str | None:
        return self._verified(request.cookies.get(COOKIE, ""))

    def _in_frame(self, request: Request) -> str | None:
        return self._verified(request.cookies.get(FRAME_COOKIE, ""))

    def _verified(self, cookie: str) -> str | None:
        name, _, signature = cookie.partition(".")
        genuine = hmac.compare_digest(self._signature(name).encode(), signature.encode())
        return name if genuine and _NAME.fullmatch(name) else None

    def _signature(self, name: str) -> str:
        return hmac.new(self._secret, f"visitor:{name}".encode(), hashlib.sha256).hexdigest()
