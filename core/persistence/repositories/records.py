"""Records of the libraries."""

from collections.abc import Iterable
from dataclasses import fields, replace
from typing import Any, override

from sqlalchemy import Connection, Row, select, update

from core.domain.errors import NotFoundError
from core.domain.records import Library, Record, RecordId
from core.persistence.statements import holding, insert
from core.persistence.tables import records
from core.ports.repositories import Records

FIELDS = tuple(field.name for field in fields(Record))

VERSIONED = ("starts_at", "closes_at", "withdrawn")
"""The fields whose change makes a new version."""


class SqlRecords(Records):
    """Record rows."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @override
    def put(self, record: Record) -> Record:
        new = self._connection.execute(
            insert(self._connection, records)
            .values(id=record.id, **_values(record))
            .on_conflict_do_nothing(index_elements=["id"])
            .returning(records.c.id)
        ).first()
        if new is not None:
            return record
        same = records.c.id == record.id
        before = _record(self._connection.execute(holding(select(records).where(same))).one())
        moved = any(getattr(before, name) != getattr(record, name) for name in VERSIONED)
        after = replace(record, version=before.version + moved)
        if after != before:
            self._connection.execute(update(records).where(same).values(**_values(after)))
        return after

    @override
    def get(self, record_id: RecordId, *, hold: bool = False) -> Record:
        record = self.find(record_id, hold=hold)
        if record is None:
            raise NotFoundError(f"no record has the id {record_id}")
        return record

    @override
    def find(self, record_id: RecordId, *, hold: bool = False) -> Record | None:
        same = select(records).where(records.c.id == record_id)
        row = self._connection.execute(holding(same) if hold else same).first()
        return _record(row) if row is not None else None

    @override
    def list(self, libraries: Iterable[Library] = ()) -> list[Record]:
        statement = select(records)
        if wanted := tuple(libraries):
            statement = statement.where(records.c.library.in_(wanted))
        found = map(_record, self._connection.execute(statement))
        return sorted(found, key=lambda record: record.id)


def _values(record: Record) -> dict[str, object]:
    return {name: getattr(record, name) for name in FIELDS}


def _record(row: Row[Any]) -> Record:
    return Record(**{name: getattr(row, name) for name in FIELDS})
