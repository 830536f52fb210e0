"""Messages that came in.

`conversations` holds one row an address: its lock, and when it has work. Whoever changes waiting
inbox rows holds that row first and derives it anew after, so a claim is one index lookup.
"""

from datetime import datetime, timedelta
from functools import cache
from typing import Any, override

from sqlalchemy import Connection, Row, bindparam, func, select, update
from sqlalchemy.sql.dml import ReturningInsert

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
TAKE = (
    update(inbox)
    .where(inbox.c.address == bindparam("of"), has(inbox.c.state, InboundState.RECEIVED))
    .values(attempts=inbox.c.attempts + 1, leased_until=bindparam("until"))
    .returning(inbox)
)
DUE = (
    select(conversations.c.address)
    .where(
        conversations.c.due_at <= bindparam("now"),
        conversations.c.leased_until.is_(None)
        | (conversations.c.leased_until <= bindparam("now")),
    )
    .order_by(conversations.c.due_at)
    .limit(1)
)
NEXT = claiming(DUE)
CHANGE = update(inbox).where(
    inbox.c.id == bindparam("entry"),
    has(inbox.c.state, InboundState.RECEIVED),
    inbox.c.attempts == bindparam("attempt"),
)
"""Made once, as every message runs them: making them cost more than running them."""


class SqlInbox(Inbox):
    """Inbox rows, and the conversations they belong to."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @override
    def accept(self, message: InboundMessage, received_at: datetime) -> InboxEntry:
        address = str(message.address)
        hold(self._connection, address)
        values = {
            "channel": message.address.channel,
            "message_id": message.message_id,
            "address": address,
            "text": message.text,
            "kind": message.kind,
            "in_group": message.in_group,
            "said_at": message.said_at,
            "received_at": received_at,
            "state": InboundState.RECEIVED,
            "attempts": 0,
            "due_at": received_at,
        }
        row = self._connection.execute(_accepting(self._connection.dialect.name), values).first()
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
        if self._connection.execute(DUE, {"now": now}).first() is None:
            return ()  # most looks find nothing: these wait for no writer
        address = self._connection.execute(NEXT, {"now": now}).scalar()
        if address is None:
            return ()
        values = {"of": address, "until": now + lease}
        rows = self._connection.execute(TAKE, values).all()
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
        row = {"entry": entry.id, "attempt": entry.attempts}
        changed = self._connection.execute(CHANGE, {**row, **values})
        self._derive(address)
        return changed.rowcount == 1

    def _derive(self, address: str) -> None:
        due, leased = self._connection.execute(WAITING, {"of": address}).one()
        values = {"of": address, "due": due, "leased": leased}
        self._connection.execute(DERIVE, values)


@cache
def _accepting(dialect: str) -> ReturningInsert[Any]:
    new = insert(dialect, inbox)
    return new.on_conflict_do_nothing(index_elements=["channel", "message_id"]).returning(inbox)


def _entry(row: Row[Any]) -> InboxEntry:
    return InboxEntry(
        id=row.id,
        message=InboundMessage(
            message_id=row.message_id,
            address=Address.parse(row.address),
            text=row.text,
            said_at=row.said_at,
            kind=row.kind,
            in_group=row.in_group,
        ),
        received_at=row.received_at,
        state=row.state,
        attempts=row.attempts,
    )
