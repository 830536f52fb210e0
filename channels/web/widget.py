"""The chat in a frame of another site's page: the script that makes it, and the page inside.

Only pages of the origins in the settings may frame it, and only they get a launcher at all.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse, JSONResponse

from channels.errors import RefusedRequestError
from channels.web.settings import STATIC, WebSettings
from channels.web.visitors import Visitors

SCRIPT, FRAME, ALLOWED = "/widget.js", "/widget", "/widget/allowed"
FRAMED = (FRAME, "/documents/")
"""What is shown inside the frame."""

VERSION = 1
"""Of what script and frame say to each other."""

_FRESH: Mapping[str, str] = {"Cache-Control": "no-cache", "Vary": "Origin"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Widget:
    """The routes of the widget; without origins, none of them answers."""

    settings: WebSettings
    visitors: Visitors

    def router(self) -> APIRouter:
        """The routes."""
        router = APIRouter(tags=["web"])
        if self.settings.widget_origins:
            router.add_api_route(SCRIPT, self.script, methods=["GET"], include_in_schema=False)
            router.add_api_route(FRAME, self.frame, methods=["GET"], include_in_schema=False)
            router.add_api_route(ALLOWED, self.allowed, methods=["GET"], include_in_schema=False)
        return router

    def script(self) -> FileResponse:
        """The launcher; a browser asks whether its copy is still the newest."""
        return FileResponse(STATIC / "widget.js", headers={"Cache-Control": "no-cache"})

    def allowed(self, request: Request) -> Response:
        """Whether the page that asks may show the launcher: its browser believes the header."""
        origin = request.headers.get("origin", "")
        if origin not in self.settings.widget_origins:
            raise RefusedRequestError(403, "origin_not_allowed")
        headers = {**_FRESH, "Access-Control-Allow-Origin": origin}
        return JSONResponse({"version": VERSION}, headers=headers)

    def frame(self, request: Request, origin: str = "") -> FileResponse:
        """The chat page, for a frame on a page of `origin`; a new visitor gets a cookie for it."""
        if origin not in self.settings.widget_origins:
            raise RefusedRequestError(403, "origin_not_allowed")
        page = FileResponse(STATIC / "index.html", headers={"Cache-Control": "no-store"})
        self.visitors.seat(request, page)
        return page
