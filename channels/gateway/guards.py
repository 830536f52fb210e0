"""What stands before every route: limits on bodies and addresses, and protecting headers."""

from collections.abc import Collection, Mapping

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from channels.rates import TokenBuckets
from channels.refusals import refusal

_DRAINED = 4 * 1024 * 1024
"""How much of an oversized body is read and thrown away, so that the refusal can be read."""

_UNCOUNTED = ("/healthz", "/static/")

SECURITY_HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; frame-src 'self'; manifest-src 'self'; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'self'"
    ),
    "Cache-Control": "no-cache",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "SAMEORIGIN",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


def _framed_by(origins: tuple[str, ...]) -> Mapping[str, str]:
    """The headers of what pages of these origins may frame; `X-Frame-Options` knows no list."""
    headers = dict(SECURITY_HEADERS)
    del headers["X-Frame-Options"]
    policy = headers["Content-Security-Policy"]
    ancestors = " ".join(("frame-ancestors 'self'", *origins))
    headers["Content-Security-Policy"] = policy.replace("frame-ancestors 'self'", ancestors)
    return headers


class BodyCap:
    """Reads the body up to `limit` bytes before the application sees any of it.

    Not under paths that bring their own pages: they take files, and cap them themselves.
    """

    def __init__(self, app: ASGIApp, limit: int, except_under: tuple[str, ...] = ()) -> None:
        self._app = app
        self._limit = limit
        self._except_under = except_under

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if (
            scope["type"] != "http"
            or not _has_body(scope)
            or scope["path"].startswith(self._except_under)
        ):
            await self._app(scope, receive, send)
            return
        body, size, more = b"", 0, True
        while more and size <= _DRAINED:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            size += len(message.get("body", b""))
            if size <= self._limit:
                body += message.get("body", b"")
            more = message.get("more_body", False)
        if size > self._limit:
            await refusal(413, "body_too_large")(scope, receive, send)
            return
        await self._app(scope, _replay(body, receive), send)


def _has_body(scope: Scope) -> bool:
    names = {name for name, _ in scope["headers"]}
    return b"content-length" in names or b"transfer-encoding" in names


def _replay(body: bytes, receive: Receive) -> Receive:
    told = False

    async def replayed() -> Message:
        nonlocal told
        if told:
            return await receive()
        told = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replayed


class AddressLimit:
    """Holds one network address to a rate, writes and reads apart; cheap routes are free.

    What is posted to the paths `except_for` is counted behind them, where it is known who writes.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        writes: TokenBuckets,
        reads: TokenBuckets,
        except_for: Collection[str] = (),
    ) -> None:
        self._app = app
        self._writes = writes
        self._reads = reads
        self._except_for = except_for

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        wait = self._take(scope) if scope["type"] == "http" else 0
        if wait:
            await refusal(429, "too_many", retry_after=wait)(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _take(self, scope: Scope) -> float:
        path, method = scope["path"], scope["method"]
        if path.startswith(_UNCOUNTED) or (method == "POST" and path in self._except_for):
            return 0
        buckets = self._reads if method in {"GET", "HEAD"} else self._writes
        return buckets.take((scope.get("client") or ("",))[0])


class SecurityHeaders:
    """Adds the protecting headers to answers, except under paths that bring their own pages.

    Pages of the origins `framed_by` may frame what lies under `framed_under`; nobody else may.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        except_under: tuple[str, ...] = (),
        framed_under: tuple[str, ...] = (),
        framed_by: tuple[str, ...] = (),
    ) -> None:
        self._app = app
        self._except_under = except_under
        self._framed_under = framed_under if framed_by else ()
        self._framed = _framed_by(framed_by)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http" or scope["path"].startswith(self._except_under):
            await self._app(scope, receive, send)
            return

        framed = scope["path"].startswith(self._framed_under)
        protecting = self._framed if framed else SECURITY_HEADERS

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in protecting.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, guarded)
