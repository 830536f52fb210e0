"""The way out to a group's robot (自定义机器人): signed, 20 a minute."""

from datetime import timedelta
from functools import partial
from typing import override

from channels.dingtalk.api.client import say
from channels.dingtalk.content import Content, render_robot
from channels.dingtalk.settings import ROBOT, DingTalkRobotSettings
from channels.dingtalk.signing import signed
from channels.outgoing import make_client, send_in_order
from channels.rates import SlidingWindow
from core.domain.conversations import Address
from core.domain.deliveries import Delivery, Receipt
from core.domain.errors import RefusedSendError, RetrySendError
from core.domain.troubles import Trouble
from core.ports.clock import Clock
from core.ports.sender import Sender

_MINUTE = timedelta(seconds=61)


class DingTalkRobotSender(Sender):
    """Sends to the group of the robot that the address names.

    A robot's messages have no idempotency key: what may have arrived is never sent again. Once
    the first part of several has arrived, a failure leaves the message unknown.
    """

    def __init__(self, settings: DingTalkRobotSettings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._url = settings.oapi_base.rstrip("/") + "/robot/send"
        self._client = make_client(settings.timeout)
        self._windows = {
            name: SlidingWindow(settings.per_minute, _MINUTE) for name in settings.tokens
        }

    @property
    @override
    def channel(self) -> str:
        return ROBOT

    @property
    @override
    def repeatable(self) -> bool:
        return False

    @override
    def route(self, address: Address) -> str:
        return str(address)

    @override
    def send(self, delivery: Delivery) -> Receipt:
        robot = delivery.message.address.user
        if robot not in self._settings.tokens:
            raise RefusedSendError(f"no DingTalk robot is configured under the name {robot!r}")
        parts = render_robot(delivery.message.reply)
        self._take_turns(robot, delivery.message.key, len(parts))
        send_in_order(parts, partial(self._send_part, robot), whom="the group")
        return Receipt()

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _take_turns(self, robot: str, key: str, parts: int) -> None:
        if parts > self._settings.per_minute:
            raise RefusedSendError(
                f"{parts} parts are more than DingTalk robot {robot!r} may send"
            )
        wait = self._windows[robot].turn(key, self._clock.now(), parts)
        if wait:
            said = f"DingTalk robot {robot!r} has sent all it may this minute"
            raise RetrySendError(said, retry_after=wait, trouble=Trouble.WAIT)

    def _send_part(self, robot: str, part: Content) -> None:
        token = {"access_token": self._settings.tokens[robot]}
        say(
            self._client,
            self._url,
            part.for_robots,
            clock=self._clock,
            to=f"DingTalk robot {robot!r}",
            params=token | signed(self._settings.secrets.get(robot), self._clock.now()),
        )
