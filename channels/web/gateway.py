"""Web chat's routes: the page, posting, history, the stream, and cited documents."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Request, Response
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse, StreamingResponse
from starlette.concurrency import run_in_threadpool

from channels.calendar.feeds import CalendarFeeds
from channels.choices import Choices
from channels.errors import RefusedRequestError
from channels.rates import TokenBuckets
from channels.web.bell import Bell, Ear
from channels.web.documents import render_document, render_missing
from channels.web.mailbox import MailboxReader, read_history
from channels.web.messages import parse
from channels.web.settings import STATIC, WebSettings
from channels.web.stream import events
from channels.web.visitors import Visitors
from channels.web.widget import Widget
from core.domain.conversations import Address, InboundMessage, InboxEntry
from core.domain.documents import DocumentId
from core.domain.errors import NotFoundError
from core.ports.clock import Clock
from core.ports.unit_of_work import Units
from core.services.conversations import AcceptInbound

_MOST_HISTORY = 200
_MOST_DIGITS = 18
_FRESH = {"Cache-Control": "no-cache"}
_PRIVATE = {"Cache-Control": "no-store"}
_STREAM = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


@dataclass(frozen=True, slots=True, kw_only=True)
class WebGateway:
    """The routes and what they need."""

    settings: WebSettings
    accept: AcceptInbound
    units: Units
    clock: Clock
    bell: Bell
    feeds: CalendarFeeds | None = None
    visitors: Visitors = field(init=False)
    buckets: TokenBuckets = field(init=False)

    def __post_init__(self) -> None:
        """Make what the settings describe."""
        object.__setattr__(self, "visitors", Visitors(self.settings))
        object.__setattr__(self, "buckets", TokenBuckets(self.settings.visitor_rate, self.clock))

    def router(self) -> APIRouter:
        """The routes."""
        router = APIRouter(tags=["web"])
        router.add_api_route("/", self.page, methods=["GET"], include_in_schema=False)
        router.add_api_route("/web/messages", self.post, methods=["POST"], status_code=202)
        router.add_api_route("/web/messages", self.history, methods=["GET"])
        router.add_api_route("/web/events", self.stream, methods=["GET"])
        if self.feeds is not None:
            router.add_api_route("/web/calendar", self.calendar, methods=["POST"])
        router.add_api_route("/documents/{document_id}", self.document, methods=["GET"])
        router.include_router(Widget(settings=self.settings, visitors=self.visitors).router())
        return router

    def page(self, request: Request) -> FileResponse:
        """The chat page; a new visitor gets the cookie."""
        response = FileResponse(STATIC / "index.html", headers=_FRESH)
        self.visitors.recognise(request, response)
        return response

    async def post(self, request: Request) -> JSONResponse:
        """Accept `{"id", "text"}`; when this answers, the message cannot be lost.

        `id` is made by the client: the same id again is the same message. The answer's `id` is the
        one that replies name in `reply_to`.
        """
        response = JSONResponse({}, status_code=202, headers=_PRIVATE)
        address = self.visitors.recognise(request, response)
        try:
            body = json.loads(await request.body())
        except (ValueError, RecursionError):
            raise RefusedRequestError(400, "body_not_json") from None
        message = parse(body, address, self.clock.now())
        wait = self.buckets.take(address)
        if wait:
            raise RefusedRequestError(429, "too_many", retry_after=wait)
        entry = await run_in_threadpool(self._keep, message)
        self.bell.ring(
            address
        )  # its streams look often from now on, wherever the answer comes from
        response.body = response.render({"accepted": True, "id": entry.id})
        response.headers["content-length"] = str(len(response.body))
        return response

    def _keep(self, message: InboundMessage) -> InboxEntry:
        meant = Choices(units=self.units, numbered=False)(message.address, message.text)
        return self.accept(replace(message, text=meant))

    def history(
        self,
        request: Request,
        response: Response,
        limit: Annotated[int, Query(ge=1, le=_MOST_HISTORY)] = 50,
    ) -> dict[str, Any]:
        """The newest lines of the conversation, oldest first, and where the stream goes on."""
        address = self.visitors.recognise(request, response)
        response.headers.update(_PRIVATE)
        return read_history(self.units, address, limit)

    async def calendar(self, request: Request, response: Response) -> dict[str, str]:
        """The link to the visitor's own calendar, for calendar programs to subscribe to.

        It is asked for by a post: no other site's page can have it asked for.
        """
        address = self.visitors.recognise(request, response)
        response.headers.update(_PRIVATE)
        wait = self.buckets.take(address)
        if wait:
            raise RefusedRequestError(429, "too_many", retry_after=wait)
        return {"path": await run_in_threadpool(self.feeds.path, address) if self.feeds else ""}

    async def stream(
        self,
        request: Request,
        response: Response,
        last_event_id: Annotated[str, Header()] = "",
        after: str = "",
    ) -> StreamingResponse:
        """Messages as they are sent (server-sent events), from after `Last-Event-ID` on."""
        address = self.visitors.recognise(request, response)
        ear = Ear()
        most, most_of_one = self.settings.streams, self.settings.streams_per_visitor
        if not self.bell.join(address, ear, most=most, most_of_one=most_of_one):
            raise RefusedRequestError(429, "too_many_streams", retry_after=30)
        reader = MailboxReader(self.units, address, _number(last_event_id) or _number(after) or 0)
        return StreamingResponse(
            self._events(address, ear, reader),
            media_type="text/event-stream",
            headers=_STREAM | _cookie_of(response),
        )

    async def _events(
        self, address: Address, ear: Ear, reader: MailboxReader
    ) -> AsyncIterator[str]:
        try:
            async for text in events(reader, bell=self.bell, ear=ear, settings=self.settings):
                yield text
        finally:
            self.bell.leave(address, ear)

    def document(self, document_id: str, start: str = "", end: str = "") -> HTMLResponse:
        """A document as a page, with the range marked."""
        try:
            with self.units() as unit:
                found = unit.documents.get(DocumentId(document_id))
                by = found.facts.superseded_by
                newer = unit.documents.by_source(by) if by else None
        except NotFoundError:
            return HTMLResponse(render_missing(), status_code=404, headers=_FRESH)
        page = render_document(
            found, _number(start), _number(end), newer=newer.id if newer else None
        )
        return HTMLResponse(page, headers=_FRESH)


def _number(text: str) -> int | None:
    usable = text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS
    return int(text) if usable else None


def _cookie_of(response: Response) -> dict[str, str]:
    cookie = response.headers.get("set-cookie")
    return {"Set-Cookie": cookie} if cookie else {}
