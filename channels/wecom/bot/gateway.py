"""The way in of the smart robot: sealed JSON, answered in the request itself."""

import hashlib
import json
import secrets
from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, PlainTextResponse, Response
from starlette.concurrency import run_in_threadpool

from channels.bodies import read_body, text_of
from channels.callbacks import Nonces, Refusing, demand_time
from channels.errors import RefusedRequestError
from channels.rates import TokenBuckets
from channels.wecom.bot.content import stream, welcome
from channels.wecom.bot.hearing import Hearing
from channels.wecom.bot.messages import Act, Incoming, parse
from channels.wecom.bot.streams import Streams
from channels.wecom.bot.ways import envelopes_of, seal_way
from channels.wecom.errcodes import WORDS
from channels.wecom.settings import BOT, WeComBotSettings
from channels.words import words
from core.ports.unit_of_work import Units
from core.services.conversations import AcceptInbound

PATH = "/wecom-bot"
ANSWERS = "/cgi-bin/aibot/response?"

URL_HOLDS = timedelta(minutes=59)
"""A `response_url` takes one answer within an hour (document 101138)."""

_LONGEST_URL = 1000


class WeComBotGateway:
    """One entrance for the robot's callbacks.

    `users` limits each member and group, `strangers` a network address whose signatures do not
    fit.
    """

    def __init__(
        self,
        settings: WeComBotSettings,
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
        self._units = units
        self._clock = accept.clock
        self._strangers = strangers
        self._nonces = Nonces(BOT, accept.clock.now())
        self._envelopes = envelopes_of(settings)
        self._streams = Streams(units=units, clock=accept.clock)
        self._hearing = Hearing(
            accept=accept, units=units, users=users, way=self._way, lasts=URL_HOLDS
        )

    @property
    def paths(self) -> frozenset[str]:
        """The entrance: requests to it are limited here."""
        return frozenset({PATH})

    def router(self) -> APIRouter:
        """The routes."""
        router = APIRouter(tags=["wecom-bot"])
        router.add_api_route(PATH, self.verify, methods=["GET"])
        router.add_api_route(PATH, self.receive, methods=["POST"])
        return router

    async def verify(self, request: Request) -> PlainTextResponse:
        """Open `echostr` and say it back: WeCom asks when the address is set in its console."""
        query = request.query_params
        with Refusing(self._strangers, request):
            text = self._opened(query, query.get("echostr", ""))
        return PlainTextResponse(text)

    async def receive(self, request: Request) -> Response:
        """Take a message, an event, or the question how far an answer is."""
        body = await request.body()
        with Refusing(self._strangers, request):
            text = self._opened(request.query_params, text_of(read_body(body), "encrypt"))
            incoming = parse(
                read_body(text),
                now=self._clock.now(),
                name=self._settings.name,
                greeting=words("events", WORDS)["greeting"],
            )
            await run_in_threadpool(partial(self._note, incoming, request.query_params))
        answer = await run_in_threadpool(partial(self._answer, incoming))
        return self._sealed(answer) if answer else PlainTextResponse("")

    def _answer(self, incoming: Incoming) -> dict[str, Any] | None:
        match incoming.act:
            case Act.SAID:
                return self._heard(incoming)
            case Act.ASKED_AGAIN:
                return self._streams.again(incoming.stream, incoming.address)
            case Act.ENTERED:
                return welcome()
            case Act.PRESSED:
                return self._hearing.press(incoming)
            case Act.JUDGED | Act.REPLACED | Act.NOTHING:
                self._hearing.judge(incoming)  # which is nothing, for the others
                return None

    def _heard(self, incoming: Incoming) -> dict[str, Any]:
        try:
            return self._streams.begin(self._hearing.say(incoming))
        except RefusedRequestError as error:
            # Told to the person: WeCom would only ask again.
            return stream(incoming.key, words("refusals")[error.code], finish=True)

    def _way(self, incoming: Incoming) -> str:
        """The address that takes one more answer, sealed; empty when it leads elsewhere."""
        answers = self._settings.api_base.rstrip("/") + ANSWERS
        if not incoming.url.startswith(answers) or len(incoming.url) > _LONGEST_URL:
            return ""
        return seal_way(self._envelopes, incoming.url)

    def _opened(self, query: Mapping[str, str], encrypt: str) -> bytes:
        timestamp, nonce = demand_time(query, self._clock.now())
        return self._envelopes.open(
            encrypt,
            signature=query.get("msg_signature", ""),
            timestamp=timestamp,
            nonce=nonce,
        )

    def _note(self, incoming: Incoming, query: Mapping[str, str]) -> None:
        """Use the nonce for this callback alone.

        Raises:
            BadEnvelopeError: it has been used for another one.
        """
        about = f"{incoming.key}:{incoming.act}:{incoming.stream}:{incoming.text}"
        holder = hashlib.sha256(about.encode("utf-8", "replace")).hexdigest()
        with self._units() as unit:
            self._nonces.use(unit, query, holder, self._clock.now())
            unit.commit()

    def _sealed(self, answer: Mapping[str, Any]) -> JSONResponse:
        at, nonce = str(int(self._clock.now().timestamp())), secrets.token_hex(8)
        text = json.dumps(answer, ensure_ascii=False).encode()
        sealed = self._envelopes.seal(text, timestamp=at, nonce=nonce)
        return JSONResponse(
            {
                "encrypt": sealed.encrypt,
                "msgsignature": sealed.signature,
                "timestamp": int(at),
                "nonce": nonce,
            }
        )
