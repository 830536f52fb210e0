"""Who wants to hear of what, and when not."""

from collections.abc import Collection, Sequence
from functools import cache
from itertools import batched
from typing import Any, override

from pydantic import TypeAdapter
from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Text,
    bindparam,
    cast,
    delete,
    func,
    select,
    update,
)

from core.domain.conversations import Address
from core.domain.subscriptions import (
    Interest,
    QuietHours,
    Rhythm,
    Subscriber,
    Subscription,
    SubscriptionId,
)
from core.persistence.push_tables import quiet_hours, subscriptions
from core.persistence.statements import insert
from core.ports.subscriptions import Subscriptions

AT_ONCE = 500
"""Keys asked for in one statement."""

SUBSCRIBERS = (
    select(
        subscriptions.c.key,
        subscriptions.c.address,
        cast(subscriptions.c.rhythm, Text),
        subscriptions.c.created_at,
    )
    .where(subscriptions.c.key.in_(bindparam("some", expanding=True)))
    .order_by(subscriptions.c.id)
)
RHYTHM = TypeAdapter(Rhythm)


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
    def change(self, subscription_id: SubscriptionId, rhythm: Rhythm) -> None:
        same = subscriptions.c.id == subscription_id
        self._connection.execute(update(subscriptions).where(same).values(rhythm=rhythm))

    @override
    def remove(self, subscription_id: SubscriptionId) -> bool:
        gone = delete(subscriptions).where(subscriptions.c.id == subscription_id)
        return self._connection.execute(gone).rowcount == 1

    @override
    def of(self, address: Address) -> list[Subscription]:
        return self._listed(subscriptions.c.address == str(address))

    @override
    def stamp(self) -> tuple[int, int]:
        total = func.coalesce(func.sum(subscriptions.c.id), 0)
        count, numbers = self._connection.execute(select(func.count(), total)).one()
        return int(count), int(numbers)

    @override
    def keys(self) -> set[str]:
        return set(self._connection.execute(select(subscriptions.c.key).distinct()).scalars())

    @override
    def interests(self, keys: Sequence[str]) -> dict[str, Interest]:
        found: dict[str, Interest] = {}
        for some in batched(keys, AT_ONCE):
            newest = (
                select(func.max(subscriptions.c.id))
                .where(subscriptions.c.key.in_(some))
                .group_by(subscriptions.c.key)
            )
            rows = self._connection.execute(
                select(subscriptions.c.key, subscriptions.c.interest).where(
                    subscriptions.c.id.in_(newest)
                )
            )
            found |= dict(iter(rows))
        return found

    @override
    def subscribers(self, keys: Sequence[str]) -> dict[str, list[Subscriber]]:
        found: dict[str, list[Subscriber]] = {key: [] for key in keys}
        for some in batched(keys, AT_ONCE):
            rows = self._connection.execute(SUBSCRIBERS, {"some": some})
            for key, address, rhythm, since in rows:
                found[key].append(Subscriber(Address.parse(address), _rhythm(rhythm), since))
        return found

    @override
    def quiet_hours(self, address: Address) -> QuietHours | None:
        hours: QuietHours | None = self._connection.execute(
            select(quiet_hours.c.hours).where(quiet_hours.c.address == str(address))
        ).scalar()
        return hours

    @override
    def all_quiet_hours(self, addresses: Collection[Address]) -> dict[Address, QuietHours]:
        found: dict[Address, QuietHours] = {}
        for some in batched(sorted(map(str, addresses)), AT_ONCE):
            theirs = select(quiet_hours).where(quiet_hours.c.address.in_(some))
            for row in self._connection.execute(theirs):
                found[Address.parse(row.address)] = row.hours
        return found

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


@cache
def _rhythm(written: str) -> Rhythm:
    """There are few, and very many subscribers have each."""
    return RHYTHM.validate_json(written)
