"""The way in of Feishu: verify, open, store, acknowledge; who asks from here is known by then."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from starlette.concurrency import run_in_threadpool

from channels.bodies import BadBodyError, Fields, read_body, text_of
from channels.callbacks import demand_turn
from channels.errors import RefusedRequestError
from channels.feishu.api.client import FeishuApi
from channels.feishu.hearing import PATIENCE, Hearing
from channels.feishu.messages import challenge_of, read_event
from channels.feishu.sealing import SIGNATURE, WINDOW, BadSealError, Seal, same
from channels.feishu.settings import FeishuSettings
from channels.rates import TokenBuckets
from core.ports.unit_of_work import Units
from core.services.conversations import AcceptInbound

PATH = "/feishu"

_SWEEP_EVERY = timedelta(minutes=10)


class FeishuGateway:
    """One entrance for the app's events and the callbacks of its cards.

    `users` limits each person and group, `strangers` a network address whose requests are not
    Feishu's.
    """

    def __init__(
        self,
        settings: FeishuSettings,
        *,
        accept: AcceptInbound,
        units: Units,
        users: TokenBuckets,
        strangers: TokenBuckets,
    ) -> None:
        """Take what is needed.

        Raises:
            BadInputError: the Encrypt Key is empty.
        """
        self._settings = settings
        self._seal = Seal(key=settings.encrypt_key)
        self._units = units
        self._clock = accept.clock
        self._strangers = strangers
        quick = replace(settings, timeout=min(settings.timeout, PATIENCE))
        api = FeishuApi(quick, units, accept.clock)
        self._take = Hearing(accept=accept, units=units, users=users, me=api.me)
        self._swept_at = accept.clock.now()

    @property
    def paths(self) -> frozenset[str]:
        """The entrance: requests to it are limited here."""
        return frozenset({PATH})

    def router(self) -> APIRouter:
        """The routes."""
        router = APIRouter(tags=["feishu"])
        router.add_api_route(PATH, self.receive, methods=["POST"])
        return router

    async def receive(self, request: Request) -> JSONResponse:
        """Take an event or the press of a button; the same one again is the same."""
        body = await request.body()
        address = request.client.host if request.client else ""
        try:
            return JSONResponse(await run_in_threadpool(self._hear, body, request.headers))
        except BadBodyError:
            raise RefusedRequestError(400, "body_unreadable") from None
        except BadSealError:
            demand_turn(self._strangers, address)
            raise RefusedRequestError(401, "signature_wrong") from None

    def _hear(self, body: bytes, headers: Mapping[str, str]) -> dict[str, Any]:
        """What is to be answered to a request.

        Raises:
            BadSealError: it is not from Feishu, or not just now.
            BadBodyError: it cannot be understood.
        """
        outer = read_body(body)
        sealed = text_of(outer, "encrypt")
        nonce = ""
        if SIGNATURE in headers:
            nonce = self._seal.verify(body, headers, self._clock.now())
        fields = self._opened(sealed, signed=bool(nonce)) if sealed else outer
        challenge = challenge_of(fields)
        if challenge is not None:
            self._demand_token(text_of(fields, "token"), known=bool(sealed or nonce))
            return {"challenge": challenge}
        if not nonce:
            raise BadSealError("the request is not signed")
        return self._hear_event(fields, nonce)

    def _opened(self, sealed: str, *, signed: bool) -> Fields:
        text = self._seal.open(sealed)
        try:
            return read_body(text)
        except BadBodyError:
            if signed:
                raise
            # Who cannot sign must not learn whether the key opened anything.
            raise BadSealError("the sealed event cannot be read") from None

    def _hear_event(self, fields: Fields, nonce: str) -> dict[str, Any]:
        event = read_event(fields)
        self._demand_token(event.token, known=True)
        self._note(nonce, event.id)
        return self._take(event)

    def _note(self, nonce: str, key: str) -> None:
        """Use the nonce for this event alone.

        Raises:
            BadSealError: the nonce has been used for another one.
        """
        now = self._clock.now()
        with self._units() as unit:
            # Whoever has heard one event must not put another into its place.
            if not unit.leases.take(f"nonce:feishu:{nonce}", key, now, 2 * WINDOW):
                raise BadSealError("the nonce has been used")
            if now - self._swept_at > _SWEEP_EVERY:
                unit.leases.sweep(now)
                self._swept_at = now
            unit.commit()

    def _demand_token(self, offered: str, *, known: bool) -> None:
        """Compare the Verification Token; without one, only what was sealed or signed counts.

        Raises:
            BadSealError: it does not fit.
        """
        expected = self._settings.verification_token
        if not (known if expected is None else same(expected, offered)):
            raise BadSealError("the verification token does not fit")
