"""Which addresses are one person, and the codes that make them so."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import override

from sqlalchemy import Connection, delete, func, select, text, update

from core.domain.conversations import Address
from core.domain.people import BindCode, Bound, Person, PersonId
from core.persistence.engine import locked
from core.persistence.people_tables import bind_codes, persons, wrong_codes
from core.persistence.people_tables import bound as table
from core.persistence.statements import insert
from core.ports.bonds import BindCodes, Bonds

KEPT = timedelta(days=1)
"""How long codes and wrong ones are remembered: longer than any limit looks back."""


class SqlBonds(Bonds):
    """Rows of persons and of their addresses."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @override
    def hold(self) -> None:
        # Two persons become one: no row of either is the lock of both, and it happens rarely.
        if self._connection.dialect.name == "sqlite":
            self._connection.execute(locked(select(persons.c.id).limit(1)))
        else:
            self._connection.execute(text("LOCK TABLE persons IN SHARE ROW EXCLUSIVE MODE"))

    @override
    def of(self, address: Address) -> Person | None:
        own = select(table.c.person).where(table.c.address == str(address)).scalar_subquery()
        rows = self._connection.execute(
            select(persons.c.home, table)
            .join(persons, persons.c.id == table.c.person)
            .where(table.c.person == own)
            .order_by(table.c.place)
        ).all()
        if not rows:
            return None
        return Person(
            id=PersonId(rows[0].person),
            home=Address.parse(rows[0].home),
            bound=tuple(
                Bound(
                    address=Address.parse(row.address),
                    brought=row.brought,
                    closed_at=row.closed_at,
                    why=row.why,
                )
                for row in rows
            ),
        )

    @override
    def keep(self, home: Address, bound: Sequence[Bound]) -> Person:
        for one in bound:
            before = self.of(one.address)
            if before is not None:
                self.forget(before.id)
        number = self._connection.execute(
            insert(self._connection, persons).values(home=str(home)).returning(persons.c.id)
        ).scalar_one()
        self._connection.execute(
            insert(self._connection, table),
            [
                {
                    "address": str(one.address),
                    "person": number,
                    "place": place,
                    "brought": one.brought,
                    "closed_at": one.closed_at,
                    "why": one.why,
                }
                for place, one in enumerate(bound)
            ],
        )
        return Person(id=PersonId(number), home=home, bound=tuple(bound))

    @override
    def change(self, person_id: PersonId, bound: Bound) -> None:
        self._connection.execute(
            update(table)
            .where(table.c.person == person_id, table.c.address == str(bound.address))
            .values(brought=bound.brought, closed_at=bound.closed_at, why=bound.why)
        )

    @override
    def settle(self, person_id: PersonId, home: Address) -> None:
        self._connection.execute(
            update(persons).where(persons.c.id == person_id).values(home=str(home))
        )

    @override
    def forget(self, person_id: PersonId) -> None:
        self._connection.execute(delete(table).where(table.c.person == person_id))
        self._connection.execute(delete(persons).where(persons.c.id == person_id))


class SqlBindCodes(BindCodes):
    """Rows of codes, and of wrong ones."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @override
    def put(self, code: BindCode, now: datetime) -> None:
        self._connection.execute(delete(bind_codes).where(bind_codes.c.made_at < now - KEPT))
        self._connection.execute(
            update(bind_codes)
            .where(
                bind_codes.c.address == str(code.address),
                bind_codes.c.used_by.is_(None),
                bind_codes.c.expires_at > now,
            )
            .values(expires_at=now)
        )
        self._connection.execute(
            insert(self._connection, bind_codes).values(
                digest=code.digest,
                address=str(code.address),
                made_at=now,
                expires_at=code.expires_at,
            )
        )

    @override
    def find(self, digest: str) -> BindCode | None:
        row = self._connection.execute(
            select(bind_codes).where(bind_codes.c.digest == digest)
        ).first()
        if row is None:
            return None
        return BindCode(
            digest=row.digest,
            address=Address.parse(row.address),
            expires_at=row.expires_at,
            used_by=Address.parse(row.used_by) if row.used_by else None,
        )

    @override
    def use(self, digest: str, by: Address, now: datetime) -> bool:
        used = self._connection.execute(
            update(bind_codes)
            .where(
                bind_codes.c.digest == digest,
                bind_codes.c.used_by.is_(None),
                bind_codes.c.expires_at > now,
            )
            .values(used_by=str(by))
        )
        return used.rowcount == 1

    @override
    def asked(self, address: Address, since: datetime) -> int:
        return self._connection.execute(
            select(func.count())
            .select_from(bind_codes)
            .where(bind_codes.c.address == str(address), bind_codes.c.made_at > since)
        ).scalar_one()

    @override
    def note_wrong(self, address: Address, now: datetime) -> None:
        self._connection.execute(delete(wrong_codes).where(wrong_codes.c.at < now - KEPT))
        self._connection.execute(
            insert(self._connection, wrong_codes).values(address=str(address), at=now)
        )

    @override
    def wrong(self, address: Address, since: datetime) -> int:
        return self._connection.execute(
            select(func.count())
            .select_from(wrong_codes)
            .where(wrong_codes.c.address == str(address), wrong_codes.c.at > since)
        ).scalar_one()
