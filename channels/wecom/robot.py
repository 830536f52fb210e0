"""The way out to WeCom groups: the robot's webhook, 20 messages a minute, parts by bytes."""

from datetime import timedelta
from functools import partial
from typing import override

from channels.outgoing import make_client, post, send_in_order
from channels.rates import SlidingWindow
from channels.texts import split
from channels.wecom.api import read_answer
from channels.wecom.content import MARKDOWN_BYTES, render
from channels.wecom.errcodes import WORDS, demand_success
from channels.wecom.settings import ROBOT, WeComRobotSettings
from channels.words import words
from core.domain.conversations import Address, Reply
from core.domain.deliveries import Delivery, Receipt
from core.domain.errors import RefusedSendError, RetrySendError
from core.domain.troubles import Trouble
from core.ports.clock import Clock
from core.ports.sender import Sender

_WINDOW = timedelta(seconds=61)


class WeComRobotSender(Sender):
    """Sends to the group of the robot that the address names.

    The platform has no idempotency key: what may have arrived is never sent again. A message of
    several parts waits until the minute has room for all; once its first part has arrived, a
    failure leaves it unknown, as every attempt would begin anew.
    """

    def __init__(self, settings: WeComRobotSettings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._url = settings.api_base.rstrip("/") + "/cgi-bin/webhook/send"
        self._client = make_client(settings.timeout)
        self._windows = {
            name: SlidingWindow(settings.per_minute, _WINDOW) for name in settings.keys
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
            raise RefusedSendError(f"no WeCom robot is configured under the name {robot!r}")
        text = shown(delivery.message.reply)
        parts = split(text, MARKDOWN_BYTES, words("robot", WORDS)["continued"])
        self._take_turns(robot, delivery.message.key, len(parts))
        send_in_order(parts, partial(self._send_part, robot), whom="the group")
        return Receipt()

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _take_turns(self, robot: str, key: str, parts: int) -> None:
        if parts > self._settings.per_minute:
            raise RefusedSendError(f"{parts} parts are more than WeCom robot {robot!r} may send")
        wait = self._windows[robot].turn(key, self._clock.now(), parts)
        if wait:
            raise RetrySendError(
                f"WeCom robot {robot!r} has sent all it may this minute",
                retry_after=wait,
                trouble=Trouble.WAIT,
            )

    def _send_part(self, robot: str, part: str) -> None:
        response = post(
            self._client,
            self._url,
            to=f"WeCom robot {robot!r}",
            params={"key": self._settings.keys[robot]},
            json={"msgtype": "markdown", "markdown": {"content": part}},
        )
        to = f"robot {robot!r}"
        demand_success(read_answer(response, to, self._clock)["errcode"], to=to)


def shown(reply: Reply) -> str:
    """A reply as a group reads it."""
    return render(reply, words("robot", WORDS))
