"""Who may do a thing that only one process may do."""

from datetime import datetime, timedelta
from typing import override

from sqlalchemy import Connection, delete, select

from core.persistence.statements import insert
from core.persistence.tables import leases
from core.ports.repositories import Leases


class SqlLeases(Leases):
    """Lease rows."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @override
    def take(self, name: str, holder: str, now: datetime, lease: timedelta) -> bool:
        mine = {"holder": holder, "leased_until": now + lease}
        row = self._connection.execute(
            insert(self._connection, leases)
            .values(name=name, **mine)
            .on_conflict_do_update(
                index_elements=["name"],
                set_=mine,
                where=(leases.c.holder == holder)
                | (leases.c.leased_until <= now)
                # Nobody leases for so long: the clock was set back since.
                | (leases.c.leased_until > now + 2 * lease),
            )
            .returning(leases.c.name)
        ).first()
        return row is not None

    @override
    def give_back(self, name: str, holder: str) -> None:
        self._connection.execute(
            delete(leases).where(leases.c.name == name, leases.c.holder == holder)
        )

    @override
    def held(self, start: str, now: datetime) -> list[str]:
        rows = self._connection.execute(
            select(leases.c.name).where(
                leases.c.name >= start,
                leases.c.name < f"{start}\U0010ffff",
                leases.c.leased_until > now,
            )
        )
        return list(rows.scalars())

    @override
    def release(self, name: str) -> None:
        self._connection.execute(delete(leases).where(leases.c.name == name))

    @override
    def sweep(self, now: datetime) -> int:
        swept = self._connection.execute(delete(leases).where(leases.c.leased_until <= now))
        return swept.rowcount
