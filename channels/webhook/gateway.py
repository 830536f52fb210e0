"""The way in of the generic webhook: verify, store, acknowledge."""

from collections.abc import Hashable, Sequence

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from starlette.concurrency import run_in_threadpool

from channels.errors import RefusedRequestError
from channels.rates import TokenBuckets
from channels.webhook.messages import parse
from channels.webhook.settings import HookSettings
from channels.webhook.signing import Signer, WrongSignatureError
from core.ports.clock import Clock
from core.services.conversations import AcceptInbound


class WebhookGateway:
    """One entrance a neighbour system, each with its own secret.

    `users` limits each person a neighbour speaks for, `strangers` a network address whose
    signatures do not fit.
    """

    def __init__(
        self,
        hooks: Sequence[HookSettings],
        *,
        accept: AcceptInbound,
        clock: Clock,
        users: TokenBuckets,
        strangers: TokenBuckets,
    ) -> None:
        self._signers = {hook.name: Signer(hook.secret) for hook in hooks}
        self._accept = accept
        self._clock = clock
        self._users = users
        self._strangers = strangers

    @property
    def paths(self) -> frozenset[str]:
        """The entrances: requests to them are limited here."""
        return frozenset(f"/hooks/{name}" for name in self._signers)

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
            _demand_turn(self._strangers, request.client.host if request.client else "")
            raise RefusedRequestError(401, "signature_wrong") from None
        message = parse(body, name=name, message_id=message_id, now=now)
        _demand_turn(self._users, message.address)
        entry = await run_in_threadpool(self._accept, message)
        return JSONResponse({"accepted": True, "id": entry.id}, status_code=202)


def _demand_turn(buckets: TokenBuckets, key: Hashable) -> None:
    wait = buckets.take(key)
    if wait:
        raise RefusedRequestError(429, "too_many", retry_after=wait)
