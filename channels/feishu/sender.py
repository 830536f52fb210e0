"""The way out to persons and groups of Feishu."""

import hashlib
import time
from collections.abc import Callable
from datetime import timedelta
from typing import override

from channels.feishu.api.client import FeishuApi
from channels.feishu.api.errcodes import AnsweredElsewhereError
from channels.feishu.content import Content, render
from channels.feishu.messages import answered
from channels.feishu.settings import CHANNEL, FeishuSettings
from channels.rates import Rate, TokenBuckets
from core.domain.deliveries import Delivery, Receipt
from core.domain.errors import RefusedSendError, RetrySendError
from core.domain.troubles import Trouble
from core.ports.clock import Clock
from core.ports.sender import Sender
from core.ports.unit_of_work import Units

_MESSAGES = "/open-apis/im/v1/messages"
_KINDS = {"ou_": "open_id", "oc_": "chat_id"}
_OF_APP = (Rate(burst=50, per_second=50), Rate(burst=1000, per_second=1000 / 60))
_OF_ADDRESS = Rate(burst=5, per_second=5)
_SECOND = 1.0
_UUID_CHARS = 40


class FeishuSender(Sender):
    """Answers the message that asked, else writes to the person or group.

    Each part has a `uuid` made from its delivery: within an hour Feishu shows it once, however
    often it is sent.
    """

    def __init__(
        self,
        settings: FeishuSettings,
        units: Units,
        clock: Clock,
        *,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._pause = pause
        self._units = units
        self._clock = clock
        self._api = FeishuApi(settings, units, clock)
        self._app = [TokenBuckets(rate, clock) for rate in _OF_APP]
        self._addresses = TokenBuckets(_OF_ADDRESS, clock)

    @property
    @override
    def channel(self) -> str:
        return CHANNEL

    @property
    @override
    def repeatable(self) -> bool:
        return True

    @override
    def send(self, delivery: Delivery) -> Receipt:
        user = delivery.message.address.user
        if user[:3] not in _KINDS:
            raise RefusedSendError("a Feishu address begins with ou_ (a person) or oc_ (a group)")
        asked = self._asked(delivery)
        platform_id = ""
        for number, content in enumerate(render(delivery.message.reply, to=user, on=delivery.id)):
            self._take_turn(user, begun=number > 0)
            platform_id = self._say(content, _uuid(delivery, number), user=user, asked=asked)
        return Receipt(platform_id=platform_id)

    def close(self) -> None:
        """Close the connections."""
        self._api.close()

    def _asked(self, delivery: Delivery) -> str:
        """The message that this answers, as Feishu calls it; empty when it answers none."""
        entry = delivery.message.reply_to
        if entry is None:
            return ""
        with self._units() as unit:
            return answered(unit.inbox.get(entry).message.message_id)

    def _say(self, content: Content, uuid: str, *, user: str, asked: str) -> str:
        body = {"msg_type": content.kind, "content": content.written, "uuid": uuid}
        if asked:
            try:
                return _id(self._api.post(f"{_MESSAGES}/{asked}/reply", body))
            except AnsweredElsewhereError:
                pass  # it was taken back: its answer is written below it all
        kind = _KINDS[user[:3]]
        return _id(self._api.post(_MESSAGES, {**body, "receive_id": user}, receive_id_type=kind))

    def _take_turn(self, user: str, *, begun: bool) -> None:
        """Wait for a turn; a message that is not begun waits in the outbox."""
        for buckets, key in ((self._addresses, user), *((one, "") for one in self._app)):
            wait = buckets.take(key)
            if wait and begun:
                self._pause(max(wait, _SECOND))  # Feishu counts any second
                wait = buckets.take(key)
            if wait:
                said = "Feishu has been sent all it takes in a moment"
                after = timedelta(seconds=wait)
                raise RetrySendError(said, retry_after=after, trouble=Trouble.WAIT)


def _uuid(delivery: Delivery, part: int) -> str:
    """The same at every attempt, and no other site's: at most 50 characters."""
    made_of = f"{delivery.id}:{delivery.message.key}:{delivery.created_at.isoformat()}"
    return f"{hashlib.sha256(made_of.encode()).hexdigest()[:_UUID_CHARS]}-{part}"


def _id(answer: object) -> str:
    data = answer.get("data") if isinstance(answer, dict) else None
    return str(data.get("message_id", "")) if isinstance(data, dict) else ""
