"""Handoffs, and what happened to them."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, override

from sqlalchemy import Connection, Row, bindparam, select, update

from core.domain.conversations import Address
from core.domain.errors import NotFoundError
from core.domain.handoffs import Handoff, HandoffEvent, HandoffId, HandoffState
from core.persistence.conversations import hold as hold_conversation
from core.persistence.statements import insert
from core.persistence.tables import handoff_events, handoffs
from core.ports.handoffs import Handoffs

OF = select(handoffs).where(
    handoffs.c.address == bindparam("of"), handoffs.c.state != HandoffState.HANDED_BACK
)
"""Made once, as every message runs it."""


class SqlHandoffs(Handoffs):
    """Handoff rows; the conversation's row is their lock."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @override
    def open(self, handoff: Handoff) -> Handoff:
        row = self._connection.execute(
            insert(self._connection, handoffs)
            .values(address=str(handoff.address), **_values(handoff))
            .returning(handoffs)
        ).one()
        return _handoff(row)

    @override
    def get(self, handoff_id: HandoffId, *, hold: bool = False) -> Handoff:
        found = select(handoffs).where(handoffs.c.id == handoff_id)
        row = self._connection.execute(found).first()
        if row is None:
            raise NotFoundError(f"no handoff has the number {handoff_id}")
        if hold:
            hold_conversation(self._connection, row.address)
            row = self._connection.execute(found).one()  # it may have changed before it was held
        return _handoff(row)

    @override
    def of(self, address: Address, *, hold: bool = False) -> Handoff | None:
        if hold:
            hold_conversation(self._connection, str(address))
        row = self._connection.execute(OF, {"of": str(address)}).first()
        return None if row is None else _handoff(row)

    @override
    def save(self, handoff: Handoff) -> None:
        self._connection.execute(
            update(handoffs).where(handoffs.c.id == handoff.id).values(**_values(handoff))
        )

    @override
    def due(self, now: datetime, limit: int) -> list[HandoffId]:
        rows = self._connection.execute(
            select(handoffs.c.id)
            .where(handoffs.c.due_at <= now)
            .order_by(handoffs.c.due_at, handoffs.c.id)
            .limit(limit)
        )
        return [HandoffId(number) for number in rows.scalars()]

    @override
    def find(
        self,
        states: Collection[HandoffState],
        desks: Collection[str] | None = None,
        *,
        limit: int = 200,
    ) -> list[Handoff]:
        wanted = select(handoffs).where(handoffs.c.state.in_(states))
        if desks is not None:
            wanted = wanted.where(handoffs.c.desk.in_(desks))
        rows = self._connection.execute(wanted.order_by(handoffs.c.id.desc()).limit(limit))
        return [_handoff(row) for row in rows][::-1]

    @override
    def note(self, event: HandoffEvent) -> HandoffEvent | None:
        row = self._connection.execute(
            insert(self._connection, handoff_events)
            .values(
                handoff=event.handoff,
                key=event.key,
                step=event.step,
                by=event.by,
                at=event.at,
                text=event.text,
            )
            .on_conflict_do_nothing(index_elements=["key"])
            .returning(handoff_events)
        ).first()
        return None if row is None else _event(row)

    @override
    def noted(self, key: str) -> HandoffEvent | None:
        row = self._connection.execute(
            select(handoff_events).where(handoff_events.c.key == key)
        ).first()
        return None if row is None else _event(row)

    @override
    def events(self, handoff_id: HandoffId) -> list[HandoffEvent]:
        rows = self._connection.execute(
            select(handoff_events)
            .where(handoff_events.c.handoff == handoff_id)
            .order_by(handoff_events.c.id)
        )
        return [_event(row) for row in rows]


def _values(handoff: Handoff) -> dict[str, object]:
    return {
        "desk": handoff.desk,
        "why": handoff.why,
        "asked_at": handoff.asked_at,
        "state": handoff.state,
        "due_at": handoff.due_at,
        "before": handoff.before,
        "taken_by": handoff.taken_by,
        "acknowledged": handoff.acknowledged,
    }


def _handoff(row: Row[Any]) -> Handoff:
    return Handoff(
        id=row.id,
        address=Address.parse(row.address),
        desk=row.desk,
        why=row.why,
        asked_at=row.asked_at,
        state=row.state,
        due_at=row.due_at,
        before=row.before,
        taken_by=row.taken_by,
        acknowledged=row.acknowledged,
    )


def _event(row: Row[Any]) -> HandoffEvent:
    return HandoffEvent(
        handoff=row.handoff,
        key=row.key,
        step=row.step,
        by=row.by,
        at=row.at,
        text=row.text,
        id=row.id,
    )
