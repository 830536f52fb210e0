"""The way out to a group's robot (自定义机器人): signed, 5 a second and 100 a minute."""

from datetime import timedelta
from functools import partial
from typing import override

from channels.feishu.api.client import read_answer
from channels.feishu.api.errcodes import demand_success
from channels.feishu.content import Content, render_robot
from channels.feishu.sealing import robot_sign
from channels.feishu.settings import ROBOT, FeishuRobotSettings
from channels.outgoing import make_client, post, send_in_order
from channels.rates import SlidingWindow
from core.domain.conversations import Address
from core.domain.deliveries import Delivery, Receipt
from core.domain.errors import RefusedSendError, RetrySendError
from core.domain.troubles import Trouble
from core.ports.clock import Clock
from core.ports.sender import Sender

_SECOND = timedelta(seconds=1.1)
_MINUTE = timedelta(seconds=61)


class FeishuRobotSender(Sender):
    """Sends to the group of the robot that the address names.

    A robot's messages have no idempotency key: what may have arrived is never sent again. Once
    the first part of several has arrived, a failure leaves the message unknown.
    """

    def __init__(self, settings: FeishuRobotSettings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._base = settings.api_base.rstrip("/") + "/open-apis/bot/v2/hook/"
        self._client = make_client(settings.timeout)
        self._windows = {
            name: (
                SlidingWindow(settings.per_second, _SECOND),
                SlidingWindow(settings.per_minute, _MINUTE),
            )
            for name in settings.keys
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
        if robot not in self._settings.keys:
            raise RefusedSendError(f"no Feishu robot is configured under the name {robot!r}")
        parts = render_robot(delivery.message.reply)
        self._take_turns(robot, delivery.message.key, len(parts))
        send_in_order(parts, partial(self._send_part, robot), whom="the group")
        return Receipt()

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _take_turns(self, robot: str, key: str, parts: int) -> None:
        if parts > self._settings.per_second:
            raise RefusedSendError(f"{parts} parts are more than Feishu robot {robot!r} may send")
        now = self._clock.now()
        for window in self._windows[robot]:
            wait = window.turn(key, now, parts)
            if wait:
                said = f"Feishu robot {robot!r} has sent all it may in a moment"
                raise RetrySendError(said, retry_after=wait, trouble=Trouble.WAIT)

    def _send_part(self, robot: str, part: Content) -> None:
        secret = self._settings.secrets.get(robot)
        signed = robot_sign(secret, self._clock.now()) if secret else {}
        response = post(
            self._client,
            self._base + self._settings.keys[robot],
            to=f"Feishu robot {robot!r}",
            json={**signed, "msg_type": part.kind, "content": part.body},
        )
        demand_success(read_answer(response, f"robot {robot!r}", self._clock)["code"])
