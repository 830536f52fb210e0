"""The way out of the smart robot that is called back: what no stream takes goes to an address.

Every message brings an address that takes one more answer within the hour; beyond that the robot
may not write by itself, so the rest waits for the person's next word.
"""

from datetime import timedelta
from typing import override

from channels.envelopes import BadEnvelopeError
from channels.outgoing import make_client, post
from channels.wecom.api import read_answer
from channels.wecom.bot.content import markdown, markdown_of
from channels.wecom.bot.hearing import WAY
from channels.wecom.bot.messages import CARD
from channels.wecom.bot.streams import ASKED_FOR
from channels.wecom.bot.ways import envelopes_of, open_way
from channels.wecom.errcodes import demand_success
from channels.wecom.settings import BOT, WeComBotSettings
from core.domain.conversations import Address
from core.domain.deliveries import Delivery, Receipt
from core.domain.errors import RetrySendError
from core.domain.troubles import Trouble
from core.ports.clock import Clock
from core.ports.sender import Sender
from core.ports.unit_of_work import Units

_UNTIL_THEY_WRITE = timedelta(days=1)
"""How long a message waits that may not be sent now; the person's next word ends the wait."""

_GRACE = timedelta(seconds=5)


class WeComBotSender(Sender):
    """Sends what the streams did not take.

    The address takes one message and knows no repetition: what may have arrived is not sent again.
    """

    def __init__(self, settings: WeComBotSettings, units: Units, clock: Clock) -> None:
        self._envelopes = envelopes_of(settings)
        self._units = units
        self._clock = clock
        self._client = make_client(settings.timeout)

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
        key = self._demand_no_stream(delivery)
        address = delivery.message.address
        name, url = self._take_way(address, key)
        to = "the robot's answer"
        body = markdown(markdown_of([delivery.message.reply]))
        try:
            response = post(self._client, url, to=to, json=body)
            answer = read_answer(response, to, self._clock)
            demand_success(answer["errcode"], to=to, attempts=delivery.attempts)
        except RetrySendError:
            with self._units() as unit:
                unit.allowances.give_back(address, {name: 1})
                unit.commit()
            raise
        return Receipt()

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _demand_no_stream(self, delivery: Delivery) -> str:
        """The message that this answers, or an empty text.

        Raises:
            RetrySendError: WeCom still asks for the answer: it is given there.
        """
        entry_id = delivery.message.reply_to
        if entry_id is None:
            return ""
        with self._units() as unit:
            entry = unit.inbox.get(entry_id)
        left = entry.received_at + ASKED_FOR + _GRACE - self._clock.now()
        if left > timedelta(0) and not entry.message.message_id.startswith(CARD):
            said = "the stream of its question is still open"
            raise RetrySendError(said, retry_after=left, trouble=Trouble.WAIT)
        return entry.message.message_id

    def _take_way(self, address: Address, key: str) -> tuple[str, str]:
        """Use an address: that of the message this answers, else the one that holds longest."""
        now = self._clock.now()
        with self._units() as unit:
            ways = [one for one in unit.allowances.of(address, now) if one.name.startswith(WAY)]
            ways.sort(key=lambda one: (one.name == WAY + key, one.until or now), reverse=True)
            for one in ways:
                if not unit.allowances.take(address, [one.name], 1, now):
                    continue
                unit.commit()
                try:
                    return one.name, open_way(self._envelopes, one.source)
                except BadEnvelopeError:
                    continue  # the robot's key has been changed since
        said, wait = "the robot may not write to them now", _UNTIL_THEY_WRITE
        raise RetrySendError(said, retry_after=wait, trouble=Trouble.WAIT)
