"""What platforms lend and grant."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import override

from sqlalchemy import Connection, func, select, update

from core.domain.conversations import Address, InboundId
from core.domain.deliveries import Delivery
from core.domain.platforms import Allowance, Token
from core.persistence.conversations import hold
from core.persistence.deliveries import read_delivery
from core.persistence.platform_tables import allowances, handed, tokens
from core.persistence.statements import insert
from core.persistence.tables import outbox
from core.ports.platforms import Allowances, Handed, Tokens


class SqlTokens(Tokens):
    """Token rows."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @override
    def find(self, name: str) -> Token | None:
        row = self._connection.execute(select(tokens).where(tokens.c.name == name)).first()
        return Token(value=row.value, expires_at=row.expires_at) if row is not None else None

    @override
    def put(self, name: str, token: Token) -> None:
        values = {"value": token.value, "expires_at": token.expires_at}
        self._connection.execute(
            insert(self._connection, tokens)
            .values(name=name, **values)
            .on_conflict_do_update(index_elements=["name"], set_=values)
        )


class SqlAllowances(Allowances):
    """Allowance rows; who changes an address's holds its conversation first."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @override
    def grant(self, address: Address, allowance: Allowance, *, on_top: bool = False) -> None:
        left = allowances.c.left + allowance.left if on_top else allowance.left
        self._connection.execute(
            insert(self._connection, allowances)
            .values(
                address=str(address),
                name=allowance.name,
                left=allowance.left,
                until=allowance.until,
                source=allowance.source,
            )
            .on_conflict_do_update(
                index_elements=["address", "name"],
                set_={"left": left, "until": allowance.until, "source": allowance.source},
                where=allowances.c.source != allowance.source,
            )
        )

    @override
    def take(
        self, address: Address, names: Sequence[str], count: int, now: datetime
    ) -> Mapping[str, int]:
        hold(self._connection, str(address))
        usable = [one for one in self.of(address, now) if one.name in names]
        if sum(one.left for one in usable) < count:
            return {}
        usable.sort(key=lambda one: (one.until is None, one.until))
        taken: dict[str, int] = {}
        for one in usable:
            taken[one.name] = min(one.left, count - sum(taken.values()))
        used = {name: many for name, many in taken.items() if many}
        self._change(address, {name: -many for name, many in used.items()})
        return used

    @override
    def give_back(self, address: Address, taken: Mapping[str, int]) -> None:
        self._change(address, taken)

    @override
    def end(self, address: Address, names: Sequence[str] = ()) -> None:
        which = (allowances.c.name.in_(names),) if names else ()
        self._connection.execute(
            update(allowances).where(allowances.c.address == str(address), *which).values(left=0)
        )

    @override
    def of(self, address: Address, now: datetime) -> list[Allowance]:
        rows = self._connection.execute(
            select(allowances)
            .where(
                allowances.c.address == str(address),
                allowances.c.left > 0,
                func.coalesce(allowances.c.until > now, True),
            )
            .order_by(allowances.c.name)
        )
        return [
            Allowance(name=row.name, left=row.left, until=row.until, source=row.source)
            for row in rows
        ]

    def _change(self, address: Address, by: Mapping[str, int]) -> None:
        for name, many in by.items():
            self._connection.execute(
                update(allowances)
                .where(allowances.c.address == str(address), allowances.c.name == name)
                .values(left=allowances.c.left + many)
            )


class SqlHanded(Handed):
    """Rows that join an inbox entry with the deliveries its request was answered with."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @override
    def note(self, entry_id: InboundId, deliveries: Sequence[Delivery]) -> None:
        rows = [{"entry_id": entry_id, "delivery_id": one.id} for one in deliveries]
        if rows:
            self._connection.execute(insert(self._connection, handed), rows)

    @override
    def to(self, entry_id: InboundId) -> list[Delivery]:
        rows = self._connection.execute(
            select(outbox)
            .join(handed, handed.c.delivery_id == outbox.c.id)
            .where(handed.c.entry_id == entry_id)
            .order_by(outbox.c.id)
        )
        return [read_delivery(row) for row in rows]
