"""Saying no to a request, in words: one JSON shape for every refusal.

`{"error": "<code>", "message": "<what the person reads>"}`, with `Retry-After` when waiting helps.
"""

import logging
import math
import traceback

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from channels.errors import RefusedRequestError
from channels.words import words
from core.domain.errors import UnavailableError

logger = logging.getLogger(__name__)

_MENDING_SECONDS = 5
_CODES = {404: "not_found", 405: "method_not_allowed", 413: "body_too_large"}


def refusal(status: int, code: str, *, retry_after: float | None = None) -> JSONResponse:
    """The response that says no."""
    headers = {"Cache-Control": "no-store"}
    if retry_after is not None:
        headers["Retry-After"] = str(max(1, math.ceil(retry_after)))
    body = {"error": code, "message": words("refusals")[code]}
    return JSONResponse(body, status_code=status, headers=headers)


def install_refusals(app: FastAPI) -> None:
    """Give every error of `app` the one JSON shape, and keep what people wrote out of the logs."""

    @app.exception_handler(RefusedRequestError)
    async def refused(_request: Request, error: RefusedRequestError) -> JSONResponse:
        return refusal(error.status, error.code, retry_after=error.retry_after)

    @app.exception_handler(RequestValidationError)
    async def malformed(_request: Request, _error: RequestValidationError) -> JSONResponse:
        return refusal(422, "body_incomplete")

    @app.exception_handler(HTTPException)
    async def plain(_request: Request, error: HTTPException) -> JSONResponse:
        response = refusal(error.status_code, _CODES.get(error.status_code, "unexpected"))
        response.headers.update(error.headers or {})
        return response

    @app.exception_handler(UnavailableError)
    async def unavailable(_request: Request, error: UnavailableError) -> JSONResponse:
        logger.warning("%s", error)
        return refusal(503, "unavailable", retry_after=_MENDING_SECONDS)


class LastResort:
    """Answers for whatever else fails: a server would log it, and people's words in it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection; an answer already begun just ends."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = False

        async def watched(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except Exception as error:  # noqa: BLE001 -- whatever it is, the server must not log it
            # The message of an unknown error may hold what a person wrote: type and place must do.
            place = traceback.extract_tb(error.__traceback__)[-1]
            said = f"{type(error).__name__} at {place.filename}:{place.lineno}"
            logger.error("%s on %s %s", said, scope["method"], scope["path"])  # noqa: TRY400 -- see above
            if not begun:
                await refusal(500, "unexpected")(scope, receive, send)
