"""The way out of the smart robot over its long connection: streams for answers, else pushes."""

from datetime import timedelta
from typing import Any, override

from channels.rates import SlidingWindow
from channels.wecom.bot.content import card, card_among, markdown, markdown_of, stream
from channels.wecom.bot.hearing import WAY
from channels.wecom.bot.line import PUSH, RESPOND, WeComLine
from channels.wecom.bot.messages import GROUP
from channels.wecom.bot.streams import ASKED_FOR, stream_of
from channels.wecom.errcodes import demand_success
from channels.wecom.settings import BOT
from core.domain.deliveries import Delivery, Receipt
from core.domain.errors import RetrySendError, UnknownSendError
from core.domain.troubles import Trouble
from core.ports.clock import Clock
from core.ports.sender import Sender
from core.ports.unit_of_work import Units

PER_MINUTE, PER_HOUR = 30, 1000
"""Of one conversation (document 101463)."""

_ENDED = frozenset({846605, 846608})
"""The `req_id` takes no answer any more; the stream is older than WeCom goes on with it."""

_MINUTE = timedelta(seconds=61)
_HOUR = timedelta(seconds=3601)
_AGAIN = timedelta(seconds=2)
_MOST_CONVERSATIONS = 20_000


class WeComLineTalk(WeComLine):
    """The talk of one robot, over which messages go out, too."""

    @property
    def sender(self) -> Sender:
        """The way out."""
        return WeComLineSender(self, self._units, self._clock)


class WeComLineSender(Sender):
    """Answers a message in its stream, which said again is seen once; else pushes.

    A push knows no repetition: what may have arrived is not sent again.
    """

    def __init__(self, line: WeComLine, units: Units, clock: Clock) -> None:
        self._line = line
        self._units = units
        self._clock = clock
        self._unsure: set[int] = set()
        self._windows: dict[str, tuple[SlidingWindow, SlidingWindow]] = {}

    @property
    @override
    def channel(self) -> str:
        return BOT

    @property
    @override
    def repeatable(self) -> bool:
        return False

    @override
    def send(self, delivery: Delivery) -> Receipt:
        self._take_turn(delivery)
        way, stream_id = self._way(delivery)
        if not (way and self._stream(delivery, way, stream_id)):
            self._push(delivery)
        self._unsure.discard(delivery.id)
        return Receipt()

    def _stream(self, delivery: Delivery, way: str, stream_id: str) -> bool:
        """Whether the answer could be given in its stream.

        Raises:
            RetrySendError: nobody knows; the same stream may be said again.
            UnknownSendError: nobody knows, and it can no longer be said again.
        """
        body = stream(
            stream_id,
            markdown_of([delivery.message.reply]),
            finish=True,
            card=card_among([delivery]),
        )
        try:
            errcode = self._line.say(RESPOND, body, way)
        except UnknownSendError as error:
            self._unsure.add(delivery.id)
            raise RetrySendError(str(error), retry_after=_AGAIN) from None
        if errcode not in _ENDED:
            demand_success(errcode, to=RESPOND, attempts=delivery.attempts)
            return True
        if delivery.id in self._unsure:
            raise UnknownSendError("the stream has ended, with or without this answer")
        return False

    def _push(self, delivery: Delivery) -> None:
        bodies = [markdown(markdown_of([delivery.message.reply]))]
        if card_among([delivery]):
            bodies.append(card(delivery))
        for number, body in enumerate(bodies):
            try:
                errcode = self._line.say(PUSH, {**_to(delivery), **body})
                demand_success(errcode, to=PUSH, attempts=delivery.attempts)
            except RetrySendError as error:
                if number:
                    raise UnknownSendError(f"the text has arrived, and then: {error}") from None
                raise

    def _way(self, delivery: Delivery) -> tuple[str, str]:
        """What an answer names, and its stream; nothing for what answers no message."""
        entry_id = delivery.message.reply_to
        if entry_id is None:
            return "", ""
        now = self._clock.now()
        with self._units() as unit:
            entry = unit.inbox.get(entry_id)
            ways = unit.allowances.of(delivery.message.address, now)
            first = unit.outbox.replies_to(entry_id)[0].id == delivery.id
        if now - entry.received_at > ASKED_FOR:
            return "", ""
        named = [one.source for one in ways if one.name == WAY + entry.message.message_id]
        own = stream_of(entry_id)  # it already says that the answer is being looked up
        return (named or [""])[0], own if first else f"{own}.{delivery.id}"

    def _take_turn(self, delivery: Delivery) -> None:
        user = delivery.message.address.user
        while user not in self._windows and len(self._windows) >= _MOST_CONVERSATIONS:
            del self._windows[next(iter(self._windows))]  # the one that came first
        windows = self._windows.setdefault(
            user, (SlidingWindow(PER_MINUTE, _MINUTE), SlidingWindow(PER_HOUR, _HOUR))
        )
        for window in windows:
            wait = window.turn(delivery.message.key, self._clock.now())
            if wait:
                said = "this conversation has been told all that WeCom shows in a while"
                raise RetrySendError(said, retry_after=wait, trouble=Trouble.WAIT)


def _to(delivery: Delivery) -> dict[str, Any]:
    user = delivery.message.address.user
    if user.startswith(GROUP):
        return {"chatid": user.removeprefix(GROUP), "chat_type": 2}
    return {"chatid": user, "chat_type": 1}
