"""The way out to persons and groups of DingTalk."""

from datetime import timedelta
from functools import partial
from typing import Any, override

from channels.dingtalk.api.client import DingTalkApi
from channels.dingtalk.api.errcodes import SessionOverError, demand_success
from channels.dingtalk.api.sessions import Sessions
from channels.dingtalk.content import Content, render
from channels.dingtalk.messages import GROUP, GUEST, STAFF
from channels.dingtalk.settings import CHANNEL, DingTalkSettings
from channels.outgoing import send_in_order
from channels.rates import Rate, TokenBuckets
from core.domain.conversations import Address
from core.domain.deliveries import Delivery, Receipt
from core.domain.errors import RefusedSendError, RetrySendError
from core.domain.troubles import Trouble
from core.ports.clock import Clock
from core.ports.sender import Sender
from core.ports.unit_of_work import Units

_TO_GROUP = "/v1.0/robot/groupMessages/send"
_TO_PERSON = "/v1.0/robot/oToMessages/batchSend"
_OF_APP = Rate(burst=20, per_second=20)
_OF_CONVERSATION = Rate(burst=10, per_second=10 / 60)
"""What a robot may say in one conversation: 20 in any minute."""


class DingTalkSender(Sender):
    """Answers where the conversation's newest message said, while that holds; else by the API.

    Neither has an idempotency key: what may have arrived is never sent again. Once the first part
    of several has arrived, a failure leaves the message unknown.
    """

    def __init__(self, settings: DingTalkSettings, units: Units, clock: Clock) -> None:
        self._robot_code = settings.robot_code
        self._api = DingTalkApi(settings, units, clock)
        self._sessions = Sessions(
            base=settings.oapi_base, secret=settings.app_secret, units=units, clock=clock
        )
        self._app = TokenBuckets(_OF_APP, clock)
        self._conversations = TokenBuckets(_OF_CONVERSATION, clock)

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
        if address.user.partition("/")[0] not in {STAFF, GUEST, GROUP}:
            raise RefusedSendError("a DingTalk address begins with staff/, guest/ or group/")
        parts = render(delivery.message.reply)
        self._take_turns(address.user, len(parts))
        send_in_order(parts, partial(self._say, address), whom="the conversation")
        return Receipt()

    def close(self) -> None:
        """Close the connections."""
        self._api.close()

    def _take_turns(self, user: str, parts: int) -> None:
        """Have room for all parts before the first leaves."""
        if parts > _OF_CONVERSATION.burst:
            raise RefusedSendError(f"{parts} parts are more than a robot may say at once")
        for _ in range(parts):
            wait = self._conversations.take(user) or self._app.take("")
            if wait:
                said = "DingTalk has been sent all it takes in a moment"
                after = timedelta(seconds=wait)
                raise RetrySendError(said, retry_after=after, trouble=Trouble.WAIT)

    def _say(self, address: Address, part: Content) -> None:
        session = self._sessions.of(address)
        if session is not None:
            try:
                self._api.say(session, part.for_robots)
            except SessionOverError:
                self._sessions.forget(address)
            else:
                return
        kind, _, whom = address.user.partition("/")
        said: dict[str, Any] = {
            "robotCode": self._robot_code,
            "msgKey": part.key,
            "msgParam": part.param,
        }
        if kind == GROUP:
            self._api.post(_TO_GROUP, said | {"openConversationId": whom})
        elif kind == STAFF:
            _demand_reached(self._api.post(_TO_PERSON, said | {"userIds": [whom]}), whom)
        else:
            raise RefusedSendError(
                "a person from outside the organisation can be answered only while the "
                "conversation's address holds; it has ended",
                trouble=Trouble.ELSEWHERE,
            )


def _demand_reached(answer: Any, whom: str) -> None:  # noqa: ANN401 -- as the platform wrote it
    """DingTalk says yes even when the only recipient was left out."""
    for name, code in (
        ("invalidStaffIdList", "invalidParameter.userIds"),
        ("flowControlledStaffIdList", "Throttling"),
    ):
        left_out = answer.get(name)
        if isinstance(left_out, list) and whom in left_out:
            demand_success(code, wait=timedelta(seconds=60))
