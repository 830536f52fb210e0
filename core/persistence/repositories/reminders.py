"""Promised reminders."""

from collections.abc import Iterable
from datetime import datetime
from functools import cache
from itertools import batched
from typing import Any, override

from sqlalchemy import ColumnElement, Connection, Row, func, select, update

from core.domain.conversations import Address
from core.domain.records import RecordId
from core.domain.reminders import Reminder, ReminderId, ReminderState
from core.persistence.push_tables import calendar_feeds
from core.persistence.statements import Insert, claiming, has, insert
from core.persistence.tables import reminders
from core.ports.reminders import Reminders

AT_ONCE = 500
"""Rows named by one statement."""
PLANNED = has(reminders.c.state, ReminderState.PLANNED)
CANCELLED = has(reminders.c.state, ReminderState.CANCELLED)
FOLLOWING = reminders.c.state.in_([ReminderState.PLANNED, ReminderState.WITHDRAWN])
MOVING = ("title", "due_at", "expires_at", "state")
"""What a reminder that was taken back is given anew when it is promised again."""


class SqlReminders(Reminders):
    """Reminder rows."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @override
    def put(self, reminder: Reminder) -> tuple[Reminder, bool]:
        new = _putting(self._connection.dialect.name).returning(reminders)
        row = self._connection.execute(new, _values(reminder)).first()
        if row is not None:
            return _reminder(row), True
        same = select(reminders).where(reminders.c.key == reminder.key)
        return _reminder(self._connection.execute(same).one()), False

    @override
    def put_all(self, planned: Iterable[Reminder]) -> None:
        new = _putting(self._connection.dialect.name)
        for some in batched(planned, AT_ONCE):
            self._connection.execute(new, [_values(one) for one in some])

    @override
    def due_records(self, now: datetime, limit: int) -> set[RecordId]:
        first = (
            select(reminders.c.record_id)
            .where(PLANNED, reminders.c.due_at <= now)
            .order_by(reminders.c.due_at, reminders.c.id)
            .limit(limit)
        )
        return set(self._connection.execute(first).scalars())

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
        rows = self._connection.execute(
            select(reminders)
            .where(PLANNED, reminders.c.address == str(address))
            .order_by(reminders.c.due_at, reminders.c.id)
        )
        return [_reminder(row) for row in rows]

    @override
    def following(self, record_id: RecordId, after: ReminderId, limit: int) -> list[Reminder]:
        rows = self._connection.execute(
            select(reminders)
            .where(reminders.c.record_id == record_id, reminders.c.id > after, ~CANCELLED)
            .order_by(reminders.c.id)
            .limit(limit)
        )
        return [_reminder(row) for row in rows]

    @override
    def followed(self, address: Address, since: datetime) -> list[Reminder]:
        rows = self._connection.execute(
            select(reminders)
            .where(~CANCELLED, reminders.c.address == str(address))
            .where(reminders.c.expires_at > since)
            .order_by(reminders.c.due_at, reminders.c.id)
        )
        return [_reminder(row) for row in rows]

    @override
    def link_serial(self, address: Address) -> int:
        found = select(calendar_feeds.c.serial).where(calendar_feeds.c.address == str(address))
        return self._connection.execute(found).scalar() or 0

    @override
    def renew_link(self, address: Address) -> None:
        self._connection.execute(
            insert(self._connection, calendar_feeds)
            .values(address=str(address), serial=1)
            .on_conflict_do_update(
                index_elements=["address"], set_={"serial": calendar_feeds.c.serial + 1}
            )
        )

    @override
    def set_state(self, reminder_id: ReminderId, state: ReminderState) -> bool:
        return self._changed(reminder_id, FOLLOWING, state=state)

    @override
    def set_states(self, changing: Iterable[Reminder], state: ReminderState) -> None:
        for some in batched(changing, AT_ONCE):
            meant = reminders.c.id.in_([one.id for one in some])
            self._connection.execute(update(reminders).where(meant).values(state=state))

    @override
    def postpone(self, reminder_id: ReminderId, due_at: datetime) -> None:
        self._changed(reminder_id, PLANNED, due_at=due_at)

    @override
    def expired_since(self, moment: datetime) -> int:
        lost = has(reminders.c.state, ReminderState.EXPIRED) & (reminders.c.expires_at > moment)
        count = select(func.count()).select_from(reminders).where(lost)
        return self._connection.execute(count).scalar_one()

    def _changed(
        self, reminder_id: ReminderId, condition: ColumnElement[bool], **values: object
    ) -> bool:
        meant = update(reminders).where(reminders.c.id == reminder_id, condition)
        return self._connection.execute(meant.values(**values)).rowcount == 1


@cache
def _putting(dialect: str) -> Insert:
    """Made once: making it costs more than running it."""
    new = insert(dialect, reminders)
    return new.on_conflict_do_update(
        index_elements=["key"], set_={name: new.excluded[name] for name in MOVING}, where=CANCELLED
    )


def _values(reminder: Reminder) -> dict[str, object]:
    return {
        "key": reminder.key,
        "address": str(reminder.address),
        "record_id": reminder.record_id,
        "title": reminder.title,
        "anchor": reminder.anchor,
        "phase": reminder.phase,
        "offset": reminder.offset,
        "version": reminder.version,
        "due_at": reminder.due_at,
        "expires_at": reminder.expires_at,
        "state": reminder.state,
    }


def _reminder(row: Row[Any]) -> Reminder:
    return Reminder(
        id=row.id,
        address=Address.parse(row.address),
        record_id=row.record_id,
        title=row.title,
        anchor=row.anchor,
        phase=row.phase,
        offset=row.offset,
        version=row.version,
        due_at=row.due_at,
        expires_at=row.expires_at,
        state=row.state,
    )
