"""What the door reads of a request: the cookie, whence it comes, how large it may be."""

from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qs, urlsplit

from starlette.datastructures import Headers
from starlette.types import Message, Receive, Scope

from channels.errors import RefusedRequestError
from keqiao.imports.tables import LIMIT_BYTES

UNDER = "/console"
COOKIE = "keqiao_console"

MOST_BYTES = 1024 * 1024
"""Of a body that is no file."""
MOST_OF_A_FORM = 4 * 1024
"""Of the sign-in form."""


def is_ours(path: str) -> bool:
    """Whether a path is the console's."""
    return path == UNDER or path.startswith(f"{UNDER}/")


def token_of(scope: Scope) -> str:
    """The token in the cookie; empty without one."""
    cookies = SimpleCookie()
    try:
        cookies.load(Headers(scope=scope).get("cookie", ""))
    except CookieError:
        return ""
    found = cookies.get(COOKIE)
    return found.value if found else ""


def comes_from_here(scope: Scope) -> bool:
    """Whether a page of this site sent it: browsers name it, and cannot be made to lie.

    Asked of everything that changes something, sockets among it.
    """
    headers = Headers(scope=scope)
    origin = urlsplit(headers.get("origin", ""))
    return bool(origin.netloc) and origin.netloc == headers.get("host")


def inside(path: str) -> str:
    """The path, if it leads to a page of the console; else the first page."""
    parts = urlsplit(path)
    outside = parts.scheme or parts.netloc or "\\" in path or not is_ours(parts.path)
    return UNDER + "/" if outside or not path.startswith("/") else path


async def read_form(receive: Receive) -> dict[str, str]:
    """The fields of a posted form.

    Raises:
        RefusedRequestError: it is too large.
    """
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        if len(body) > MOST_OF_A_FORM:
            raise RefusedRequestError(413, "body_too_large")
        more = message["type"] == "http.request" and message.get("more_body", False)
    fields = parse_qs(body.decode(errors="replace"), keep_blank_values=True)
    return {name: values[-1] for name, values in fields.items()}


def capped(scope: Scope, receive: Receive) -> Receive:
    """The same body; beyond what is taken, the sender is as good as gone."""
    most = LIMIT_BYTES + MOST_BYTES if "/upload/" in scope["path"] else MOST_BYTES
    seen = 0

    async def counted() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        return {"type": "http.disconnect"} if seen > most else message

    return counted
