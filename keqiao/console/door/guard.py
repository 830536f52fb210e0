"""The guard of everything under `/console`: pages, files, uploads, and the pages' socket.

A visit is a cookie that scripts cannot read and other sites cannot send; whatever changes
something must come from a page of this site besides, because sockets know no same-site rule.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from urllib.parse import quote

from anyio import CapacityLimiter, to_thread
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from channels.errors import RefusedRequestError
from channels.rates import Rate, TokenBuckets
from channels.refusals import refusal
from core.ports.clock import Clock
from core.services.operating.visiting import Recognise, SignIn, SignOut
from keqiao.console.door.page import sign_in_page
from keqiao.console.door.requests import (
    COOKIE,
    UNDER,
    capped,
    comes_from_here,
    inside,
    is_ours,
    read_form,
    token_of,
)

SIGN_IN, SIGN_OUT = f"{UNDER}/login", f"{UNDER}/logout"
HASHED_AT_ONCE = 2
"""Passwords looked at at the same time: each takes 32 MiB and a tenth of a second."""

HEADERS: Mapping[str, str] = {
    # Pages of NiceGUI are put together in the browser: their templates need eval, their styles
    # stand in the page. Nothing is fetched from elsewhere, and nobody may frame them.
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
        "style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; "
        "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


@dataclass(frozen=True, kw_only=True)
class Entrance:
    """What the guard needs: the use cases of the door, and how fast one may try."""

    sign_in: SignIn
    recognise: Recognise
    sign_out: SignOut
    clock: Clock
    idle: timedelta
    secure: bool
    address_rate: Rate = field(default_factory=lambda: Rate(burst=10, per_second=1 / 20))
    name_rate: Rate = field(default_factory=lambda: Rate(burst=20, per_second=1 / 20))


class Guard:
    """Middleware: leads `inside` whom it lets pass, with `operator` and `token` in the scope."""

    def __init__(self, app: ASGIApp, *, entrance: Entrance, inside: ASGIApp) -> None:
        self._app = app
        self._inside = inside
        self._entrance = entrance
        self._addresses = TokenBuckets(entrance.address_rate, entrance.clock)
        self._names = TokenBuckets(entrance.name_rate, entrance.clock)
        self._hashing: CapacityLimiter | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] not in {"http", "websocket"} or not is_ours(scope["path"]):
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._socket(scope, receive, send)
        else:
            await self._page(scope, receive, partial(_with_headers, send))

    async def _socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        if comes_from_here(scope) and await self._let_pass(scope):
            await self._inside(scope, receive, send)
            return
        await receive()
        await send({"type": "websocket.close", "code": 4401})

    async def _page(self, scope: Scope, receive: Receive, send: Send) -> None:
        changes = scope["method"] not in {"GET", "HEAD"}
        answer: Response | None = None
        if changes and not comes_from_here(scope):
            answer = sign_in_page(target=UNDER + "/", refused="elsewhere", status=403)
        elif scope["path"] in {SIGN_IN, SIGN_OUT}:
            answer = await self._at_the_door(scope, receive)
        elif not await self._let_pass(scope):
            answer = _turned_away(scope)
        if answer is None:
            await self._inside(scope, capped(scope, receive), send)
        else:
            await answer(scope, receive, send)

    async def _let_pass(self, scope: Scope) -> bool:
        token = token_of(scope)
        operator = await to_thread.run_sync(self._entrance.recognise, token) if token else None
        scope["operator"], scope["token"] = operator, token
        return operator is not None

    async def _at_the_door(self, scope: Scope, receive: Receive) -> Response:
        if scope["path"] == SIGN_OUT:
            if scope["method"] != "POST":
                return RedirectResponse(UNDER + "/", status_code=303)
            await to_thread.run_sync(self._entrance.sign_out, token_of(scope))
            answer = RedirectResponse(SIGN_IN, status_code=303)
            answer.delete_cookie(COOKIE, path=UNDER)
            return answer
        request = Request(scope)
        if scope["method"] in {"GET", "HEAD"}:
            refused = "over" if "over" in request.query_params else ""
            return sign_in_page(
                target=inside(request.query_params.get("next", "")), refused=refused
            )
        try:
            form = await read_form(receive)
        except RefusedRequestError as error:
            return refusal(error.status, error.code)
        return await self._signed_in(request, form)

    async def _signed_in(self, request: Request, form: Mapping[str, str]) -> Response:
        name, target = form.get("name", "").strip(), inside(form.get("next", ""))
        address = request.client.host if request.client else ""
        page = partial(sign_in_page, target=target, name=name)
        if self._addresses.take(address) or self._names.take(name):
            return page(refused="too_many", status=429)
        if self._hashing is None:  # only a running loop can make one
            self._hashing = CapacityLimiter(HASHED_AT_ONCE)
        attempt = partial(self._entrance.sign_in, name, form.get("password", ""), note=address)
        token = await to_thread.run_sync(attempt, limiter=self._hashing)
        if token is None:
            return page(refused="wrong", status=401)
        answer = RedirectResponse(target, status_code=303)
        answer.set_cookie(
            COOKIE,
            token,
            path=UNDER,
            httponly=True,
            samesite="strict",
            secure=self._entrance.secure,
        )
        return answer


def _turned_away(scope: Scope) -> Response:
    """To the sign-in page, for who reads pages; a plain no for the rest."""
    if "text/html" not in Headers(scope=scope).get("accept", ""):
        return PlainTextResponse("sign in first", status_code=401)
    query = scope["query_string"].decode("latin-1")
    target = scope["path"] + (f"?{query}" if query else "")
    return RedirectResponse(f"{SIGN_IN}?next={quote(target)}", status_code=303)


async def _with_headers(send: Send, message: Message) -> None:
    if message["type"] == "http.response.start":
        headers = MutableHeaders(scope=message)
        for name, value in HEADERS.items():
            headers[name] = value
        if "cache-control" not in headers:
            headers["Cache-Control"] = "no-store"
    await send(message)
