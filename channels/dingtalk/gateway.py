"""The way in of DingTalk over HTTP: verify, store, acknowledge."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from starlette.concurrency import run_in_threadpool

from channels.bodies import BadBodyError, read_body
from channels.callbacks import demand_turn
from channels.dingtalk.hearing import make_hearing
from channels.dingtalk.settings import DingTalkSettings
from channels.dingtalk.signing import BadSignatureError, verify
from channels.errors import RefusedRequestError
from channels.rates import TokenBuckets
from core.ports.unit_of_work import Units
from core.services.conversations import AcceptInbound

PATH = "/dingtalk"


class DingTalkGateway:
    """One entrance for what the robot is told.

    `users` limits each person and group, `strangers` a network address whose requests are not
    DingTalk's.
    """

    def __init__(
        self,
        settings: DingTalkSettings,
        *,
        accept: AcceptInbound,
        units: Units,
        users: TokenBuckets,
        strangers: TokenBuckets,
    ) -> None:
        self._secret = settings.app_secret
        self._clock = accept.clock
        self._strangers = strangers
        self._hear = make_hearing(settings, accept=accept, units=units, users=users)

    @property
    def paths(self) -> frozenset[str]:
        """The entrance: requests to it are limited here."""
        return frozenset({PATH})

    def router(self) -> APIRouter:
        """The routes."""
        router = APIRouter(tags=["dingtalk"])
        router.add_api_route(PATH, self.receive, methods=["POST"])
        return router

    async def receive(self, request: Request) -> JSONResponse:
        """Take a message; the same one again is the same."""
        body = await request.body()
        address = request.client.host if request.client else ""
        try:
            return JSONResponse(await run_in_threadpool(self._take, body, request.headers))
        except BadBodyError:
            raise RefusedRequestError(400, "body_unreadable") from None
        except BadSignatureError:
            demand_turn(self._strangers, address)
            raise RefusedRequestError(401, "signature_wrong") from None

    def _take(self, body: bytes, headers: Mapping[str, str]) -> dict[str, Any]:
        verify(headers, self._secret, self._clock.now())
        self._hear(read_body(body))
        return {}
