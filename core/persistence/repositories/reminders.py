"""Promised reminders."""

from datetime import datetime
from typing import Any, override

from sqlalchemy import ColumnElement, Connection, Row, select, update

from core.domain.conversations import Address
from core.domain.records import RecordId
from core.domain.reminders import Reminder, ReminderId, ReminderState
from core.persistence.statements import claiming, has, insert
from core.persistence.tables import reminders
from core.ports.repositories import Reminders

PLANNED = has(reminders.c.state, ReminderState.PLANNED)
HANDED_OVER = has(reminders.c.state, ReminderState.QUEUED)
FOLLOWING = reminders.c.state.in_([ReminderState.PLANNED, ReminderState.WITHDRAWN])


class SqlReminders(Reminders):
    """Reminder rows."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @override
    def put(self, reminder: Reminder) -> tuple[Reminder, bool]:
        moving = {
            "title": reminder.title,
            "due_at": reminder.due_at,
            "expires_at": reminder.expires_at,
            "state": ReminderState.PLANNED,
        }
        row = self._connection.execute(
            insert(self._connection, reminders)
            .values(
                key=reminder.key,
                address=str(reminder.address),
                record_id=reminder.record_id,
                anchor=reminder.anchor,
                offset=reminder.offset,
                version=reminder.version,
                **moving,
            )
            .on_conflict_do_update(
                index_elements=["key"],
                set_=moving,
                where=has(reminders.c.state, ReminderState.CANCELLED),
            )
            .returning(reminders)
        ).first()
        if row is not None:
            return _reminder(row), True
        same = select(reminders).where(reminders.c.key == reminder.key)
        return _reminder(self._connection.execute(same).one()), False

    @override
    def due(self, now: datetime, limit: int) -> list[Reminder]:
        rows = self._connection.execute(
            claiming(
                select(reminders)
                .where(PLANNED, reminders.c.due_at <= now)
                .order_by(reminders.c.due_at, reminders.c.id)
                .limit(limit)
            )
        )
        return [_reminder(row) for row in rows]

    @override
    def find(self, key: str) -> Reminder | None:
        row = self._connection.execute(select(reminders).where(reminders.c.key == key)).first()
        return _reminder(row) if row is not None else None

    @override
    def planned(self, address: Address) -> list[Reminder]:
        return self._listed(PLANNED, reminders.c.address == str(address))

    @override
    def hanging_on(self, record_id: RecordId) -> list[Reminder]:
        return self._listed(FOLLOWING, reminders.c.record_id == record_id)

    @override
    def told(self, record_id: RecordId, now: datetime) -> list[Reminder]:
        return self._listed(
            HANDED_OVER, reminders.c.record_id == record_id, reminders.c.expires_at > now
        )

    @override
    def reopen(self, reminder_id: ReminderId) -> None:
        self._connection.execute(
            update(reminders)
            .where(reminders.c.id == reminder_id, HANDED_OVER)
            .values(state=ReminderState.PLANNED)
        )

    @override
    def set_state(self, reminder_id: ReminderId, state: ReminderState) -> bool:
        moved = self._connection.execute(
            update(reminders).where(reminders.c.id == reminder_id, FOLLOWING).values(state=state)
        )
        return moved.rowcount == 1

    def _listed(self, *conditions: ColumnElement[bool]) -> list[Reminder]:
        rows = self._connection.execute(
            select(reminders).where(*conditions).order_by(reminders.c.due_at, reminders.c.id)
        )
        return [_reminder(row) for row in rows]


def _reminder(row: Row[Any]) -> Reminder:
    return Reminder(
        id=row.id,
        address=Address.parse(row.address),
        record_id=row.record_id,
        title=row.title,
        anchor=row.anchor,
        offset=row.offset,
        version=row.version,
        due_at=row.due_at,
        expires_at=row.expires_at,
        state=row.state,
    )
