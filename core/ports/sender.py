"""The door out of one channel."""

from typing import Protocol

from core.domain.conversations import Address
from core.domain.deliveries import Delivery, Receipt


class Sender(Protocol):
    """Hands one message to one platform."""

    @property
    def channel(self) -> str:
        """The channel it serves, the first half of an address."""
        ...

    @property
    def repeatable(self) -> bool:
        """Whether one delivery sent twice is seen once, so that a lost answer may be retried."""
        ...

    def route(self, address: Address) -> str:
        """How all addresses begin that are reached by the same robot or app, or not at all."""
        return f"{address.channel}:"

    def send(self, delivery: Delivery) -> Receipt:
        """Send the message once.

        Raises:
            RetrySendError: it surely did not arrive.
            RefusedSendError: the platform refuses it for good.
            UnknownSendError: it may have arrived.
        """
        ...
