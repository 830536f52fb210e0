"""Messages on their way out."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import batched
from typing import override

from sqlalchemy import ColumnElement, Connection, case, func, select, update

from core.domain.conversations import Address, InboundId, Reply
from core.domain.deliveries import (
    NO_ATTEMPT,
    Attempt,
    Delivery,
    DeliveryState,
    OutboundMessage,
    OutboxId,
    Step,
)
from core.domain.errors import NotFoundError
from core.domain.purposes import PRIORITIES, again_at
from core.domain.troubles import Trouble
from core.persistence.conversations import ensure, ensure_all, hold
from core.persistence.deliveries import read_delivery, written
from core.persistence.outbox_statements import (
    AT_ONCE,
    DUE,
    NEXT,
    RECORD,
    RECORD_SENT,
    REPLIES,
    TAKE,
    putting,
    times,
)
from core.persistence.probes import may_go
from core.persistence.statements import claiming, has
from core.persistence.steps import note, note_ends
from core.persistence.tables import outbox
from core.ports.deliveries import Outbox

LEASE_RAN_OUT = "the sender's lease ran out while sending"


class SqlOutbox(Outbox):
    """Outbox rows."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @override
    def put(self, message: OutboundMessage, now: datetime) -> Delivery:
        ensure(self._connection, str(message.address))
        new = putting(self._connection.dialect.name).returning(outbox)
        row = self._connection.execute(new, written(message, now)).first()
        if row is None:
            row = self._connection.execute(select(outbox).where(outbox.c.key == message.key)).one()
        return read_delivery(row)

    @override
    def put_all(self, messages: Sequence[OutboundMessage], now: datetime) -> None:
        if messages:
            ensure_all(self._connection, {str(message.address) for message in messages})
            new = putting(self._connection.dialect.name)
            self._connection.execute(new, [written(message, now) for message in messages])

    @override
    def get(self, delivery_id: OutboxId) -> Delivery:
        row = self._connection.execute(select(outbox).where(outbox.c.id == delivery_id)).first()
        if row is None:
            raise NotFoundError(f"outbox has no delivery {delivery_id}")
        return read_delivery(row)

    @override
    def claim(
        self,
        now: datetime,
        lease: timedelta,
        channels: Sequence[str],
        *,
        by: str = "",
        first: int | None = None,
    ) -> Delivery | None:
        for channel in channels:
            while (found := self._next(now, channel, first)) is not None:
                # What was read before the conversation was held may have changed since.
                values = {"found": found, "until": now + lease, "whose": by, **times(now)}
                row = self._connection.execute(TAKE, values).first()
                if row is not None and may_go(self._connection, row, now):
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
        made: Attempt = NO_ATTEMPT,
    ) -> bool:
        due_at = (not_before or at) if state is DeliveryState.QUEUED else None
        values: dict[str, object] = {"state": state, "error": error, "leased_until": None}
        values |= {"tries": delivery.tries + made.counts}
        values |= {"delivery": delivery.id, "attempt": delivery.attempts}
        if due_at is not None:
            values |= {"due_at": due_at, "may_repeat": delivery.may_repeat or made.may_repeat}
        statement = RECORD
        if state is DeliveryState.SENT:
            address = str(delivery.message.address)
            hold(self._connection, address)
            values |= {"sent_at": at, "to": address}
            statement = RECORD_SENT
        if self._connection.execute(statement, values).rowcount != 1:
            return False
        step = Step(
            at=at,
            state=state,
            attempt=delivery.attempts,
            made=made,
            began_at=delivery.taken_at,
            said=error or "",
            due_at=due_at,
        )
        note(self._connection, [(delivery.id, step)])
        return True

    @override
    def reword(self, delivery: Delivery, reply: Reply) -> None:
        self._connection.execute(
            update(outbox)
            .where(outbox.c.id == delivery.id, outbox.c.attempts == delivery.attempts)
            .values(reply=reply)
        )

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
    def take_back(self, delivery: Delivery, now: datetime) -> bool:
        return self._cancel(outbox.c.id == delivery.id, now)

    @override
    def call_off(self, keys: Sequence[str], now: datetime) -> None:
        for some in batched(keys, AT_ONCE):
            meant = outbox.c.key.in_(some)
            self._cancel(meant, now)
            on_its_way = meant & has(outbox.c.state, DeliveryState.SENDING)
            self._connection.execute(update(outbox).where(on_its_way).values(expires_at=now))

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
        # One that may have arrived already is not said to have been of no use.
        ended = case(
            (outbox.c.may_repeat, DeliveryState.UNKNOWN.value), else_=DeliveryState.EXPIRED.value
        )
        rows = self._connection.execute(
            update(outbox)
            .where(has(outbox.c.state, DeliveryState.QUEUED), outbox.c.expires_at <= now)
            .values(state=ended)
            .returning(outbox.c.id, outbox.c.state, outbox.c.attempts)
        ).all()
        note_ends(self._connection, rows, now)
        return len(rows)

    @override
    def recover(self, now: datetime, *, again: Sequence[str], unknown: Sequence[str]) -> int:
        lost = (
            has(outbox.c.state, DeliveryState.SENDING),
            outbox.c.leased_until.is_(None) | (outbox.c.leased_until <= now),
            outbox.c.channel.in_([*again, *unknown]),
        )
        if self._connection.execute(select(outbox.c.id).where(*lost).limit(1)).first() is None:
            return 0  # most looks find nothing: these wait for no writer
        rows = self._connection.execute(claiming(select(outbox).where(*lost))).all()
        for row in rows:
            self._recover(read_delivery(row), now, repeatable=row.channel in again)
        return len(rows)

    def _recover(self, delivery: Delivery, now: datetime, *, repeatable: bool) -> None:
        message = delivery.message
        at: datetime | None = now
        if not repeatable:
            at = again_at(
                message.purpose,
                now,
                expires_at=message.expires_at,
                may_repeat=delivery.may_repeat,
            )
        self.record(
            delivery,
            DeliveryState.QUEUED if at else DeliveryState.UNKNOWN,
            now,
            error=LEASE_RAN_OUT,
            not_before=at,
            made=Attempt(by=delivery.taken_by, trouble=Trouble.UNCLEAR, may_repeat=not repeatable),
        )

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

    def _cancel(self, meant: ColumnElement[bool], now: datetime) -> bool:
        queued = update(outbox).where(meant, has(outbox.c.state, DeliveryState.QUEUED))
        ended = queued.values(state=DeliveryState.CANCELLED)
        which = ended.returning(outbox.c.id, outbox.c.state, outbox.c.attempts)
        rows = self._connection.execute(which).all()
        note_ends(self._connection, rows, now)
        return bool(rows)

    def _next(self, now: datetime, channel: str, first: int | None) -> int | None:
        """The longest due delivery of a conversation nobody holds; it is held from now on.

        Of what goes first, unless it is the turn of another priority.
        """
        values = {"by": channel, "whole": f"{channel}:", **times(now)}
        best = self._connection.execute(DUE, values).scalar()
        if best is None:
            return None  # most looks find nothing: these wait for no writer
        later = (priority for priority in PRIORITIES if priority >= best)
        for priority in (*(() if first is None else (first,)), *later):
            found = self._connection.execute(NEXT, {**values, "of": priority}).scalar()
            if found is not None:
                return int(found)
        return None
