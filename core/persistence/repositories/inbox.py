"""Messages that came in.

`conversations` holds one row an address: its lock, and when it has work. Whoever changes waiting
inbox rows holds that row first and derives it anew after, so a claim is one index lookup.
"""

from datetime import datetime, timedelta
from typing import Any, override

from sqlalchemy import Connection, Row, bindparam, func, select, update

from core.domain.conversations import (
    Address,
    InboundId,
    InboundMessage,
    InboundState,
    InboxEntry,
    Speaker,
    Utterance,
)
from core.domain.deliveries import DeliveryState
from core.domain.errors import NotFoundError
from core.persistence.conversations import hold
from core.persistence.statements import claiming, has, insert
from core.persistence.tables import conversations, inbox, outbox
from core.ports.repositories import Inbox

WAITING = select(func.min(inbox.c.due_at), func.max(inbox.c.leased_until)).where(
    inbox.c.address == bindparam("of"), has(inbox.c.state, InboundState.RECEIVED)
)
DERIVE = (
    update(conversations)
    .where(conversations.c.address == bindparam("of"))
    .values(due_at=bindparam("due"), leased_until=bindparam("leased"))
)
"""Made once, as every change of a message runs both: making them cost more than running them."""


class SqlInbox(Inbox):
    """Inbox rows, and the conversations they belong to."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @override
    def accept(self, message: InboundMessage, received_at: datetime) -> InboxEntry:
        address = str(message.address)
        hold(self._connection, address)
        row = self._connection.execute(
            insert(self._connection, inbox)
            .values(
                channel=message.address.channel,
                message_id=message.message_id,
                address=address,
                text=message.text,
                kind=message.kind,
                said_at=message.said_at,
                received_at=received_at,
                state=InboundState.RECEIVED,
                attempts=0,
                due_at=received_at,
            )
            .on_conflict_do_nothing(index_elements=["channel", "message_id"])
            .returning(inbox)
        ).first()
        if row is not None:
            self._derive(address)
            return _entry(row)
        known = select(inbox).where(
            inbox.c.channel == message.address.channel,
            inbox.c.message_id == message.message_id,
        )
        return _entry(self._connection.execute(known).one())

    @override
    def get(self, entry_id: InboundId) -> InboxEntry:
        row = self._connection.execute(select(inbox).where(inbox.c.id == entry_id)).first()
        if row is None:
            raise NotFoundError(f"inbox has no entry {entry_id}")
        return _entry(row)

    @override
    def claim(self, now: datetime, lease: timedelta) -> tuple[InboxEntry, ...]:
        free = conversations.c.leased_until.is_(None) | (conversations.c.leased_until <= now)
        address = self._connection.execute(
            claiming(
                select(conversations.c.address)
                .where(conversations.c.due_at <= now, free)
                .order_by(conversations.c.due_at)
                .limit(1)
            )
        ).scalar()
        if address is None:
            return ()
        rows = self._connection.execute(
            update(inbox)
            .where(inbox.c.address == address, has(inbox.c.state, InboundState.RECEIVED))
            .values(attempts=inbox.c.attempts + 1, leased_until=now + lease)
            .returning(inbox)
        ).all()
        self._derive(address)
        return tuple(sorted(map(_entry, rows), key=lambda entry: entry.id))

    @override
    def renew(self, entry: InboxEntry, until: datetime) -> bool:
        return self._change(entry, leased_until=until)

    @override
    def finish(self, entry: InboxEntry) -> bool:
        return self._change(entry, state=InboundState.HANDLED, leased_until=None)

    @override
    def release(self, entry: InboxEntry, until: datetime) -> bool:
        return self._change(entry, due_at=until, leased_until=None)

    @override
    def release_all(self) -> int:
        released = self._connection.execute(
            update(inbox)
            .where(has(inbox.c.state, InboundState.RECEIVED), inbox.c.leased_until.is_not(None))
            .values(leased_until=None)
        )
        self._connection.execute(
            update(conversations)
            .where(conversations.c.due_at.is_not(None))
            .values(leased_until=None)
        )
        return released.rowcount

    @override
    def history(self, address: Address, limit: int) -> list[Utterance]:
        said = self._connection.execute(
            select(inbox.c.text, inbox.c.received_at, inbox.c.id, inbox.c.kind)
            .where(inbox.c.address == str(address))
            .order_by(inbox.c.id.desc())
            .limit(limit)
        )
        told = self._connection.execute(
            select(outbox.c.reply, outbox.c.sent_at, outbox.c.id, outbox.c.reply_to)
            .where(outbox.c.address == str(address), has(outbox.c.state, DeliveryState.SENT))
            .order_by(outbox.c.sent_number.desc())
            .limit(limit)
        )
        lines = [
            Utterance(speaker=Speaker.USER, text=text, at=at, id=number, kind=kind)
            for text, at, number, kind in said
        ]
        lines += [
            Utterance(
                speaker=Speaker.ASSISTANT,
                text=reply.text,
                at=at,
                reply=reply,
                id=number,
                reply_to=entry,
            )
            for reply, at, number, entry in told
        ]
        # Both lists are newest first; turned round, the stable sort keeps ties as they came.
        lines.reverse()
        lines.sort(key=lambda line: (line.at, line.speaker is Speaker.ASSISTANT))
        return lines[-limit:]

    def _change(self, entry: InboxEntry, **values: object) -> bool:
        """Change the row unless a later attempt has taken it over."""
        address = str(entry.message.address)
        hold(self._connection, address)
        changed = self._connection.execute(
            update(inbox)
            .where(
                inbox.c.id == entry.id,
                has(inbox.c.state, InboundState.RECEIVED),
                inbox.c.attempts == entry.attempts,
            )
            .values(**values)
        )
        self._derive(address)
        return changed.rowcount == 1

    def _derive(self, address: str) -> None:
        due, leased = self._connection.execute(WAITING, {"of": address}).one()
        values = {"of": address, "due": due, "leased": leased}
        self._connection.execute(DERIVE, values)


def _entry(row: Row[Any]) -> InboxEntry:
    return InboxEntry(
        id=row.id,
        message=InboundMessage(
            message_id=row.message_id,
            address=Address.parse(row.address),
            text=row.text,
            said_at=row.said_at,
            kind=row.kind,
        ),
        received_at=row.received_at,
        state=row.state,
        attempts=row.attempts,
    )
