"""Answers as streams (流式消息): WeCom asks again and again until one says that it is finished."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from channels.wecom.bot.content import card_among, markdown_of, said, stream
from core.domain.conversations import Address, InboundId, InboundState, InboxEntry
from core.domain.deliveries import Delivery, DeliveryState
from core.domain.errors import NotFoundError
from core.ports.clock import Clock
from core.ports.unit_of_work import UnitOfWork, Units

ASKED_FOR = timedelta(minutes=6)
"""How long after a message WeCom asks for its answer (document 100719)."""

_ID = re.compile(r"kq(\d{1,15})(?:\.\d{1,15})?", re.ASCII)
_UNDER_WAY = {DeliveryState.QUEUED, DeliveryState.SENDING}


@dataclass(frozen=True, slots=True, kw_only=True)
class Streams:
    """Gives what there is to say, which counts as sent from then on."""

    units: Units
    clock: Clock

    def begin(self, entry: InboxEntry) -> dict[str, Any]:
        """The stream that answers a message: at first, that it is being looked up."""
        return self.again(stream_of(entry.id), entry.message.address)

    def again(self, stream_id: str, address: Address) -> dict[str, Any]:
        """The same stream as it stands now; asked again, it says the same again."""
        entry_id = entry_of(stream_id)
        with self.units() as unit:
            try:
                entry = unit.inbox.get(entry_id) if entry_id is not None else None
            except NotFoundError:
                entry = None
            if entry is None or entry.message.address != address:
                return stream(stream_id, said("gone"), finish=True)
            body = self._standing(unit, entry)
            unit.commit()
        return body

    def _standing(self, unit: UnitOfWork, entry: InboxEntry) -> dict[str, Any]:
        # State first, answers after: both are committed together, so that what happens in
        # between is never taken for silence.
        handled = unit.inbox.get(entry.id).state is InboundState.HANDLED
        replies = unit.outbox.replies_to(entry.id)
        before = unit.handed.to(entry.id)
        given = [*before, *self._give(unit, entry, before)]
        left = {one.id for one in replies if one.state in _UNDER_WAY} - {one.id for one in given}
        finish = handled and not left
        content = markdown_of([one.message.reply for one in given])
        if not content:
            content = said("silent" if finish else "looking")
        card = card_among(given) if finish else None
        return stream(stream_of(entry.id), content, finish=finish, card=card)

    def _give(
        self, unit: UnitOfWork, entry: InboxEntry, before: Sequence[Delivery]
    ) -> list[Delivery]:
        """Hand over what waits for this person: answers to this message, and what nobody asked."""
        now, known = self.clock.now(), {one.id for one in before}
        given = [
            one
            for one in unit.outbox.queued(entry.message.address)
            if one.message.reply_to in {None, entry.id}
            and (one.message.expires_at is None or one.message.expires_at > now)
            and one.id not in known
            and unit.outbox.record(one, DeliveryState.SENT, now)
        ]
        unit.handed.note(entry.id, given)
        return given


def stream_of(entry_id: InboundId) -> str:
    """The id of the stream that answers an inbox entry."""
    return f"kq{entry_id}"


def entry_of(stream_id: str) -> InboundId | None:
    """The inbox entry that a stream answers; None when it is none of ours."""
    found = _ID.fullmatch(stream_id)
    return InboundId(int(found[1])) if found else None
