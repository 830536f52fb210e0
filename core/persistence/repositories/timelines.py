"""Deliveries with what became of each attempt."""

from collections.abc import Iterable, Mapping
from typing import Any, override

from sqlalchemy import Connection, Row, func, select, update

from core.domain.deliveries import Attempt, Delivery, OutboxId, Step
from core.persistence.deliveries import read_delivery
from core.persistence.delivery_tables import delivery_steps
from core.persistence.statements import has
from core.persistence.steps import note
from core.persistence.tables import outbox
from core.ports.deliveries import Asked, Timelines


class SqlTimelines(Timelines):
    """Rows of the outbox and lines of their timelines."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @override
    def newest(self, asked: Asked, limit: int) -> list[Delivery]:
        newest = select(outbox).order_by(outbox.c.id.desc()).limit(limit)
        if asked.state is not None:
            newest = newest.where(has(outbox.c.state, asked.state))
        if asked.channel is not None:
            newest = newest.where(outbox.c.channel == asked.channel)
        if asked.address is not None:
            newest = newest.where(outbox.c.address == str(asked.address))
        return [read_delivery(row) for row in self._connection.execute(newest)]

    @override
    def steps(self, delivery_id: OutboxId) -> list[Step]:
        rows = self._connection.execute(
            select(delivery_steps)
            .where(delivery_steps.c.delivery_id == delivery_id)
            .order_by(delivery_steps.c.id)
        )
        return [_step(row) for row in rows]

    @override
    def last(self, delivery_ids: Iterable[OutboxId]) -> Mapping[OutboxId, Step]:
        newest = (
            select(func.max(delivery_steps.c.id))
            .where(delivery_steps.c.delivery_id.in_([*delivery_ids]))
            .group_by(delivery_steps.c.delivery_id)
        )
        rows = self._connection.execute(
            select(delivery_steps).where(delivery_steps.c.id.in_(newest))
        )
        return {row.delivery_id: _step(row) for row in rows}

    @override
    def move(self, delivery: Delivery, step: Step, *, may_repeat: bool) -> bool:
        moved = self._connection.execute(
            update(outbox)
            .where(
                outbox.c.id == delivery.id,
                outbox.c.attempts == delivery.attempts,
                has(outbox.c.state, delivery.state),
            )
            .values(
                state=step.state,
                due_at=step.due_at or delivery.due_at,
                tries=0,
                may_repeat=may_repeat,
            )
        )
        if moved.rowcount != 1:
            return False
        note(self._connection, [(delivery.id, step)])
        return True


def _step(row: Row[Any]) -> Step:
    made = Attempt(
        by=row.by,
        trouble=row.trouble,
        code=row.code,
        hint=row.hint,
        platform_id=row.platform_id,
    )
    return Step(
        at=row.at,
        state=row.state,
        attempt=row.attempt,
        made=made,
        began_at=row.began_at,
        said=row.said,
        due_at=row.due_at,
    )
