"""Who wants to hear of what."""

from typing import override

from sqlalchemy import ColumnElement, Connection, delete, select

from core.domain.conversations import Address
from core.domain.subscriptions import Subscription
from core.persistence.statements import insert
from core.persistence.tables import subscriptions
from core.ports.repositories import Subscriptions


class SqlSubscriptions(Subscriptions):
    """Subscription rows."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @override
    def put(self, subscription: Subscription) -> bool:
        row = self._connection.execute(
            insert(self._connection, subscriptions)
            .values(
                address=str(subscription.address),
                topic=subscription.topic,
                created_at=subscription.created_at,
            )
            .on_conflict_do_nothing(index_elements=["address", "topic"])
            .returning(subscriptions.c.topic)
        ).first()
        return row is not None

    @override
    def remove(self, address: Address, topic: str | None) -> int:
        statement = delete(subscriptions).where(subscriptions.c.address == str(address))
        if topic is not None:
            statement = statement.where(subscriptions.c.topic == topic)
        return self._connection.execute(statement).rowcount

    @override
    def of(self, address: Address) -> list[Subscription]:
        return self._listed(subscriptions.c.address == str(address))

    @override
    def all(self) -> list[Subscription]:
        return self._listed()

    def _listed(self, *conditions: ColumnElement[bool]) -> list[Subscription]:
        rows = self._connection.execute(
            select(subscriptions).where(*conditions).order_by(subscriptions.c.created_at)
        )
        return [
            Subscription(
                address=Address.parse(row.address), topic=row.topic, created_at=row.created_at
            )
            for row in rows
        ]
