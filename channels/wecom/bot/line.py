"""The long connection of the smart robot (长连接, document 101463): frames of JSON both ways.

Each frame of ours is answered by one with its `req_id`, in the order they were sent. WeCom pushes
a message once; an answer names the push's `req_id`, and a stream said again is seen once.
"""

import json
import logging
import secrets
import time
from collections import defaultdict, deque
from concurrent.futures import Future
from concurrent.futures import TimeoutError as TooLateError
from contextlib import suppress
from datetime import timedelta
from threading import Lock
from typing import Any

from channels.bodies import BadBodyError, Fields, read_body, text_of
from channels.connections import HungUpError, Line
from channels.errors import RefusedRequestError
from channels.rates import TokenBuckets
from channels.wecom.bot.content import said, stream, welcome
from channels.wecom.bot.hearing import Hearing
from channels.wecom.bot.messages import Act, Incoming, parse
from channels.wecom.bot.streams import stream_of
from channels.wecom.errcodes import WORDS, demand_success
from channels.wecom.settings import WeComLineSettings
from channels.words import words
from core.domain.conversations import InboundState
from core.domain.errors import RefusedSendError, RetrySendError, UnknownSendError
from core.domain.troubles import Trouble
from core.ports.unit_of_work import Units
from core.services.conversations import AcceptInbound

logger = logging.getLogger(__name__)

SUBSCRIBE = "aibot_subscribe"
RESPOND = "aibot_respond_msg"
WELCOME = "aibot_respond_welcome_msg"
UPDATE = "aibot_respond_update_msg"
PUSH = "aibot_send_msg"

ANSWERED_FOR = timedelta(hours=24)
"""How long after a message its `req_id` takes answers."""

_TOLD = frozenset({"aibot_msg_callback", "aibot_event_callback"})
_BEGIN_S = 10.0
_ACK_S = 5.0
_MISSED_PINGS = 2


class WeComLine:
    """The talk of one robot; `users` limits each member and group."""

    ping_seconds = 30.0

    def __init__(
        self,
        settings: WeComLineSettings,
        *,
        accept: AcceptInbound,
        units: Units,
        users: TokenBuckets,
    ) -> None:
        self._settings = settings
        self._units = units
        self._clock = accept.clock
        self._line: Line | None = None
        self._order = Lock()
        self._waiting: defaultdict[str, deque[Future[int]]] = defaultdict(deque)
        self._replaced = False
        self._missed = 0
        self._req_id = ""
        self._hearing = Hearing(
            accept=accept, units=units, users=users, way=self._way, lasts=ANSWERED_FOR
        )

    @property
    def name(self) -> str:
        """Whose connection it is."""
        return f"wecom-bot:{self._settings.bot_id}"

    def address(self) -> str:
        """Where to connect to.

        Raises:
            RefusedSendError: another program took the connection from us, and would again.
        """
        if self._replaced:
            self._replaced = False
            raise RefusedSendError("another program uses this WeCom robot's connection")
        return self._settings.url

    def begin(self, line: Line) -> None:
        """Say who we are, and wait for WeCom's word.

        Raises:
            SendError: it does not take us.
            HungUpError: it says nothing.
        """
        with self._order:
            self._forget()
            self._line, self._missed = line, 0
        req_id = _fresh(SUBSCRIBE)
        who = {"bot_id": self._settings.bot_id, "secret": self._settings.secret}
        line.send(_frame(SUBSCRIBE, req_id, who))
        deadline = time.monotonic() + _BEGIN_S
        while (left := deadline - time.monotonic()) > 0:
            frame = line.receive(left)
            fields = _read(frame) if frame is not None else {}
            if _req_id(fields) == req_id:
                demand_success(_errcode(fields), to=SUBSCRIBE)
                return
        raise HungUpError("WeCom did not answer the subscription")

    def ping(self, line: Line) -> None:
        """Say that we are there; after two without an answer there is nobody.

        Raises:
            HungUpError: nobody is there.
        """
        if self._missed >= _MISSED_PINGS:
            raise HungUpError("WeCom has not answered the last pings")
        self._missed += 1
        line.send(json.dumps({"cmd": "ping", "headers": {"req_id": _fresh("ping")}}))

    def hear(self, frame: str | bytes, line: Line) -> None:
        """Take one frame.

        Raises:
            HungUpError: another connection of the same robot has taken over.
            BadBodyError: it cannot be understood.
        """
        fields = _read(frame)
        req_id = _req_id(fields)
        if text_of(fields, "cmd") not in _TOLD:
            self._acknowledged(req_id, _errcode(fields))
            return
        body = fields.get("body")
        incoming = parse(
            body if isinstance(body, dict) else {},
            now=self._clock.now(),
            name=self._settings.name,
            greeting=words("events", WORDS)["greeting"],
        )
        self._req_id = req_id
        self._take(incoming, line)

    def close(self) -> None:
        """Nothing is kept open."""

    def say(self, command: str, body: dict[str, Any], req_id: str = "") -> int:
        """Say something and wait for WeCom's word on it: the errcode.

        Raises:
            RetrySendError: it was not said: there is no connection.
            UnknownSendError: it was, and no word came.
        """
        with self._order:
            if self._line is None:
                raise RetrySendError("there is no connection to WeCom now", trouble=Trouble.WAIT)
            req_id = req_id or _fresh(command)
            heard = self._send(self._line, command, req_id, body)
        try:
            return heard.result(_ACK_S)
        except (TooLateError, HungUpError):
            with self._order, suppress(ValueError):
                self._waiting[req_id].remove(heard)  # the next word is for what is said next
            raise UnknownSendError("WeCom gave no word on what it was told") from None

    def _send(self, line: Line, command: str, req_id: str, body: dict[str, Any]) -> Future[int]:
        heard: Future[int] = Future()
        try:
            line.send(_frame(command, req_id, body))
        except HungUpError as error:
            raise RetrySendError(str(error), trouble=Trouble.WAIT) from None  # it is opened again
        self._waiting[req_id].append(heard)
        return heard

    def _take(self, incoming: Incoming, line: Line) -> None:
        match incoming.act:
            case Act.SAID:
                self._heard(incoming, line)
            case Act.ENTERED:
                self._reply(line, WELCOME, welcome())
            case Act.PRESSED:
                face = self._hearing.press(incoming)
                if face is not None:
                    self._reply(line, UPDATE, face)
            case Act.REPLACED:
                self._replaced = True
                raise HungUpError("another connection of the same WeCom robot has taken over")
            case Act.JUDGED | Act.NOTHING | Act.ASKED_AGAIN:
                self._hearing.judge(incoming)  # which is nothing, for the others

    def _heard(self, incoming: Incoming, line: Line) -> None:
        # The answer must not come before the word that it is being looked up.
        with self._order:
            try:
                entry = self._hearing.say(incoming)
            except RefusedRequestError as error:
                refused = stream(self._req_id, words("refusals")[error.code], finish=True)
                self._send(line, RESPOND, self._req_id, refused)
                return
            with self._units() as unit:
                begun = bool(unit.outbox.replies_to(entry.id))
            if entry.state is InboundState.RECEIVED and not begun:
                looking = stream(stream_of(entry.id), said("looking"), finish=False)
                self._send(line, RESPOND, self._req_id, looking)

    def _reply(self, line: Line, command: str, body: dict[str, Any]) -> None:
        with self._order:
            self._send(line, command, self._req_id, body)

    def _way(self, incoming: Incoming) -> str:
        """What answers to a message name; the press of a button takes no answer but its card."""
        return self._req_id if incoming.act is Act.SAID else ""

    def _acknowledged(self, req_id: str, errcode: int) -> None:
        self._missed = 0
        with self._order:
            waiting = self._waiting.get(req_id)
            heard = waiting.popleft() if waiting else None
            if not waiting:
                self._waiting.pop(req_id, None)
        if heard is not None:
            heard.set_result(errcode)
        if errcode:
            logger.warning("WeCom's robot was answered with errcode %d", errcode)

    def _forget(self) -> None:
        """What was said on the connection before is answered by nobody any more."""
        for waiting in self._waiting.values():
            for heard in waiting:
                with suppress(Exception):
                    heard.set_exception(HungUpError("the connection has ended"))
        self._waiting.clear()


def _read(frame: str | bytes) -> Fields:
    return read_body(frame.encode("utf-8", "replace") if isinstance(frame, str) else frame)


def _frame(command: str, req_id: str, body: dict[str, Any]) -> str:
    said = {"cmd": command, "headers": {"req_id": req_id}, "body": body}
    return json.dumps(said, ensure_ascii=False)


def _req_id(fields: Fields) -> str:
    headers = fields.get("headers")
    return text_of(headers, "req_id") if isinstance(headers, dict) else ""


def _errcode(fields: Fields) -> int:
    errcode = fields.get("errcode")
    if not isinstance(errcode, int):
        raise BadBodyError("the frame has no errcode")
    return errcode


def _fresh(command: str) -> str:
    return f"{command}_{secrets.token_hex(8)}"
