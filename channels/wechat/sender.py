"""The way out: customer-service messages, as many as the platform takes for this person."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from types import MappingProxyType
from typing import Any, override

from channels.choices import entry_id
from channels.texts import split
from channels.wechat.api.client import WeChatApi
from channels.wechat.api.errcodes import ClosedWindowError
from channels.wechat.content import MOST_BYTES, escape, labels, render, render_told
from channels.wechat.messages import WINDOWS, Window
from channels.wechat.notices import (
    Happening,
    Notice,
    Way,
    consent_to,
    happening,
    render_notice,
)
from channels.wechat.settings import CHANNEL
from core.domain.conversations import Address
from core.domain.deliveries import Delivery, Receipt
from core.domain.errors import RefusedSendError, RetrySendError, SendError, UnknownSendError
from core.domain.parts import Appointment
from core.domain.troubles import NO_CODE, Coded, Trouble
from core.ports.clock import Clock
from core.ports.sender import Sender
from core.ports.unit_of_work import Units

SEND = "/cgi-bin/message/custom/send"

MOST_AT_ONCE = max(most for most, _ in WINDOWS.values())

_MOST_ENTRIES = 9
"""Choices in a menu that can be tapped; more are numbered in the text."""

_UNTIL_THEY_WRITE = timedelta(days=1)
"""How long a message waits that may not be sent now; the person's next word ends the wait."""


class WeChatSender(Sender):
    """Sends to followers who wrote, tapped or scanned lately; to others, notices of dates.

    The platform counts what it takes after each of these; the count is kept in the database, and
    what is over it waits for the person's next message. There is no idempotency key: what may have
    arrived is never sent again, and once the first part of several has, a failure leaves the
    message unknown.
    """

    def __init__(
        self,
        api: WeChatApi,
        units: Units,
        clock: Clock,
        *,
        notices: Mapping[Happening, Notice] = MappingProxyType({}),
    ) -> None:
        self._api = api
        self._notices = notices
        self._units = units
        self._clock = clock

    @property
    @override
    def channel(self) -> str:
        return CHANNEL

    @property
    @override
    def repeatable(self) -> bool:
        return False

    @override
    def send(self, delivery: Delivery) -> Receipt:
        address = delivery.message.address
        bodies = render_bodies(delivery)
        if len(bodies) > MOST_AT_ONCE:
            raise RefusedSendError(f"{len(bodies)} parts are more than WeChat takes at once")
        taken = self._take(address, list(Window), len(bodies))
        if not taken:
            return self._notify(delivery, "no message may be sent to this person now")
        for number, body in enumerate(bodies):
            try:
                self._api.call(SEND, body)
            except SendError as error:
                self._account_for(address, taken, error, sent=number)
                if number == 0 and _closed(error):
                    return self._notify(delivery, str(error))
                if number == 0:
                    raise
                said = f"the person has {number} of {len(bodies)} parts, and then: {error}"
                raise UnknownSendError(said) from None
        return Receipt()

    def close(self) -> None:
        """Close the connections."""
        self._api.close()

    def _notify(self, delivery: Delivery, why: str) -> Receipt:
        """Tell of a date by the account's notice; all else waits for the person's next word."""
        address, parts = delivery.message.address, delivery.message.reply.parts
        date = next((one for one in parts if isinstance(one, Appointment)), None)
        notice = self._notices.get(happening(date)) if date else None
        if date is None or notice is None:
            raise _later(why)
        names = [consent_to(notice.template)]
        taken: Mapping[str, int] = {}
        if notice.way is Way.NOTICE:
            taken = self._take(address, names, 1)
            if not taken:
                raise _later("the person has consented to no more of this notice")
        body = render_notice(notice, date, user=address.user, key=str(delivery.id))
        try:
            self._api.call(notice.path, body)
        except SendError as error:
            self._account_for(address, taken, error, names=names)
            raise (_later(str(error), error.coded) if _closed(error) else error) from None
        return Receipt()

    def _take(self, address: Address, names: Sequence[str], count: int) -> Mapping[str, int]:
        with self._units() as unit:
            taken = unit.allowances.take(address, names, count, self._clock.now())
            unit.commit()
        return taken

    def _account_for(
        self,
        address: Address,
        taken: Mapping[str, int],
        error: SendError,
        *,
        names: Sequence[str] = tuple(Window),
        sent: int = 0,
    ) -> None:
        """Believe the platform when it says that nothing is left, or that it took nothing."""
        with self._units() as unit:
            if _closed(error):
                unit.allowances.end(address, names)
            elif sent == 0 and not isinstance(error, UnknownSendError):
                unit.allowances.give_back(address, taken)
            unit.commit()


def render_bodies(delivery: Delivery) -> list[dict[str, Any]]:
    """The requests that say it: texts, and its choices as a menu whose entries can be tapped."""
    message = delivery.message
    reply, user = message.reply, message.address.user
    entries = [
        {"id": entry_id(delivery, number), "content": escape(one.title)}
        for number, one in enumerate(reply.choices, start=1)
    ]
    if len(entries) > _MOST_ENTRIES:
        entries = []
    room = MOST_BYTES - sum(len(entry["content"].encode()) + 2 for entry in entries)
    text = render_told(reply) if entries else render(reply)
    parts = split(text, room, labels()["continued"])
    bodies: list[dict[str, Any]] = [
        {"touser": user, "msgtype": "text", "text": {"content": part}} for part in parts
    ]
    if entries:
        menu = {"head_content": parts[-1], "list": entries, "tail_content": ""}
        bodies[-1] = {"touser": user, "msgtype": "msgmenu", "msgmenu": menu}
    return bodies


def _closed(error: SendError) -> bool:
    return isinstance(error, ClosedWindowError)


def _later(said: str, coded: Coded = NO_CODE) -> RetrySendError:
    return RetrySendError(said, trouble=Trouble.WAIT, retry_after=_UNTIL_THEY_WRITE, coded=coded)
