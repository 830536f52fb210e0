"""The way in of an Official Account: verify, open, store, acknowledge or answer."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from fastapi import APIRouter, Request, Response
from fastapi.responses import PlainTextResponse
from starlette.concurrency import run_in_threadpool

from channels.bodies import Fields, read_body, text_of
from channels.callbacks import Nonces, Refusing, demand_time, demand_turn
from channels.choices import Choices
from channels.envelopes import BadEnvelopeError, Envelopes, signed_by
from channels.errors import RefusedRequestError
from channels.rates import TokenBuckets
from channels.wechat.content import WORDS, labels
from channels.wechat.messages import (
    WINDOWS,
    Incoming,
    parse,
    render_sealed,
    render_text,
)
from channels.wechat.notices import consent_to
from channels.wechat.passive import PassiveReplies
from channels.wechat.settings import CHANNEL, WeChatSettings
from channels.words import words
from core.domain.conversations import InboxEntry
from core.domain.platforms import Allowance
from core.ports.unit_of_work import UnitOfWork, Units
from core.services.conversations import AcceptInbound
from core.services.subscriptions import Depart

PATH = "/wechat"

_LONGEST = 128
_DONE = "success"


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A verified callback; `as_json` is how its answer is written."""

    fields: Fields
    as_json: bool


class WeChatGateway:
    """One entrance for the account's callbacks.

    `users` limits each follower, `strangers` a network address whose signatures do not fit.
    """

    def __init__(
        self,
        settings: WeChatSettings,
        *,
        accept: AcceptInbound,
        units: Units,
        users: TokenBuckets,
        strangers: TokenBuckets,
    ) -> None:
        """Take what is needed.

        Raises:
            BadInputError: the EncodingAESKey cannot be used.
        """
        self._settings = settings
        self._accept = accept
        self._clock = accept.clock
        self._units = units
        self._users = users
        self._strangers = strangers
        self._depart = Depart(units=units, clock=self._clock)
        self._choices = Choices(units=units, aside=labels()["more"])
        self._passive = PassiveReplies(units=units, clock=self._clock, patience=settings.patience)
        self._nonces = Nonces(CHANNEL, self._clock.now())
        self._envelopes = None
        if settings.aes_keys:
            self._envelopes = Envelopes(
                token=settings.token, keys=settings.aes_keys, receive_id=settings.app_id
            )

    @property
    def paths(self) -> frozenset[str]:
        """The entrance: requests to it are limited here."""
        return frozenset({PATH})

    def router(self) -> APIRouter:
        """The routes."""
        router = APIRouter(tags=["wechat"])
        router.add_api_route(PATH, self.verify, methods=["GET"])
        router.add_api_route(PATH, self.receive, methods=["POST"])
        return router

    async def verify(self, request: Request) -> PlainTextResponse:
        """Say `echostr` back: the platform asks when the address is entered in its console."""
        echo = request.query_params.get("echostr", "")
        with Refusing(self._strangers, request):
            self._demand_signature(request.query_params)
            if not echo.isascii() or not 0 < len(echo) <= _LONGEST:
                raise BadEnvelopeError("echostr is missing")
        return PlainTextResponse(echo)

    async def receive(self, request: Request) -> Response:
        """Take a message or an event; the same one again is the same."""
        body = await request.body()
        with Refusing(self._strangers, request):
            opened = self._open(request.query_params, body)
            incoming = parse(
                opened.fields, now=self._clock.now(), greeting=words("events", WORDS)["greeting"]
            )
            await run_in_threadpool(partial(self._note, incoming, request.query_params))
        try:
            text = await self._answer(incoming, request)
        except RefusedRequestError as error:
            text = words("refusals")[error.code]  # the platform would only ask again
        if text is None:
            return PlainTextResponse("", status_code=503)
        if not text:
            return PlainTextResponse(_DONE)
        return self._render(incoming, text, as_json=opened.as_json)

    async def _answer(self, incoming: Incoming, request: Request) -> str | None:
        if incoming.left:
            await run_in_threadpool(partial(self._depart, incoming.address))
        if incoming.text is None:
            return ""
        demand_turn(self._users, incoming.address)
        entry = await run_in_threadpool(partial(self._store, incoming))
        return await self._passive(entry, request) if self._settings.passive else ""

    def _store(self, incoming: Incoming) -> InboxEntry:
        if self._settings.passive and self._passive.wants_more(incoming):
            return self._passive.accept_more(incoming.message(incoming.text or ""))
        return self._accept(incoming.message(self._meant(incoming)))

    def _meant(self, incoming: Incoming) -> str:
        """What it says in full, whether tapped, numbered or written."""
        return self._choices(incoming.address, incoming.text or "", pressed=incoming.pressed)

    def _note(self, incoming: Incoming, query: Mapping[str, str]) -> None:
        """Use the nonce for this callback alone, and keep what it allows.

        Raises:
            BadEnvelopeError: the nonce has been used for another one.
        """
        now = self._clock.now()
        with self._units() as unit:
            self._nonces.use(unit, query, incoming.key, now)
            self._allow(unit, incoming, now)
            if not self._settings.passive and (incoming.opens or incoming.consents):
                unit.outbox.hasten(incoming.address, now)
            unit.commit()

    def _allow(self, unit: UnitOfWork, incoming: Incoming, now: datetime) -> None:
        address, source = incoming.address, incoming.key
        if incoming.opens is not None:
            most, lasting = WINDOWS[incoming.opens]
            window = Allowance(name=incoming.opens, left=most, until=now + lasting, source=source)
            unit.allowances.grant(address, window)
        for template, given in incoming.consents.items():
            name = consent_to(template)
            if given:
                consent = Allowance(name=name, left=1, until=None, source=source)
                unit.allowances.grant(address, consent, on_top=True)
            else:
                unit.allowances.end(address, [name])

    def _open(self, query: Mapping[str, str], body: bytes) -> Opened:
        """Verify and read.

        Raises:
            BadEnvelopeError: it is not signed by the platform, or not just now.
            BadBodyError: it cannot be read.
        """
        if self._envelopes is None:
            self._demand_signature(query)
            return _opened(body)
        timestamp, nonce = demand_time(query, self._clock.now())
        sealed = read_body(body)
        text = self._envelopes.open(
            text_of(sealed, "Encrypt"),
            signature=query.get("msg_signature", ""),
            timestamp=timestamp,
            nonce=nonce,
        )
        return _opened(text)

    def _demand_signature(self, query: Mapping[str, str]) -> None:
        timestamp, nonce = demand_time(query, self._clock.now())
        offered = query.get("signature", "")
        if not signed_by(offered, self._settings.token, timestamp, nonce):
            raise BadEnvelopeError("signature does not fit")

    def _render(self, incoming: Incoming, text: str, *, as_json: bool) -> Response:
        now = self._clock.now()
        body = render_text(incoming, text, now=now, as_json=as_json)
        if self._envelopes is not None:
            timestamp, nonce = str(int(now.timestamp())), secrets.token_hex(8)
            sealed = self._envelopes.seal(body, timestamp=timestamp, nonce=nonce)
            body = render_sealed(sealed, as_json=as_json)
        kind = "application/json" if as_json else "application/xml"
        return Response(body, media_type=kind)


def _opened(body: bytes) -> Opened:
    return Opened(fields=read_body(body), as_json=body.lstrip()[:1] == b"{")
