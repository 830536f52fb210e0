"""Saying no to a request, in words: one JSON shape for every refusal.

`{"error": "<code>", "message": "<what the person reads>"}`, with `Retry-After` when waiting helps.
"""

import logging
import math

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from channels.errors import RefusedRequestError
from channels.words import words

logger = logging.getLogger(__name__)

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

    @app.exception_handler(Exception)
    async def unexpected(request: Request, error: Exception) -> JSONResponse:
        # The message of an unknown error may hold what a person wrote: its type must do.
        logger.error("%s on %s %s", type(error).__name__, request.method, request.url.path)
        return refusal(500, "unexpected")
