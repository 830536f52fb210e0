"""The last pull of each source."""

from dataclasses import fields
from typing import override

from sqlalchemy import Connection, select

from core.domain.sources import Pull, SourceName
from core.persistence.statements import insert
from core.persistence.tables import pulls
from core.ports.sources import Pulls

FIELDS = tuple(field.name for field in fields(Pull))


class SqlPulls(Pulls):
    """Rows of pulls."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @override
    def put(self, pull: Pull) -> None:
        told = {name: getattr(pull, name) for name in FIELDS}
        self._connection.execute(
            insert(self._connection, pulls)
            .values(**told)
            .on_conflict_do_update(index_elements=["name"], set_=told)
        )

    @override
    def find(self, name: SourceName) -> Pull | None:
        row = self._connection.execute(select(pulls).where(pulls.c.name == name)).first()
        return None if row is None else Pull(**{one: getattr(row, one) for one in FIELDS})
