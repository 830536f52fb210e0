"""Messages on their way out."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, override

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    and_,
    bindparam,
    exists,
    func,
    select,
    update,
)

from core.domain.conversations import Address, InboundId
from core.domain.deliveries import Delivery, DeliveryState, OutboundMessage, OutboxId
from core.domain.errors import NotFoundError
from core.persistence.conversations import ensure, hold
from core.persistence.statements import claiming, has, insert
from core.persistence.tables import conversations, outbox
from core.ports.repositories import Outbox

PATIENCE = timedelta(minutes=1)
"""Later messages to an address wait this long for an earlier one that is to be tried again."""

OPEN = (DeliveryState.QUEUED, DeliveryState.SENDING, DeliveryState.UNKNOWN)
"""States in which the newest attempt may still record its outcome."""

LEASE_RAN_OUT = "the sender's lease ran out while sending"

CURRENT, EARLIER = outbox.alias("current"), outbox.alias("earlier")
"""Made once: an alias copies every column, which cost more than the statement it is for."""


def _due() -> ColumnElement[bool]:
    return and_(
        has(outbox.c.state, DeliveryState.QUEUED),
        outbox.c.due_at <= bindparam("now"),
        _of_use(outbox.c.expires_at),
        ~_held_back(),
    )


def _of_use(expires_at: ColumnElement[datetime]) -> ColumnElement[bool]:
    return expires_at.is_(None) | (expires_at > bindparam("now"))


def _held_back() -> ColumnElement[bool]:
    """Whether another message to the same address is being sent or has to go first.

    An earlier one goes first when it is due, or about to be tried again. One that waits longer is
    overtaken: a platform that was down for hours must not silence a conversation for hours more.
    """
    being_sent = exists().where(
        CURRENT.c.address == outbox.c.address, has(CURRENT.c.state, DeliveryState.SENDING)
    )
    goes_first = exists().where(
        EARLIER.c.address == outbox.c.address,
        EARLIER.c.id < outbox.c.id,
        has(EARLIER.c.state, DeliveryState.QUEUED),
        _of_use(EARLIER.c.expires_at),
        EARLIER.c.due_at <= bindparam("soon"),
    )
    return being_sent | goes_first


NEXT = claiming(
    select(outbox.c.id)
    .join(conversations, conversations.c.address == outbox.c.address)
    .where(outbox.c.channel == bindparam("by"), _due())
    .order_by(outbox.c.due_at, outbox.c.id)
    .limit(1),
    of=conversations,
)
TAKE = (
    update(outbox)
    .where(outbox.c.id == bindparam("found"), _due())
    .values(
        state=DeliveryState.SENDING,
        attempts=outbox.c.attempts + 1,
        leased_until=bindparam("until"),
    )
    .returning(outbox)
)
"""Made once: making them cost more than running them."""


class SqlOutbox(Outbox):
    """Outbox rows."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @override
    def put(self, message: OutboundMessage, now: datetime) -> Delivery:
        ensure(self._connection, str(message.address))
        row = self._connection.execute(
            insert(self._connection, outbox)
            .values(
                key=message.key,
                channel=message.address.channel,
                address=str(message.address),
                reply=message.reply,
                reply_to=message.reply_to,
                expires_at=message.expires_at,
                created_at=now,
                due_at=now,
                state=DeliveryState.QUEUED,
                attempts=0,
            )
            .on_conflict_do_nothing(index_elements=["key"])
            .returning(outbox)
        ).first()
        if row is None:
            row = self._connection.execute(select(outbox).where(outbox.c.key == message.key)).one()
        return _delivery(row)

    @override
    def get(self, delivery_id: OutboxId) -> Delivery:
        row = self._connection.execute(select(outbox).where(outbox.c.id == delivery_id)).first()
        if row is None:
            raise NotFoundError(f"outbox has no delivery {delivery_id}")
        return _delivery(row)

    @override
    def claim(self, now: datetime, lease: timedelta, channels: Sequence[str]) -> Delivery | None:
        for channel in channels:
            while (found := self._next(now, channel)) is not None:
                # What was read before the conversation was held may have changed since.
                values = {"found": found, "until": now + lease, **_times(now)}
                row = self._connection.execute(TAKE, values).first()
                if row is not None:
                    return _delivery(row)
        return None

    @override
    def record(
        self,
        delivery: Delivery,
        state: DeliveryState,
        at: datetime,
        *,
        error: str | None = None,
        not_before: datetime | None = None,
    ) -> bool:
        values: dict[str, object] = {"state": state, "error": error, "leased_until": None}
        if state is DeliveryState.SENT:
            hold(self._connection, str(delivery.message.address))
            values |= {"sent_at": at, "sent_number": self._next_number(delivery.message.address)}
        if state is DeliveryState.QUEUED:
            values["due_at"] = not_before or at
        changed = self._connection.execute(
            update(outbox)
            .where(
                outbox.c.id == delivery.id,
                outbox.c.attempts == delivery.attempts,
                outbox.c.state.in_(OPEN),
            )
            .values(**values)
        )
        return changed.rowcount == 1

    @override
    def find(self, key: str) -> Delivery | None:
        row = self._connection.execute(select(outbox).where(outbox.c.key == key)).first()
        return _delivery(row) if row is not None else None

    @override
    def queued(self, address: Address) -> list[Delivery]:
        rows = self._connection.execute(
            select(outbox)
            .where(outbox.c.address == str(address), has(outbox.c.state, DeliveryState.QUEUED))
            .order_by(outbox.c.id)
        )
        return [_delivery(row) for row in rows]

    @override
    def take_back(self, delivery: Delivery) -> bool:
        taken = self._connection.execute(
            update(outbox)
            .where(outbox.c.id == delivery.id, has(outbox.c.state, DeliveryState.QUEUED))
            .values(state=DeliveryState.EXPIRED)
        )
        return taken.rowcount == 1

    @override
    def expire(self, now: datetime) -> int:
        expired = self._connection.execute(
            update(outbox)
            .where(has(outbox.c.state, DeliveryState.QUEUED), outbox.c.expires_at <= now)
            .values(state=DeliveryState.EXPIRED)
        )
        return expired.rowcount

    @override
    def recover(self, now: datetime, *, again: Sequence[str], unknown: Sequence[str]) -> int:
        lost = (has(outbox.c.state, DeliveryState.SENDING)) & (
            outbox.c.leased_until.is_(None) | (outbox.c.leased_until <= now)
        )
        repeated = self._connection.execute(
            update(outbox)
            .where(lost, outbox.c.channel.in_(again))
            .values(state=DeliveryState.QUEUED, due_at=now, error=LEASE_RAN_OUT, leased_until=None)
        )
        given_up = self._connection.execute(
            update(outbox)
            .where(lost, outbox.c.channel.in_(unknown))
            .values(state=DeliveryState.UNKNOWN, error=LEASE_RAN_OUT, leased_until=None)
        )
        return repeated.rowcount + given_up.rowcount

    @override
    def release_all(self) -> int:
        released = self._connection.execute(
            update(outbox)
            .where(has(outbox.c.state, DeliveryState.SENDING))
            .values(leased_until=None)
        )
        return released.rowcount

    @override
    def replies_to(self, entry_id: InboundId) -> list[Delivery]:
        rows = self._connection.execute(
            select(outbox).where(outbox.c.reply_to == entry_id).order_by(outbox.c.id)
        )
        return [_delivery(row) for row in rows]

    @override
    def sent_after(self, address: Address, after: OutboxId, limit: int) -> list[Delivery]:
        reached = (
            select(outbox.c.sent_number)
            .where(outbox.c.id == after, outbox.c.address == str(address))
            .scalar_subquery()
        )
        rows = self._connection.execute(
            select(outbox)
            .where(
                outbox.c.address == str(address),
                has(outbox.c.state, DeliveryState.SENT),
                outbox.c.sent_number > func.coalesce(reached, 0),
            )
            .order_by(outbox.c.sent_number)
            .limit(limit)
        )
        return [_delivery(row) for row in rows]

    @override
    def last_sent(self, address: Address) -> OutboxId | None:
        return self._connection.execute(
            select(outbox.c.id)
            .where(outbox.c.address == str(address), has(outbox.c.state, DeliveryState.SENT))
            .order_by(outbox.c.sent_number.desc())
            .limit(1)
        ).scalar()

    @override
    def count_by_state(self) -> dict[DeliveryState, int]:
        rows = self._connection.execute(
            select(outbox.c.state, func.count()).group_by(outbox.c.state)
        )
        return dict(iter(rows))

    def _next(self, now: datetime, channel: str) -> int | None:
        """The longest due delivery of a conversation nobody holds; it is held from now on."""
        return self._connection.execute(NEXT, {"by": channel, **_times(now)}).scalar()

    def _next_number(self, address: Address) -> ColumnElement[int]:
        """One above the last; the conversation is held."""
        return (
            select(func.coalesce(func.max(EARLIER.c.sent_number), 0) + 1)
            .where(EARLIER.c.address == str(address), has(EARLIER.c.state, DeliveryState.SENT))
            .scalar_subquery()
        )


def _times(now: datetime) -> dict[str, datetime]:
    return {"now": now, "soon": now + PATIENCE}


def _delivery(row: Row[Any]) -> Delivery:
    return Delivery(
        id=row.id,
        message=OutboundMessage(
            key=row.key,
            address=Address.parse(row.address),
            reply=row.reply,
            reply_to=row.reply_to,
            expires_at=row.expires_at,
        ),
        created_at=row.created_at,
        state=row.state,
        attempts=row.attempts,
        sent_at=row.sent_at,
        error=row.error,
    )
