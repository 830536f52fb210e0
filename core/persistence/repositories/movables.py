"""What stands under an address and may stand under another."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, override

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Table,
    and_,
    delete,
    exists,
    false,
    or_,
    select,
    update,
)

from core.domain.broadcasts import Profile
from core.domain.conversations import Address
from core.domain.deliveries import Delivery, DeliveryState, Step
from core.domain.people import Belongings, follows_person, moved_key
from core.domain.reminders import ReminderState
from core.persistence.conversations import hold
from core.persistence.deliveries import read_delivery
from core.persistence.push_tables import profiles, quiet_hours, recipients, subscriptions, tidings
from core.persistence.repositories.people import SqlPeople
from core.persistence.repositories.subscriptions import SqlSubscriptions
from core.persistence.statements import has
from core.persistence.steps import note
from core.persistence.tables import needs, outbox, reminders, submissions
from core.ports.bonds import Movables

PLANNED = has(reminders.c.state, ReminderState.PLANNED)


class SqlMovables(Movables):
    """Rows of every table that names whose they are."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @override
    def of(self, address: Address) -> Belongings:
        known = SqlPeople(self._connection).find(address)
        return Belongings(
            needs=self._ids(needs, address),
            submissions=self._ids(submissions, address),
            reminders=self._ids(reminders, address, PLANNED),
            subscriptions=self._ids(subscriptions, address),
            quiet=SqlSubscriptions(self._connection).quiet_hours(address),
            profile=None if known == Profile(address=address) else known,
        )

    @override
    def move(self, old: Address, new: Address, now: datetime) -> None:
        for address in sorted((str(old), str(new))):
            hold(self._connection, address)
        self._move_queued(old, new, now)
        for table in (needs, submissions):
            self._readdress(table, old, new)
        self._readdress(subscriptions, old, new, unless=("key",))
        self._readdress(recipients, old, new, unless=("broadcast",))
        self._readdress(quiet_hours, old, new, unless=())
        self._move_tidings(old, new)
        self._move_reminders(old, new)
        self._join_profiles(old, new)

    @override
    def give(self, old: Address, new: Address, some: Belongings) -> None:
        for address in sorted((str(old), str(new))):
            hold(self._connection, address)
        for table, ids in (
            (needs, some.needs),
            (submissions, some.submissions),
            (subscriptions, some.subscriptions),
        ):
            self._run(
                update(table)
                .where(table.c.address == str(old), table.c.id.in_(ids))
                .values(address=str(new))
            )
        self._move_reminders(old, new, reminders.c.id.in_(some.reminders))
        subscribed = SqlSubscriptions(self._connection)
        still = {one.interest.key for one in subscribed.of(old)}
        for one in some.doubled:
            if one.interest.key in still:
                subscribed.put(replace(one, address=new))
        if some.quiet is not None and subscribed.quiet_hours(new) is None:
            subscribed.keep_quiet(new, some.quiet)
        if some.profile is not None:
            self._give_profile(old, replace(some.profile, address=new))

    def _ids(self, table: Table, address: Address, *conditions: ColumnElement[bool]) -> Any:  # noqa: ANN401 -- ids of whatever table
        rows = self._connection.execute(
            select(table.c.id)
            .where(table.c.address == str(address), *conditions)
            .order_by(table.c.id)
        )
        return tuple(rows.scalars())

    def _run(self, statement: Any) -> None:  # noqa: ANN401 -- an UPDATE or a DELETE
        self._connection.execute(statement)

    def _readdress(
        self, table: Table, old: Address, new: Address, *, unless: Sequence[str] | None = None
    ) -> None:
        """Rows of one address become another's, and go where that has the same in `unless`."""
        if unless is not None:
            other = table.alias()
            same = (other.c[name] == table.c[name] for name in unless)
            there = exists().where(other.c.address == str(new), *same)
            self._run(delete(table).where(table.c.address == str(old), there))
        self._run(update(table).where(table.c.address == str(old)).values(address=str(new)))

    def _move_queued(self, old: Address, new: Address, now: datetime) -> None:
        """What may have arrived at `old` already stays there: it could come twice."""
        rows = self._connection.execute(
            select(outbox)
            .where(
                outbox.c.address == str(old),
                outbox.c.may_repeat.is_(false()),
                has(outbox.c.state, DeliveryState.QUEUED),
            )
            .order_by(outbox.c.id)
        ).all()
        for delivery in map(read_delivery, rows):
            if follows_person(delivery.message):
                self._move_delivery(delivery, new, now)

    def _move_delivery(self, delivery: Delivery, new: Address, now: datetime) -> None:
        message = delivery.message
        key, state = moved_key(message, new), DeliveryState.CANCELLED
        values: dict[str, object] = {"state": state}
        if key == message.key or not self._has_key(key):
            state = DeliveryState.QUEUED
            values = {"address": str(new), "channel": new.channel, "key": key}
            told = update(tidings).where(tidings.c.told_by == message.key)
            self._run(told.values(told_by=key))
        waits = outbox.c.id == delivery.id, has(outbox.c.state, DeliveryState.QUEUED)
        self._run(update(outbox).where(*waits).values(values))
        said = f"its person is told on {new.channel} instead of {message.address.channel}"
        step = Step(at=now, state=state, attempt=delivery.attempts, said=said)
        note(self._connection, [(delivery.id, step)])

    def _has_key(self, key: str) -> bool:
        found = self._connection.execute(select(outbox.c.id).where(outbox.c.key == key))
        return found.first() is not None

    def _move_tidings(self, old: Address, new: Address) -> None:
        other = tidings.alias()
        same = other.c.record_id == tidings.c.record_id
        waits = tidings.c.told_by.is_(None)
        theirs = exists().where(other.c.address == str(new), same)
        theirs_told = exists().where(
            other.c.address == str(new), same, other.c.told_by.is_not(None)
        )
        gone = and_(theirs, or_(waits, theirs_told))
        self._run(delete(tidings).where(tidings.c.address == str(old), gone))
        # What one of them was told is not told to the other.
        told_there = exists().where(
            other.c.address == str(old), same, other.c.told_by.is_not(None)
        )
        self._run(delete(tidings).where(tidings.c.address == str(new), waits, told_there))
        self._readdress(tidings, old, new)

    def _move_reminders(
        self, old: Address, new: Address, *conditions: ColumnElement[bool]
    ) -> None:
        rows = self._connection.execute(
            select(reminders).where(reminders.c.address == str(old), *conditions)
        ).all()
        for row in rows:
            key = row.key.replace(str(old), str(new), 1)
            there = self._connection.execute(
                select(reminders).where(reminders.c.key == key)
            ).first()
            if there is not None:
                self._join_reminders(row, there)
            if there is None or there.state is ReminderState.CANCELLED:
                values = {"key": key, "address": str(new)}
                self._run(update(reminders).where(reminders.c.id == row.id).values(values))

    def _join_reminders(self, row: Row[Any], there: Row[Any]) -> None:
        """Of two that are the same, the one that may still be told stays."""
        if there.state is ReminderState.CANCELLED:
            self._run(delete(reminders).where(reminders.c.id == there.id))
        elif row.state is ReminderState.PLANNED:
            cancelled = update(reminders).where(reminders.c.id == row.id)
            self._run(cancelled.values(state=ReminderState.CANCELLED))

    def _join_profiles(self, old: Address, new: Address) -> None:
        """What one does not say of itself, the other may; who refused broadcasts, refuses."""
        people = SqlPeople(self._connection)
        theirs, mine = people.find(old), people.find(new)
        row = self._connection.execute(
            select(profiles).where(profiles.c.address == str(old))
        ).first()
        if row is None:
            return
        self._run(delete(profiles).where(profiles.c.address == str(old)))
        joined = Profile(
            address=new,
            role=mine.role or theirs.role,
            region=mine.region or theirs.region,
            industries=mine.industries or theirs.industries,
            refuses=mine.refuses or theirs.refuses,
        )
        people.keep(joined, row.told_by, row.at)

    def _give_profile(self, old: Address, profile: Profile) -> None:
        """Who refused broadcasts meanwhile, refuses them at both."""
        row = self._connection.execute(
            select(profiles).where(profiles.c.address == str(old))
        ).first()
        if row is not None:
            kept = replace(profile, refuses=profile.refuses or row.refuses)
            SqlPeople(self._connection).keep(kept, row.told_by, row.at)
