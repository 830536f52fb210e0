"""Records of the libraries."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields, replace
from datetime import datetime
from itertools import batched
from typing import Any, override

from sqlalchemy import ColumnElement, Connection, Row, func, or_, select, update

from core.domain.arrivals import name_key
from core.domain.errors import NotFoundError
from core.domain.records import Library, Record, RecordId, Standing
from core.persistence.standings import stands
from core.persistence.statements import holding, holds, insert
from core.persistence.tables import records
from core.ports.repositories import Asked, Records

FIELDS = tuple(field.name for field in fields(Record))
PLACES = tuple((name, records.c.keys().index(name)) for name in FIELDS)
"""Of each field in a row: looking it up by name costs more than all the rest."""

AT_ONCE = 1_000
"""How many ids one statement names."""

VERSIONED = ("starts_at", "closes_at", "ends_at", "phases", "withdrawn")
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
    def add(self, new: Sequence[Record]) -> set[RecordId]:
        if not new:
            return set()
        statement = (
            insert(self._connection, records)
            .on_conflict_do_nothing(index_elements=["id"])
            .returning(records.c.id)
        )
        rows = [{"id": one.id, **_values(one)} for one in new]
        return {RecordId(one) for one in self._connection.execute(statement, rows).scalars()}

    @override
    def named(self, library: Library, names: Iterable[str]) -> list[Record]:
        found: list[Record] = []
        for some in batched(sorted(set(names)), AT_ONCE):
            same = (records.c.library == library) & records.c.name_key.in_(some)
            found += map(_record, self._connection.execute(select(records).where(same)))
        return found

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
    def several(self, record_ids: Iterable[RecordId], *, hold: bool = False) -> list[Record]:
        found: list[Record] = []
        for some in batched(sorted(set(record_ids)), AT_ONCE):
            rows = select(records).where(records.c.id.in_(some)).order_by(records.c.id)
            found += map(_record, self._connection.execute(holding(rows) if hold else rows))
        return found

    @override
    def page(self, after: RecordId, limit: int, asked: Asked | None = None) -> list[Record]:
        behind = select(records).where(records.c.id > after, *self._terms(asked))
        rows = self._connection.execute(behind.order_by(records.c.id).limit(limit))
        return [_record(row) for row in rows]

    @override
    def live(self, library: Library, start: str) -> set[RecordId]:
        ours = select(records.c.id).where(
            records.c.library == library,
            records.c.external_id.startswith(start, autoescape=True),
            records.c.withdrawn.is_(False),
        )
        return {RecordId(one) for one in self._connection.execute(ours).scalars()}

    @override
    def repeated(self, now: datetime) -> list[Record]:
        over = func.coalesce(records.c.ends_at, records.c.starts_at) <= now
        gone = records.c.starts_at <= now
        ours = select(records).where(
            records.c.series.is_not(None), gone, over, records.c.withdrawn.is_(False)
        )
        by_start = ours.order_by(records.c.starts_at)
        return [_record(row) for row in self._connection.execute(by_start)]

    @override
    def scopes(self) -> list[str | None]:
        return list(self._connection.execute(select(records.c.region).distinct()).scalars())

    def _terms(self, asked: Asked | None) -> Iterator[ColumnElement[bool]]:
        if asked is None:
            return
        if asked.scopes is not None:
            named = records.c.region.in_([one for one in asked.scopes if one is not None])
            yield named | records.c.region.is_(None) if None in asked.scopes else named
        wanted = asked.wanted
        if wanted.standings != frozenset(Standing):
            yield stands(wanted.standings, asked.now)
        if wanted.libraries:
            yield records.c.library.in_(wanted.libraries)
        if wanted.industry:
            yield holds(self._connection, records.c.industries, wanted.industry)
        if word := wanted.keyword:
            texts = (records.c.title, records.c.summary)
            yield or_(
                holds(self._connection, records.c.keywords, word),
                *(text.contains(word, autoescape=True) for text in texts),
            )

    @override
    def count(self, asked: Asked | None = None) -> int:
        counted = select(func.count()).select_from(records).where(*self._terms(asked))
        return self._connection.execute(counted).scalar_one()

    @override
    def list(self, libraries: Iterable[Library] = ()) -> list[Record]:
        statement = select(records)
        if wanted := tuple(libraries):
            statement = statement.where(records.c.library.in_(wanted))
        found = map(_record, self._connection.execute(statement))
        return sorted(found, key=lambda record: record.id)


def _values(record: Record) -> dict[str, object]:
    return {name: getattr(record, name) for name in FIELDS} | {"name_key": name_key(record)}


def _record(row: Row[Any]) -> Record:
    return Record(**{name: row[at] for name, at in PLACES})
