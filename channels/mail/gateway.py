"""Where e-mails are ended: a page for people, one request for mail programs (RFC 8058)."""

from html import escape

from fastapi import APIRouter
from fastapi.responses import HTMLResponse
from starlette.concurrency import run_in_threadpool

from channels.mail.mailboxes import PATH, leaving
from channels.mail.messages import WORDS
from channels.mail.settings import CHANNEL, MailSettings
from channels.words import words
from core.domain.conversations import Address
from core.ports.clock import Clock
from core.ports.unit_of_work import Units
from core.services.broadcasts.people import RefuseBroadcasts
from core.services.subscriptions import Depart

_HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
}
_PAGE = """<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{title}</title>
<link rel="stylesheet" href="/static/style.css">
</head>
<body class="document-page">
<main class="document">
<h1>{title}</h1>
<p>{said}</p>
{form}
</main>
</body>
</html>
"""


class MailGateway:
    """The page behind the link in every e-mail."""

    def __init__(self, settings: MailSettings, units: Units, clock: Clock) -> None:
        self._secret = settings.secret
        self._depart = Depart(units=units, clock=clock)
        self._refuse = RefuseBroadcasts(units=units, clock=clock)

    def router(self) -> APIRouter:
        """The routes."""
        router = APIRouter(tags=["mail"])
        router.add_api_route(PATH + "/{token}", self.ask, methods=["GET"])
        router.add_api_route(PATH + "/{token}", self.leave, methods=["POST"])
        return router

    def ask(self, token: str) -> HTMLResponse:
        """Ask whether it is meant: programs that look at every link must end nothing."""
        address = leaving(token, self._secret)
        if address is None:
            return _page("wrong", status=404)
        said = escape(words("page", WORDS)["do"])
        return _page("ask", address, f'<form method="post"><button>{said}</button></form>')

    async def leave(self, token: str) -> HTMLResponse:
        """Stop everything that goes to the mailbox, at once; again changes nothing."""
        address = leaving(token, self._secret)
        if address is None:
            return _page("wrong", status=404)
        await run_in_threadpool(self._leave, Address(channel=CHANNEL, user=address))
        return _page("done", address)

    def _leave(self, address: Address) -> None:
        self._depart(address)
        self._refuse(address, refuses=True)


def _page(name: str, address: str = "", form: str = "", status: int = 200) -> HTMLResponse:
    said = words("page", WORDS)
    page = _PAGE.format(
        title=escape(said["title"]), said=escape(said[name].format(address=address)), form=form
    )
    return HTMLResponse(page, status_code=status, headers=_HEADERS)
