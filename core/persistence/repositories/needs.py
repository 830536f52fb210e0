"""The 问题库."""

from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import datetime
from itertools import batched
from typing import Any, override

from sqlalchemy import Connection, Row, select, update

from core.domain.conversations import Address
from core.domain.errors import NotFoundError
from core.domain.moves import NeedEvent
from core.domain.needs import Need, NeedDraft, NeedId, NeedStatus
from core.domain.records import RecordId
from core.persistence.statements import holding, insert
from core.persistence.tables import need_events, needs
from core.ports.needs import Needs

AT_ONCE = 500
"""Ids in one statement; databases bound how many it may have."""

EVENT = tuple(field.name for field in fields(NeedEvent))


class SqlNeeds(Needs):
    """Rows of needs, of what happened to them, and of answers to matches."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @override
    def put(
        self, key: str, address: Address, draft: NeedDraft, now: datetime
    ) -> tuple[Need, bool]:
        row = self._connection.execute(
            insert(self._connection, needs)
            .values(
                key=key,
                address=str(address),
                draft=draft,
                created_at=now,
                status=NeedStatus.SUBMITTED,
                offered=(),
            )
            .on_conflict_do_nothing(index_elements=["key"])
            .returning(needs)
        ).first()
        if row is not None:
            return _need(row), True
        known = self._connection.execute(select(needs).where(needs.c.key == key)).one()
        return _need(known), False

    @override
    def get(self, need_id: NeedId, *, hold: bool = False) -> Need:
        same = select(needs).where(needs.c.id == need_id)
        row = self._connection.execute(holding(same) if hold else same).first()
        if row is None:
            raise NotFoundError(f"no need has the id {need_id}")
        return _need(row)

    @override
    def several(self, need_ids: Iterable[NeedId]) -> list[Need]:
        found: list[Need] = []
        for some in batched(sorted(set(need_ids)), AT_ONCE):
            rows = select(needs).where(needs.c.id.in_(some)).order_by(needs.c.id)
            found += map(_need, self._connection.execute(rows))
        return found

    @override
    def page(self, after: NeedId, limit: int) -> list[Need]:
        behind = select(needs).where(needs.c.id > after).order_by(needs.c.id).limit(limit)
        return [_need(row) for row in self._connection.execute(behind)]

    @override
    def changed_since(self, since: datetime) -> list[NeedId]:
        submitted = select(needs.c.id).where(needs.c.created_at >= since)
        moved = select(need_events.c.need_id).where(need_events.c.at >= since)
        found = self._connection.execute(submitted.union(moved)).scalars()
        return sorted(map(NeedId, found))

    @override
    def newest(
        self, limit: int, *, before: NeedId | None = None, status: NeedStatus | None = None
    ) -> list[Need]:
        newest = select(needs).order_by(needs.c.id.desc()).limit(limit)
        if before is not None:
            newest = newest.where(needs.c.id < before)
        if status is not None:
            newest = newest.where(needs.c.status == status)
        return [_need(row) for row in self._connection.execute(newest)]

    @override
    def of(self, address: Address) -> list[Need]:
        rows = self._connection.execute(
            select(needs).where(needs.c.address == str(address)).order_by(needs.c.id.desc())
        )
        return [_need(row) for row in rows]

    @override
    def save(self, need: Need) -> None:
        self._connection.execute(
            update(needs).where(needs.c.id == need.id).values(status=need.status, draft=need.draft)
        )

    @override
    def offer(self, need_id: NeedId, records: Sequence[RecordId], at: datetime) -> None:
        self._connection.execute(
            update(needs)
            .where(needs.c.id == need_id)
            .values(offered=tuple(records), offered_at=at)
        )

    @override
    def log(self, event: NeedEvent) -> bool:
        row = self._connection.execute(
            insert(self._connection, need_events)
            .values({name: getattr(event, name) for name in EVENT})
            .on_conflict_do_nothing(index_elements=["key"])
            .returning(need_events.c.id)
        ).first()
        return row is not None

    @override
    def find_event(self, key: str) -> NeedEvent | None:
        row = self._connection.execute(select(need_events).where(need_events.c.key == key)).first()
        return _event(row) if row is not None else None

    @override
    def events(self, need_id: NeedId) -> list[NeedEvent]:
        rows = self._connection.execute(
            select(need_events).where(need_events.c.need_id == need_id).order_by(need_events.c.id)
        )
        return [_event(row) for row in rows]


def _need(row: Row[Any]) -> Need:
    return Need(
        id=row.id,
        key=row.key,
        address=Address.parse(row.address),
        draft=row.draft,
        created_at=row.created_at,
        status=row.status,
        offered=row.offered,
        offered_at=row.offered_at,
    )


def _event(row: Row[Any]) -> NeedEvent:
    return NeedEvent(**{name: getattr(row, name) for name in EVENT})
