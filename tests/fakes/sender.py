"""A platform that takes messages, or refuses them when told to."""

from collections.abc import Iterable
from typing import override

from core.domain.deliveries import Delivery, Receipt
from core.domain.errors import SendError
from core.ports.sender import Sender


class FakeSender(Sender):
    """Keeps what it is given in `sent`; raises the next of `failures` instead while there are any.

    `attempts` lists everything it was asked to send.
    """

    def __init__(
        self,
        channel: str = "web",
        *,
        repeatable: bool = False,
        failures: Iterable[SendError] = (),
    ) -> None:
        self._channel = channel
        self._repeatable = repeatable
        self.failures = list(failures)
        self.attempts: list[Delivery] = []
        self.sent: list[Delivery] = []

    @property
    @override
    def channel(self) -> str:
        return self._channel

    @property
    @override
    def repeatable(self) -> bool:
        return self._repeatable

    @property
    def texts(self) -> list[str]:
        """The texts that arrived, in order."""
        return [delivery.message.reply.text for delivery in self.sent]

    @override
    def send(self, delivery: Delivery) -> Receipt:
        self.attempts.append(delivery)
        if self.failures:
            raise self.failures.pop(0)
        self.sent.append(delivery)
        return Receipt(platform_id=f"fake-{len(self.sent)}")
