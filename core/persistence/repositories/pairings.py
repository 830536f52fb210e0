"""What became of matches, and the orders that providers got."""

from collections.abc import Collection, Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any, override

from sqlalchemy import Connection, Row, func, select, update

from core.domain.conversations import Address
from core.domain.errors import NotFoundError
from core.domain.matching.orders import Order, OrderId, OrderState
from core.domain.matching.pairings import Pairing, PairingState
from core.domain.needs import NeedId
from core.domain.records import RecordId
from core.persistence.statements import claiming, has, holding, insert
from core.persistence.tables import needs, orders, pairings
from core.ports.pairings import Orders, Pairings

PAIRING = tuple(field.name for field in fields(Pairing))
PAIR = ("need_id", "record_id")
ORDER = tuple(field.name for field in fields(Order))


class SqlPairings(Pairings):
    """Rows of pairings."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @override
    def find(self, need_id: NeedId, record_id: RecordId) -> Pairing | None:
        row = self._connection.execute(
            select(pairings).where(
                pairings.c.need_id == need_id, pairings.c.record_id == record_id
            )
        ).first()
        return _pairing(row) if row is not None else None

    @override
    def put(self, pairing: Pairing) -> None:
        values = {name: getattr(pairing, name) for name in PAIRING}
        rest = {name: value for name, value in values.items() if name not in PAIR}
        self._connection.execute(
            insert(self._connection, pairings)
            .values(values)
            .on_conflict_do_update(index_elements=PAIR, set_=rest)
        )

    @override
    def of(self, need_id: NeedId) -> list[Pairing]:
        rows = self._connection.execute(
            select(pairings).where(pairings.c.need_id == need_id).order_by(pairings.c.record_id)
        )
        return [_pairing(row) for row in rows]

    @override
    def with_record(self, record_id: RecordId) -> list[Pairing]:
        rows = self._connection.execute(
            select(pairings).where(pairings.c.record_id == record_id).order_by(pairings.c.need_id)
        )
        return [_pairing(row) for row in rows]

    @override
    def declined_by(self, address: Address) -> list[Pairing]:
        rows = self._connection.execute(
            select(pairings)
            .join(needs, needs.c.id == pairings.c.need_id)
            .where(needs.c.address == str(address), pairings.c.state == PairingState.DECLINED)
            .order_by(pairings.c.need_id, pairings.c.record_id)
        )
        return [_pairing(row) for row in rows]

    @override
    def exposed(self, records: Collection[RecordId], since: datetime) -> Mapping[RecordId, int]:
        rows = self._connection.execute(
            select(pairings.c.record_id, func.count())
            .where(pairings.c.record_id.in_(records), pairings.c.offered_at >= since)
            .group_by(pairings.c.record_id)
        )
        return {RecordId(record_id): count for record_id, count in rows}

    @override
    def due(self, now: datetime, limit: int) -> list[Pairing]:
        rows = self._connection.execute(
            claiming(
                select(pairings)
                .where(pairings.c.due_at <= now)
                .order_by(pairings.c.due_at, pairings.c.need_id, pairings.c.record_id)
                .limit(limit)
            )
        )
        return [_pairing(row) for row in rows]


class SqlOrders(Orders):
    """Rows of orders."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @override
    def put(self, order: Order) -> Order | None:
        row = self._connection.execute(
            insert(self._connection, orders)
            .values({name: getattr(order, name) for name in ORDER if name != "id"})
            .on_conflict_do_nothing()
            .returning(orders)
        ).first()
        return _order(row) if row is not None else None

    @override
    def get(self, order_id: OrderId, *, hold: bool = False) -> Order:
        same = select(orders).where(orders.c.id == order_id)
        row = self._connection.execute(holding(same) if hold else same).first()
        if row is None:
            raise NotFoundError(f"no order has the id {order_id}")
        return _order(row)

    @override
    def save(self, order: Order) -> None:
        self._connection.execute(
            update(orders)
            .where(orders.c.id == order.id)
            .values(state=order.state, by=order.by, note=order.note)
        )

    @override
    def of(self, need_id: NeedId) -> list[Order]:
        rows = self._connection.execute(
            select(orders).where(orders.c.need_id == need_id).order_by(orders.c.id)
        )
        return [_order(row) for row in rows]

    @override
    def handed_to(self, records: Collection[RecordId], limit: int) -> list[Order]:
        rows = self._connection.execute(
            select(orders)
            .where(orders.c.record_id.in_(records))
            .order_by(orders.c.id.desc())
            .limit(limit)
        )
        return [_order(row) for row in rows]

    @override
    def newest(self, limit: int) -> list[Order]:
        rows = self._connection.execute(select(orders).order_by(orders.c.id.desc()).limit(limit))
        return [_order(row) for row in rows]

    @override
    def due(self, now: datetime, limit: int) -> list[Order]:
        rows = self._connection.execute(
            claiming(
                select(orders)
                .where(has(orders.c.state, OrderState.SENT), orders.c.due_at <= now)
                .order_by(orders.c.due_at, orders.c.id)
                .limit(limit)
            )
        )
        return [_order(row) for row in rows]


def _pairing(row: Row[Any]) -> Pairing:
    return Pairing(**{name: getattr(row, name) for name in PAIRING})


def _order(row: Row[Any]) -> Order:
    return Order(**{name: getattr(row, name) for name in ORDER})
