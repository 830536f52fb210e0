"""Telling the other addresses of a person what was done with them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from core.domain.conversations import Address, Button, Reply, ReplyKind
from core.domain.deliveries import OutboundMessage
from core.ports.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class BondWords:
    """What is told, by name, and what channels are called."""

    texts: Mapping[str, str]
    channels: Mapping[str, str]

    def tell(
        self, unit: UnitOfWork, to: Address, name: str, *, about: Address, key: str, now: datetime
    ) -> None:
        """Queue the words of that name about what was done at another address."""
        channel = self.channels.get(about.channel, about.channel)
        undo = self.texts.get(f"{name}_undo", "").format(channel=channel).strip()
        reply = Reply(
            kind=ReplyKind.NOTICE,
            text=self.texts[name].format(channel=channel).strip(),
            buttons=(Button(title=undo, payload=undo),) if undo else (),
        )
        unit.outbox.put(OutboundMessage(key=key, address=to, reply=reply), now)
