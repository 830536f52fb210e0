"""What subscribers are to be told of, and were."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from itertools import batched
from typing import override

from sqlalchemy import (
    JSON,
    ColumnElement,
    Connection,
    Delete,
    Update,
    bindparam,
    delete,
    literal_column,
    select,
    true,
    update,
)

from core.domain.conversations import Address
from core.domain.deliveries import DeliveryState
from core.domain.records import RecordId
from core.domain.subscriptions import Announcement, AnnouncementId, Found, Tiding
from core.persistence.columns import storable
from core.persistence.conversations import hold
from core.persistence.push_tables import announcements
from core.persistence.push_tables import tidings as table
from core.persistence.statements import Insert, has, insert, listed
from core.persistence.tables import outbox
from core.ports.subscriptions import Tidings

WAITING = table.c.told_by.is_(None)
ANNOUNCE = announcements.insert()
AT_ONCE = 500
"""Rows changed by one statement."""


class SqlTidings(Tidings):
    """Rows of tidings."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @override
    def announce(self, news: Iterable[tuple[RecordId, datetime]]) -> None:
        rows = [{"record_id": record_id, "at": at} for record_id, at in news]
        if rows:
            self._connection.execute(ANNOUNCE, rows)

    @override
    def announced(self, now: datetime, limit: int) -> list[Announcement]:
        rows = self._connection.execute(
            select(announcements)
            .where(announcements.c.at <= now)
            .order_by(announcements.c.at, announcements.c.id)
            .limit(limit)
        )
        return [Announcement(id=row.id, record_id=row.record_id, at=row.at) for row in rows]

    @override
    def settle(self, gathered: Sequence[AnnouncementId]) -> None:
        self._connection.execute(delete(announcements).where(announcements.c.id.in_(gathered)))

    @override
    def gather(self, found: Iterable[Found]) -> None:
        alike: dict[tuple[datetime, datetime], list[tuple[str, str]]] = {}
        for address, record_id, found_at, due_at in found:
            rows = alike.setdefault((found_at, due_at), [])
            rows.append((storable(str(address)), storable(record_id)))
        statement = _gathering(self._connection.dialect.name)
        for (found_at, due_at), rows in alike.items():
            values = {"rows": rows, "found_at": found_at, "due_at": due_at}
            self._connection.execute(statement, values)

    @override
    def next_due(self, now: datetime) -> Address | None:
        address = self._connection.execute(
            select(table.c.address)
            .where(WAITING, table.c.due_at <= now)
            .order_by(table.c.due_at, table.c.id)
            .limit(1)
        ).scalar()
        return None if address is None else Address.parse(address)

    @override
    def waiting(self, address: Address, now: datetime) -> list[Tiding]:
        hold(self._connection, str(address))
        return self._listed(table.c.address == str(address), WAITING, table.c.due_at <= now)

    @override
    def postpone(self, tidings: Sequence[Tiding], until: datetime) -> None:
        self._run(update(table).values(due_at=until), tidings)

    @override
    def close(self, tidings: Sequence[Tiding], key: str) -> None:
        self._run(update(table).values(told_by=key), tidings)

    @override
    def drop(self, tidings: Sequence[Tiding]) -> None:
        self._run(delete(table), tidings)

    @override
    def told_by(self, key: str) -> list[Tiding]:
        return self._listed(table.c.told_by == key)

    @override
    def unsent(self, record_id: RecordId) -> list[str]:
        keys = self._connection.execute(
            select(outbox.c.key)
            .join(table, table.c.told_by == outbox.c.key)
            .where(
                table.c.record_id == record_id,
                table.c.told_by.is_not(None),
                has(outbox.c.state, DeliveryState.QUEUED),
            )
            .order_by(outbox.c.id)
        )
        return list(keys.scalars())

    @override
    def reopen(self, key: str, now: datetime) -> None:
        # As new rows: their numbers make the key of the delivery that tells them.
        rows = self._connection.execute(
            delete(table).where(table.c.told_by == key).returning(table)
        ).all()
        for row in sorted(rows, key=lambda row: int(row.id)):
            self._connection.execute(
                insert(self._connection, table).values(
                    address=row.address,
                    record_id=row.record_id,
                    found_at=row.found_at,
                    due_at=now,
                )
            )

    def _listed(self, *conditions: ColumnElement[bool]) -> list[Tiding]:
        rows = self._connection.execute(
            select(table).where(*conditions).order_by(table.c.id.desc())
        )
        return [Tiding(id=row.id, record_id=row.record_id, found_at=row.found_at) for row in rows]

    def _run(self, statement: Update | Delete, tidings: Sequence[Tiding]) -> None:
        """The statement for all of them."""
        for some in batched(tidings, AT_ONCE):
            self._connection.execute(statement.where(table.c.id.in_([one.id for one in some])))


@cache
def _gathering(dialect: str) -> Insert:
    """Rows from one JSON array: a statement each, or parameters of each, cost more than they."""
    rows = listed(dialect, bindparam("rows", type_=JSON))
    values = (
        rows.op("->>")(literal_column("0")),
        rows.op("->>")(literal_column("1")),
        bindparam("found_at", type_=table.c.found_at.type),
        bindparam("due_at", type_=table.c.due_at.type),
    )
    names = ["address", "record_id", "found_at", "due_at"]
    # SQLite wants a WHERE between SELECT and ON CONFLICT.
    chosen = select(*values).where(true())
    new = insert(dialect, table).from_select(names, chosen, include_defaults=False)
    return new.on_conflict_do_nothing(index_elements=["address", "record_id"])
