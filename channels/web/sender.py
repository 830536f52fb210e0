"""The way out of web chat: a message is in the mailbox once it is marked as sent."""

from typing import override

from channels.web.bell import Bell
from channels.web.settings import CHANNEL
from core.domain.deliveries import Delivery, Receipt
from core.ports.sender import Sender


class WebSender(Sender):
    """Takes every message at once; streams and the history read the outbox itself."""

    def __init__(self, bell: Bell | None = None) -> None:
        self._bell = bell or Bell()

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
        self._bell.ring(delivery.message.address)
        return Receipt(platform_id=str(delivery.id))
