"""Messages on their way out."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any, override

from sqlalchemy import ColumnElement, Connection, bindparam, exists, func, or_, select, update
from sqlalchemy.sql.dml import ReturningInsert

from core.domain.conversations import Address, InboundId
from core.domain.deliveries import Delivery, DeliveryState, OutboundMessage, OutboxId
from core.domain.errors import NotFoundError
from core.persistence.conversations import ensure, hold
from core.persistence.deliveries import read_delivery
from core.persistence.statements import claiming, has, insert
from core.persistence.tables import conversations, outbox
from core.ports.repositories import Outbox

PATIENCE = timedelta(minutes=1)
"""Later messages to an address wait this long for an earlier one that is to be tried again."""

_UNENDED = (DeliveryState.QUEUED, DeliveryState.SENDING, DeliveryState.UNKNOWN)
OPEN = or_(*(has(outbox.c.state, one) for one in _UNENDED))
"""States in which the newest attempt may still record its outcome."""

LEASE_RAN_OUT = "the sender's lease ran out while sending"

CURRENT, EARLIER = outbox.alias("current"), outbox.alias("earlier")
"""Made once: an alias copies every column, which cost more than the statement it is for."""


def _due() -> ColumnElement[bool]:
    return (
        has(outbox.c.state, DeliveryState.QUEUED)
        & (outbox.c.due_at <= bindparam("now"))
        & _of_use(outbox.c.expires_at)
        & ~_held_back()
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


DUE = select(outbox.c.id).where(outbox.c.channel == bindparam("by"), _due()).limit(1)
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
RECORD = update(outbox).where(
    outbox.c.id == bindparam("delivery"), outbox.c.attempts == bindparam("attempt"), OPEN
)
RECORD_SENT = RECORD.values(
    sent_number=select(func.coalesce(func.max(EARLIER.c.sent_number), 0) + 1)
    .where(EARLIER.c.address == bindparam("to"), has(EARLIER.c.state, DeliveryState.SENT))
    .scalar_subquery()
)
"""Numbered one above the last to its address; the conversation is held."""

REPLIES = select(outbox).where(outbox.c.reply_to == bindparam("entry")).order_by(outbox.c.id)
"""All made once: making them cost more than running them."""


class SqlOutbox(Outbox):
    """Outbox rows."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @override
    def put(self, message: OutboundMessage, now: datetime) -> Delivery:
        ensure(self._connection, str(message.address))
        values = {
            "key": message.key,
            "channel": message.address.channel,
            "address": str(message.address),
            "reply": message.reply,
            "reply_to": message.reply_to,
            "expires_at": message.expires_at,
            "pushed": message.pushed,
            "created_at": now,
            "due_at": now,
            "state": DeliveryState.QUEUED,
            "attempts": 0,
        }
        row = self._connection.execute(_putting(self._connection.dialect.name), values).first()
        if row is None:
            row = self._connection.execute(select(outbox).where(outbox.c.key == message.key)).one()
        return read_delivery(row)

    @override
    def get(self, delivery_id: OutboxId) -> Delivery:
        row = self._connection.execute(select(outbox).where(outbox.c.id == delivery_id)).first()
        if row is None:
            raise NotFoundError(f"outbox has no delivery {delivery_id}")
        return read_delivery(row)

    @override
    def claim(self, now: datetime, lease: timedelta, channels: Sequence[str]) -> Delivery | None:
        for channel in channels:
            while (found := self._next(now, channel)) is not None:
                # What was read before the conversation was held may have changed since.
                values = {"found": found, "until": now + lease, **_times(now)}
                row = self._connection.execute(TAKE, values).first()
                if row is not None:
                    return read_delivery(row)
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
        values |= {"delivery": delivery.id, "attempt": delivery.attempts}
        if state is DeliveryState.SENT:
            address = str(delivery.message.address)
            hold(self._connection, address)
            sent = {**values, "sent_at": at, "to": address}
            return self._connection.execute(RECORD_SENT, sent).rowcount == 1
        if state is DeliveryState.QUEUED:
            values["due_at"] = not_before or at
        return self._connection.execute(RECORD, values).rowcount == 1

    @override
    def find(self, key: str) -> Delivery | None:
        row = self._connection.execute(select(outbox).where(outbox.c.key == key)).first()
        return read_delivery(row) if row is not None else None

    @override
    def hold(self, address: Address) -> None:
        hold(self._connection, str(address))

    @override
    def queued(self, address: Address) -> list[Delivery]:
        rows = self._connection.execute(
            select(outbox)
            .where(outbox.c.address == str(address), has(outbox.c.state, DeliveryState.QUEUED))
            .order_by(outbox.c.id)
        )
        return [read_delivery(row) for row in rows]

    @override
    def take_back(self, delivery: Delivery) -> bool:
        taken = self._connection.execute(
            update(outbox)
            .where(outbox.c.id == delivery.id, has(outbox.c.state, DeliveryState.QUEUED))
            .values(state=DeliveryState.EXPIRED)
        )
        return taken.rowcount == 1

    @override
    def hasten(self, address: Address, now: datetime) -> int:
        hastened = self._connection.execute(
            update(outbox)
            .where(
                outbox.c.address == str(address),
                has(outbox.c.state, DeliveryState.QUEUED),
                outbox.c.due_at > now,
            )
            .values(due_at=now)
        )
        return hastened.rowcount

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
        rows = self._connection.execute(REPLIES, {"entry": entry_id})
        return [read_delivery(row) for row in rows]

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
        return [read_delivery(row) for row in rows]

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
        values = {"by": channel, **_times(now)}
        if self._connection.execute(DUE, values).first() is None:
            return None  # most looks find nothing: these wait for no writer
        return self._connection.execute(NEXT, values).scalar()


@cache
def _putting(dialect: str) -> ReturningInsert[Any]:
    new = insert(dialect, outbox)
    return new.on_conflict_do_nothing(index_elements=["key"]).returning(outbox)


def _times(now: datetime) -> dict[str, datetime]:
    return {"now": now, "soon": now + PATIENCE}
