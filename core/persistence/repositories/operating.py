"""Operators, their visits and their deeds."""

from dataclasses import fields
from datetime import datetime
from typing import override

from sqlalchemy import Connection, delete, select, update

from core.domain.operating.deeds import Deed, DeedId, DeedState, WantedDeeds
from core.domain.operating.operators import Operator, Visit
from core.persistence.operating_tables import deeds, operators, visits
from core.persistence.statements import insert
from core.ports.operating import Deeds, Operators, Visits

OPERATOR = tuple(field.name for field in fields(Operator))
VISIT = tuple(field.name for field in fields(Visit))
DEED = tuple(field.name for field in fields(Deed))


class SqlOperators(Operators):
    """Operator rows."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @override
    def put(self, operator: Operator) -> None:
        values = {name: getattr(operator, name) for name in OPERATOR}
        rest = {name: value for name, value in values.items() if name != "name"}
        self._connection.execute(
            insert(self._connection, operators)
            .values(values)
            .on_conflict_do_update(index_elements=["name"], set_=rest)
        )

    @override
    def find(self, name: str) -> Operator | None:
        row = self._connection.execute(select(operators).where(operators.c.name == name)).first()
        return None if row is None else Operator(**{one: getattr(row, one) for one in OPERATOR})

    @override
    def list(self) -> list[Operator]:
        rows = self._connection.execute(select(operators).order_by(operators.c.name))
        return [Operator(**{one: getattr(row, one) for one in OPERATOR}) for row in rows]

    @override
    def remove(self, name: str) -> bool:
        gone = delete(operators).where(operators.c.name == name)
        return bool(self._connection.execute(gone).rowcount)


class SqlVisits(Visits):
    """Visit rows."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @override
    def begin(self, visit: Visit) -> None:
        values = {name: getattr(visit, name) for name in VISIT}
        self._connection.execute(visits.insert().values(values))

    @override
    def find(self, digest: str) -> Visit | None:
        row = self._connection.execute(select(visits).where(visits.c.digest == digest)).first()
        return None if row is None else Visit(**{one: getattr(row, one) for one in VISIT})

    @override
    def see(self, digest: str, now: datetime) -> None:
        same = update(visits).where(visits.c.digest == digest)
        self._connection.execute(same.values(seen_at=now))

    @override
    def end(self, digest: str) -> None:
        self._connection.execute(delete(visits).where(visits.c.digest == digest))

    @override
    def end_all(self, operator: str) -> int:
        gone = delete(visits).where(visits.c.operator == operator)
        return self._connection.execute(gone).rowcount

    @override
    def sweep(self, before: datetime) -> int:
        gone = delete(visits).where(visits.c.begun_at < before)
        return self._connection.execute(gone).rowcount


class SqlDeeds(Deeds):
    """Deed rows."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @override
    def begin(self, deed: Deed) -> DeedId:
        values = {name: getattr(deed, name) for name in DEED if name != "id"}
        new = deeds.insert().values(values).returning(deeds.c.id)
        return DeedId(self._connection.execute(new).scalar_one())

    @override
    def end(self, deed_id: DeedId, state: DeedState, note: str) -> None:
        same = update(deeds).where(deeds.c.id == deed_id)
        self._connection.execute(same.values(state=state, note=note))

    @override
    def page(self, before: DeedId | None, limit: int, wanted: WantedDeeds) -> list[Deed]:
        newest = select(deeds).order_by(deeds.c.id.desc()).limit(limit)
        if before is not None:
            newest = newest.where(deeds.c.id < before)
        for name in ("by", "target", "what"):
            if value := getattr(wanted, name):
                newest = newest.where(deeds.c[name] == value)
        rows = self._connection.execute(newest)
        return [Deed(**{one: getattr(row, one) for one in DEED}) for row in rows]
