"""Who wants to hear of what, and when not."""

from typing import Any, override

from sqlalchemy import ColumnElement, Connection, Row, delete, select, update

from core.domain.conversations import Address
from core.domain.subscriptions import QuietHours, Subscription, SubscriptionId
from core.persistence.statements import insert
from core.persistence.tables import quiet_hours, subscriptions
from core.ports.subscriptions import Subscriptions


class SqlSubscriptions(Subscriptions):
    """Rows of subscriptions and of quiet hours."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @override
    def put(self, subscription: Subscription) -> tuple[Subscription, bool]:
        address, key = str(subscription.address), subscription.interest.key
        row = self._connection.execute(
            insert(self._connection, subscriptions)
            .values(
                address=address,
                key=key,
                interest=subscription.interest,
                rhythm=subscription.rhythm,
                created_at=subscription.created_at,
            )
            .on_conflict_do_nothing(index_elements=["address", "key"])
            .returning(subscriptions)
        ).first()
        if row is not None:
            return _subscription(row), True
        same = (subscriptions.c.address == address, subscriptions.c.key == key)
        return self._listed(*same)[0], False

    @override
    def change(self, subscription: Subscription) -> None:
        self._connection.execute(
            update(subscriptions)
            .where(subscriptions.c.id == subscription.id)
            .values(
                key=subscription.interest.key,
                interest=subscription.interest,
                rhythm=subscription.rhythm,
            )
        )

    @override
    def remove(self, subscription_id: SubscriptionId) -> bool:
        gone = delete(subscriptions).where(subscriptions.c.id == subscription_id)
        return self._connection.execute(gone).rowcount == 1

    @override
    def of(self, address: Address) -> list[Subscription]:
        return self._listed(subscriptions.c.address == str(address))

    @override
    def all(self) -> list[Subscription]:
        return self._listed()

    @override
    def quiet_hours(self, address: Address) -> QuietHours | None:
        hours: QuietHours | None = self._connection.execute(
            select(quiet_hours.c.hours).where(quiet_hours.c.address == str(address))
        ).scalar()
        return hours

    @override
    def keep_quiet(self, address: Address, hours: QuietHours | None) -> None:
        if hours is None:
            gone = delete(quiet_hours).where(quiet_hours.c.address == str(address))
            self._connection.execute(gone)
            return
        self._connection.execute(
            insert(self._connection, quiet_hours)
            .values(address=str(address), hours=hours)
            .on_conflict_do_update(index_elements=["address"], set_={"hours": hours})
        )

    def _listed(self, *conditions: ColumnElement[bool]) -> list[Subscription]:
        rows = self._connection.execute(
            select(subscriptions).where(*conditions).order_by(subscriptions.c.id)
        )
        return [_subscription(row) for row in rows]


def _subscription(row: Row[Any]) -> Subscription:
    return Subscription(
        id=row.id,
        address=Address.parse(row.address),
        interest=row.interest,
        rhythm=row.rhythm,
        created_at=row.created_at,
    )
