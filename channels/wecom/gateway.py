"""The way in of WeCom's app: verify, open, store, acknowledge; answers are sent on their own."""

import logging
import secrets
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from functools import partial

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool

from channels.bodies import read_body, text_of
from channels.callbacks import Nonces, Refusing, demand_time, demand_turn
from channels.choices import Choices
from channels.envelopes import Envelopes
from channels.errors import RefusedRequestError
from channels.rates import TokenBuckets
from channels.wecom.api import WeComApi
from channels.wecom.cards import Pressed
from channels.wecom.errcodes import WORDS
from channels.wecom.messages import Incoming, parse
from channels.wecom.settings import CHANNEL, WeComSettings
from channels.words import words
from core.domain.conversations import Reply, ReplyKind
from core.domain.deliveries import Delivery, OutboundMessage, OutboxId
from core.domain.errors import NotFoundError, SendError
from core.domain.purposes import Purpose
from core.ports.unit_of_work import Units
from core.ports.wakeups import Work
from core.services.conversations import AcceptInbound
from core.services.subscriptions import Depart

logger = logging.getLogger(__name__)

PATH = "/wecom"
UPDATE = "/cgi-bin/message/update_template_card"

_PATIENCE = 2.0
_CODE_HOLDS = timedelta(hours=72)
_TITLE_CHARS = 10


class WeComGateway:
    """One entrance for the app's callbacks.

    `users` limits each member, `strangers` a network address whose signatures do not fit.
    """

    def __init__(
        self,
        settings: WeComSettings,
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
        self._units = units
        self._clock = accept.clock
        self._users = users
        self._strangers = strangers
        self._choices = Choices(units=units)
        self._depart = Depart(units=units, clock=accept.clock)
        self._nonces = Nonces(CHANNEL, accept.clock.now())
        quick = replace(settings, timeout=min(settings.timeout, _PATIENCE))
        self._api = WeComApi(quick, units, accept.clock)
        self._envelopes = Envelopes(
            token=settings.token, keys=settings.aes_keys, receive_id=settings.corp_id
        )

    @property
    def paths(self) -> frozenset[str]:
        """The entrance: requests to it are limited here."""
        return frozenset({PATH})

    def router(self) -> APIRouter:
        """The routes."""
        router = APIRouter(tags=["wecom"])
        router.add_api_route(PATH, self.verify, methods=["GET"])
        router.add_api_route(PATH, self.receive, methods=["POST"])
        return router

    async def verify(self, request: Request) -> PlainTextResponse:
        """Open `echostr` and say it back: WeCom asks when the address is set in its console."""
        query = request.query_params
        with Refusing(self._strangers, request):
            text = self._opened(query, query.get("echostr", ""))
        return PlainTextResponse(text)

    async def receive(self, request: Request) -> PlainTextResponse:
        """Take a message or an event; the same one again is the same."""
        body = await request.body()
        with Refusing(self._strangers, request):
            text = self._opened(request.query_params, text_of(read_body(body), "Encrypt"))
            incoming = parse(
                read_body(text),
                now=self._clock.now(),
                greeting=words("events", WORDS)["greeting"],
                agent_id=self._settings.agent_id,
            )
            await run_in_threadpool(partial(self._note, incoming, request.query_params))
        task = await run_in_threadpool(partial(self._take, incoming))
        return PlainTextResponse("", background=task)

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
        about = f":{incoming.pressed.number}" if incoming.pressed else ""
        with self._units() as unit:
            self._nonces.use(unit, query, incoming.key + about, self._clock.now())
            unit.commit()

    def _take(self, incoming: Incoming) -> BackgroundTask | None:
        """Keep what was said; what is left to do once WeCom has its answer.

        Raises:
            RefusedRequestError: they say too much in a moment; WeCom brings it again.
        """
        if incoming.left:
            self._depart(incoming.address)
        if incoming.text is None:
            return None
        demand_turn(self._users, incoming.address)
        try:
            message = incoming.message()
        except RefusedRequestError as error:
            self._tell(incoming, "refused", words("refusals")[error.code])
            return None
        if incoming.pressed is None:
            text = self._choices(message.address, message.text)
            self._accept(replace(message, text=text))
            return None
        kept = self._accept(message).message
        if kept.text != message.text:
            self._tell(incoming, "again", words("messages", WORDS)["chosen_before"])
            return None
        return BackgroundTask(self._show_chosen, incoming, incoming.pressed)

    def _tell(self, incoming: Incoming, why: str, text: str) -> None:
        message = OutboundMessage(
            key=f"wecom:{why}:{incoming.key}",
            address=incoming.address,
            reply=Reply(kind=ReplyKind.NOTICE, text=text),
            purpose=Purpose.ANSWER,
        )
        with self._units() as unit:
            unit.outbox.put(message, self._clock.now())
            unit.commit()
        self._accept.wakeups.wake(Work.OUTBOX)

    def _show_chosen(self, incoming: Incoming, press: Pressed) -> None:
        """Let the card show what was chosen and take no more; once for each card."""
        lease = f"wecom-card:{incoming.key}"
        with self._units() as unit:
            first = unit.leases.take(lease, secrets.token_hex(8), self._clock.now(), _CODE_HOLDS)
            title = _title(unit.outbox.get, press) if first else ""
            unit.commit()
        if not first:
            return
        shown = words("messages", WORDS)["chosen"].format(title=title)
        body = {
            "userids": [incoming.address.user],
            "agentid": self._settings.agent_id,
            "response_code": press.code,
            "button": {"replace_name": shown},
        }
        try:
            self._api.call(UPDATE, body)
        except SendError as error:
            # The choice has been taken; the card just goes on looking as before.
            logger.warning("a card was not updated: %s", error)


def _title(find: Callable[[OutboxId], Delivery], press: Pressed) -> str:
    """What stands on the button that was pressed."""
    delivery_id = press.delivery_id
    try:
        buttons = find(delivery_id).message.reply.choices if delivery_id is not None else ()
    except NotFoundError:
        buttons = ()
    titles = [one.title for one in buttons if one.payload == press.payload]
    return (titles or [press.payload])[0][:_TITLE_CHARS]
