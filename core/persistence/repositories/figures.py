"""What can be counted of the house's work."""

from collections.abc import Mapping
from datetime import datetime
from typing import override

from sqlalchemy import ColumnElement, Connection, func, or_, select

from core.domain.conversations import InboundState
from core.domain.deliveries import DeliveryState
from core.domain.figures import Ended, Snapshot, Waiting
from core.domain.reminders import ReminderState
from core.persistence.delivery_tables import delivery_steps
from core.persistence.repositories.routes import SqlRoutes
from core.persistence.statements import has
from core.persistence.tables import inbox, outbox, reminders
from core.ports.figures import Figures

QUEUED = has(outbox.c.state, DeliveryState.QUEUED)
UNDECIDED = (DeliveryState.DEAD, DeliveryState.UNKNOWN)


class SqlFigures(Figures):
    """Counts that read indexes of what waits, never all that ever was."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @override
    def snapshot(self, now: datetime) -> Snapshot:
        return Snapshot(
            outbox=self._outbox(now),
            undecided=self._undecided(),
            inbox=self._waiting(has(inbox.c.state, InboundState.RECEIVED), inbox.c.due_at, now),
            reminders=self._waiting(
                has(reminders.c.state, ReminderState.PLANNED), reminders.c.due_at, now
            ),
            routes=tuple(SqlRoutes(self._connection).troubled()),
        )

    @override
    def newest_step(self) -> int:
        newest = self._connection.execute(select(func.max(delivery_steps.c.id))).scalar()
        return int(newest or 0)

    @override
    def ended(self, after: int, until: datetime, limit: int) -> list[Ended]:
        told_at = func.coalesce(
            outbox.c.promised_at, outbox.c.created_at, type_=outbox.c.due_at.type
        )
        rows = self._connection.execute(
            select(
                delivery_steps.c.id,
                delivery_steps.c.at,
                delivery_steps.c.state,
                outbox.c.channel,
                told_at.label("told_at"),
            )
            .join(outbox, outbox.c.id == delivery_steps.c.delivery_id)
            .where(delivery_steps.c.id > after)
            .order_by(delivery_steps.c.id)
            .limit(limit)
        )
        found: list[Ended] = []
        for row in rows:
            # What was written a moment ago may stand before what is not yet committed.
            if row.at > until:
                break
            lag = row.at - row.told_at
            found.append(Ended(step=row.id, channel=row.channel, state=row.state, lag=lag))
        return found

    def _outbox(self, now: datetime) -> Mapping[str, Waiting]:
        due = func.count().filter(outbox.c.due_at <= now)
        rows = self._connection.execute(
            select(
                outbox.c.channel,
                func.count().label("all"),
                due.label("due"),
                func.min(outbox.c.due_at),
            )
            .where(QUEUED)
            .group_by(outbox.c.channel)
        )
        return {
            channel: Waiting(all=every, due=due, since=since if due else None)
            for channel, every, due, since in rows
        }

    def _undecided(self) -> Mapping[tuple[str, DeliveryState], int]:
        rows = self._connection.execute(
            select(outbox.c.channel, outbox.c.state, func.count())
            .where(or_(*(has(outbox.c.state, state) for state in UNDECIDED)))
            .group_by(outbox.c.channel, outbox.c.state)
        )
        return {(channel, state): count for channel, state, count in rows}

    def _waiting(
        self, which: ColumnElement[bool], due_at: ColumnElement[datetime], now: datetime
    ) -> Waiting:
        due = func.count().filter(due_at <= now)
        every, late, since = self._connection.execute(
            select(func.count(), due, func.min(due_at)).where(which)
        ).one()
        return Waiting(all=every, due=late, since=since if late else None)
