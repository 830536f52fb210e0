"""The way in of the generic webhook: verify, store, acknowledge."""

from collections.abc import Sequence

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from starlette.concurrency import run_in_threadpool

from channels.errors import RefusedRequestError
from channels.webhook.messages import parse
from channels.webhook.settings import HookSettings
from channels.webhook.signing import Signer, WrongSignatureError
from core.ports.clock import Clock
from core.services.conversations import AcceptInbound


class WebhookGateway:
    """One entrance a neighbour system, each with its own secret."""

    def __init__(
        self, hooks: Sequence[HookSettings], *, accept: AcceptInbound, clock: Clock
    ) -> None:
        self._signers = {hook.name: Signer(hook.secret) for hook in hooks}
        self._accept = accept
        self._clock = clock

    def router(self) -> APIRouter:
        """The routes."""
        router = APIRouter(tags=["webhook"])
        router.add_api_route("/hooks/{name}", self.receive, methods=["POST"], status_code=202)
        return router

    async def receive(self, name: str, request: Request) -> JSONResponse:
        """Accept `{"data": {"user", "text"}}` signed after Standard Webhooks.

        The same `webhook-id` again is the same message.
        """
        signer = self._signers.get(name)
        if signer is None:
            raise RefusedRequestError(404, "unknown_hook")
        body = await request.body()
        now = self._clock.now()
        try:
            message_id = signer.verify(body, request.headers, now)
        except WrongSignatureError:
            raise RefusedRequestError(401, "signature_wrong") from None
        message = parse(body, name=name, message_id=message_id, now=now)
        entry = await run_in_threadpool(self._accept, message)
        return JSONResponse({"accepted": True, "id": entry.id}, status_code=202)
