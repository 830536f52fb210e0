"""The 问题库."""

from datetime import datetime
from typing import Any, override

from sqlalchemy import Connection, Row, select

from core.domain.conversations import Address
from core.domain.errors import NotFoundError
from core.domain.needs import Need, NeedDraft, NeedId, NeedStatus
from core.persistence.statements import insert
from core.persistence.tables import needs
from core.ports.repositories import Needs


class SqlNeeds(Needs):
    """Need rows."""

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
            )
            .on_conflict_do_nothing(index_elements=["key"])
            .returning(needs)
        ).first()
        if row is not None:
            return _need(row), True
        known = self._connection.execute(select(needs).where(needs.c.key == key)).one()
        return _need(known), False

    @override
    def get(self, need_id: NeedId) -> Need:
        row = self._connection.execute(select(needs).where(needs.c.id == need_id)).first()
        if row is None:
            raise NotFoundError(f"no need has the id {need_id}")
        return _need(row)

    @override
    def newest(self, limit: int) -> list[Need]:
        rows = self._connection.execute(select(needs).order_by(needs.c.id.desc()).limit(limit))
        return [_need(row) for row in rows]


def _need(row: Row[Any]) -> Need:
    return Need(
        id=row.id,
        key=row.key,
        address=Address.parse(row.address),
        draft=row.draft,
        created_at=row.created_at,
        status=row.status,
    )
