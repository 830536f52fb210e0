"""Broadcasts, their recipients, and what was done with them."""

from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any, override

from sqlalchemy import Connection, Row, Text, and_, cast, func, literal, select, update

from core.domain.broadcasts import (
    Broadcast,
    BroadcastEvent,
    BroadcastId,
    BroadcastState,
    RecipientState,
)
from core.domain.conversations import Address
from core.domain.deliveries import DeliveryState
from core.domain.errors import NotFoundError
from core.persistence.push_tables import broadcast_events, broadcasts, recipients
from core.persistence.statements import has, holding, insert
from core.persistence.steps import note_ends
from core.persistence.tables import outbox
from core.ports.broadcasts import Broadcasts

FIELDS = tuple(field.name for field in fields(Broadcast))


class SqlBroadcasts(Broadcasts):
    """Rows of broadcasts and recipients."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @override
    def put(self, broadcast: Broadcast) -> tuple[Broadcast, bool]:
        values = {name: getattr(broadcast, name) for name in FIELDS if name != "id"}
        row = self._connection.execute(
            insert(self._connection, broadcasts)
            .values(**values)
            .on_conflict_do_nothing(index_elements=["key"])
            .returning(broadcasts)
        ).first()
        if row is not None:
            return _broadcast(row), True
        same = select(broadcasts).where(broadcasts.c.key == broadcast.key)
        return _broadcast(self._connection.execute(same).one()), False

    @override
    def get(self, broadcast_id: BroadcastId, *, hold: bool = False) -> Broadcast:
        same = select(broadcasts).where(broadcasts.c.id == broadcast_id)
        row = self._connection.execute(holding(same) if hold else same).first()
        if row is None:
            raise NotFoundError(f"there is no broadcast {broadcast_id}")
        return _broadcast(row)

    @override
    def newest(self, limit: int) -> list[Broadcast]:
        newest = select(broadcasts).order_by(broadcasts.c.id.desc()).limit(limit)
        return [_broadcast(row) for row in self._connection.execute(newest)]

    @override
    def sending(self) -> list[BroadcastId]:
        ids = select(broadcasts.c.id).where(has(broadcasts.c.state, BroadcastState.SENDING))
        return list(self._connection.execute(ids.order_by(broadcasts.c.id)).scalars())

    @override
    def change(self, broadcast: Broadcast) -> None:
        self._connection.execute(
            update(broadcasts)
            .where(broadcasts.c.id == broadcast.id)
            .values(state=broadcast.state, reached=broadcast.reached, planned=broadcast.planned)
        )

    @override
    def add(self, broadcast_id: BroadcastId, people: Iterable[Address], due_at: datetime) -> None:
        rows = [
            {
                "broadcast": broadcast_id,
                "address": str(address),
                "state": RecipientState.HELD,
                "due_at": due_at,
            }
            for address in people
        ]
        if rows:
            new = insert(self._connection, recipients)
            once = new.on_conflict_do_nothing(index_elements=["broadcast", "address"])
            self._connection.execute(once, rows)

    @override
    def due(self, broadcast_id: BroadcastId, now: datetime, limit: int) -> list[Address]:
        rows = self._connection.execute(
            select(recipients.c.address)
            .where(_held(broadcast_id), recipients.c.due_at <= now)
            .order_by(recipients.c.due_at, recipients.c.address)
            .limit(limit)
        )
        return [Address.parse(one) for one in sorted(rows.scalars())]

    @override
    def settle(
        self,
        broadcast_id: BroadcastId,
        address: Address,
        state: RecipientState,
        *,
        due_at: datetime | None = None,
    ) -> None:
        values: dict[str, object] = {"state": state}
        if due_at is not None:
            values["due_at"] = due_at
        same = (recipients.c.broadcast == broadcast_id, recipients.c.address == str(address))
        self._connection.execute(update(recipients).where(*same).values(**values))

    @override
    def stop(self, broadcast_id: BroadcastId, now: datetime) -> None:
        held = update(recipients).where(_held(broadcast_id))
        self._connection.execute(held.values(state=RecipientState.STOPPED))
        keys = select(_key()).where(
            recipients.c.broadcast == broadcast_id,
            has(recipients.c.state, RecipientState.QUEUED),
        )
        rows = self._connection.execute(
            update(outbox)
            .where(has(outbox.c.state, DeliveryState.QUEUED), outbox.c.key.in_(keys))
            .values(state=DeliveryState.CANCELLED)
            .returning(outbox.c.id, outbox.c.state, outbox.c.attempts)
        ).all()
        note_ends(self._connection, rows, now)

    @override
    def counts(self, broadcast_id: BroadcastId) -> Mapping[str, int]:
        told = and_(outbox.c.key == _key(), has(recipients.c.state, RecipientState.QUEUED))
        rows = self._connection.execute(
            select(recipients.c.state, outbox.c.state, func.count())
            .select_from(recipients.outerjoin(outbox, told))
            .where(recipients.c.broadcast == broadcast_id)
            .group_by(recipients.c.state, outbox.c.state)
        )
        return {str(delivery or recipient): count for recipient, delivery, count in rows}

    @override
    def log(self, broadcast_id: BroadcastId, event: BroadcastEvent) -> None:
        values = {name: getattr(event, name) for name in ("at", "by", "step", "note")}
        new = broadcast_events.insert().values(broadcast=broadcast_id, **values)
        self._connection.execute(new)

    @override
    def events(self, broadcast_id: BroadcastId) -> list[BroadcastEvent]:
        rows = self._connection.execute(
            select(broadcast_events)
            .where(broadcast_events.c.broadcast == broadcast_id)
            .order_by(broadcast_events.c.id)
        )
        return [BroadcastEvent(at=row.at, by=row.by, step=row.step, note=row.note) for row in rows]


def _held(broadcast_id: BroadcastId) -> Any:  # noqa: ANN401 -- a condition
    return and_(
        recipients.c.broadcast == broadcast_id, has(recipients.c.state, RecipientState.HELD)
    )


def _key() -> Any:  # noqa: ANN401 -- a column
    """The key of the delivery to a recipient, as `Broadcast.delivery_key` writes it."""
    number = cast(recipients.c.broadcast, Text)
    return literal("broadcast:") + number + literal(":") + recipients.c.address


def _broadcast(row: Row[Any]) -> Broadcast:
    return Broadcast(**{name: getattr(row, name) for name in FIELDS})
