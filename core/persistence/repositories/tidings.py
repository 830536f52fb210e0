"""What subscribers are to be told of, and were."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import override

from sqlalchemy import (
    ColumnElement,
    Connection,
    Delete,
    Update,
    bindparam,
    delete,
    select,
    update,
)

from core.domain.conversations import Address
from core.domain.deliveries import DeliveryState
from core.domain.records import RecordId
from core.domain.subscriptions import Tiding
from core.persistence.conversations import hold
from core.persistence.statements import has, insert
from core.persistence.tables import outbox
from core.persistence.tables import tidings as table
from core.ports.subscriptions import Tidings

WAITING = table.c.told_by.is_(None)
SAME = table.c.id == bindparam("number")


class SqlTidings(Tidings):
    """Rows of tidings."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @override
    def gather(
        self, record_id: RecordId, due: Iterable[tuple[Address, datetime]], now: datetime
    ) -> None:
        rows = [
            {"address": str(address), "record_id": record_id, "found_at": now, "due_at": due_at}
            for address, due_at in due
        ]
        if not rows:
            return
        gathered = insert(self._connection, table).on_conflict_do_nothing(
            index_elements=["address", "record_id"]
        )
        self._connection.execute(gathered, rows)

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
        self._change(tidings, due_at=until)

    @override
    def close(self, tidings: Sequence[Tiding], key: str) -> None:
        self._change(tidings, told_by=key)

    @override
    def drop(self, tidings: Sequence[Tiding]) -> None:
        self._run(delete(table).where(SAME), tidings)

    @override
    def told_by(self, key: str) -> list[Tiding]:
        return self._listed(table.c.told_by == key)

    @override
    def unsent(self, record_id: RecordId) -> list[str]:
        keys = self._connection.execute(
            select(outbox.c.key)
            .join(table, table.c.told_by == outbox.c.key)
            .where(table.c.record_id == record_id, has(outbox.c.state, DeliveryState.QUEUED))
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

    def _change(self, tidings: Sequence[Tiding], **values: object) -> None:
        self._run(update(table).where(SAME).values(**values), tidings)

    def _run(self, statement: Update | Delete, tidings: Sequence[Tiding]) -> None:
        """The statement for each of them."""
        if tidings:
            self._connection.execute(statement, [{"number": one.id} for one in tidings])
