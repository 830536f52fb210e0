"""Messages of the outbox that nobody waits for."""

from datetime import datetime, timedelta
from typing import override

from sqlalchemy import Connection, func, select, true

from core.domain.conversations import Address
from core.domain.deliveries import DeliveryState
from core.persistence.statements import has
from core.persistence.tables import outbox
from core.ports.broadcasts import Pushes

LONGEST = timedelta(days=2)
"""The longest a message is on its way before it is sent or dead."""

COUNTED = (
    DeliveryState.QUEUED,
    DeliveryState.SENDING,
    DeliveryState.UNKNOWN,
    DeliveryState.SENT,
)
"""States of what a person got or may still get."""


class SqlPushes(Pushes):
    """Rows of the outbox that were pushed."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @override
    def got(self, address: Address, since: datetime, now: datetime) -> list[datetime]:
        rows = self._connection.execute(
            select(outbox.c.state, outbox.c.sent_at, outbox.c.created_at).where(
                outbox.c.address == str(address),
                outbox.c.pushed.is_(true()),
                outbox.c.state.in_(COUNTED),
                outbox.c.created_at >= since - LONGEST,
            )
        )
        moments = (
            row.sent_at or (row.created_at if row.state is DeliveryState.UNKNOWN else now)
            for row in rows
        )
        return [moment for moment in moments if moment >= since]

    @override
    def waiting(self, now: datetime) -> int:
        due = (has(outbox.c.state, DeliveryState.QUEUED), outbox.c.due_at <= now)
        pushes = select(func.count()).where(*due, outbox.c.pushed.is_(true()))
        return self._connection.execute(pushes).scalar_one()
