"""Promising reminders, taking them back, and moving due ones to the outbox."""

import logging
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from core.domain.conversations import Address, Reply
from core.domain.dates.offsets import Offset
from core.domain.deliveries import Delivery, OutboundMessage
from core.domain.errors import BadInputError
from core.domain.records import Record, RecordId
from core.domain.reminders import (
    Anchor,
    Reminder,
    ReminderState,
    delivery_keys,
    for_group,
    plan,
)
from core.domain.subscriptions import QuietHours
from core.ports.clock import Clock
from core.ports.unit_of_work import UnitOfWork, Units
from core.ports.wakeups import Wakeups, Work
from core.services.reminding.following import follow_some, outside_quiet

log = logging.getLogger(__name__)

BATCH = 500
"""Due reminders moved in one transaction."""
LATE = timedelta(minutes=2)
"""A reminder told later than this after its due time is late, and says so."""


class PastReminderError(BadInputError):
    """The moment asked for has passed; `due_at` tells which it was."""

    def __init__(self, title: str, due_at: datetime) -> None:
        super().__init__(f"reminder for {title!r} would have been due at {due_at.isoformat()}")
        self.due_at = due_at


@dataclass(frozen=True, slots=True, kw_only=True)
class SetReminder:
    """Promise a reminder so long before an instant of a record."""

    units: Units

    def __call__(
        self,
        record_id: RecordId,
        *,
        address: Address,
        offset: Offset,
        now: datetime,
        anchor: Anchor | None = None,
        phase: str = "",
    ) -> tuple[Reminder, bool]:
        """The reminder and whether it is new; without `anchor`, of what `anchor_of` names.

        In the person's quiet hours it comes before or after them, but never too late.

        Raises:
            NotFoundError: no such record.
            NoAnchorError: the record has no such date, or is withdrawn.
            PastReminderError: the moment has passed.
        """
        with self.units() as unit:
            # Held, so that a change of the record finds the promise, or the promise the change.
            record = unit.records.get(record_id, hold=True)
            planned = plan(record, address=address, offset=offset, anchor=anchor, phase=phase)
            if planned.due_at <= now:
                raise PastReminderError(record.title, planned.due_at)
            hours = unit.subscriptions.quiet_hours(address)
            stored = unit.reminders.put(outside_quiet(planned, hours, now))
            unit.commit()
        return stored


def pending(unit: UnitOfWork, address: Address) -> list[tuple[Reminder, Delivery | None]]:
    """A person's reminders that are still to be told, those with a delivery are on their way."""
    start = delivery_keys(address)
    found: list[tuple[Reminder, Delivery | None]] = []
    for delivery in unit.outbox.queued(address):
        key = delivery.message.key
        reminder = unit.reminders.find(key.removeprefix(start)) if key.startswith(start) else None
        if reminder is not None:
            found.append((reminder, delivery))
    found += [(reminder, None) for reminder in unit.reminders.planned(address)]
    return sorted(found, key=lambda one: (one[0].due_at, one[0].id))


@dataclass(frozen=True, slots=True, kw_only=True)
class ListReminders:
    """A person's reminders that are still to be told."""

    units: Units

    def __call__(self, address: Address) -> list[Reminder]:
        """Soonest first."""
        with self.units() as unit:
            return [reminder for reminder, _ in pending(unit, address)]


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelReminders:
    """Take promised reminders back, also those that are queued already."""

    units: Units
    clock: Clock

    def __call__(self, address: Address, *, position: int | None = None) -> list[Reminder]:
        """Cancel the one at `position` (1-based in `ListReminders`), or all; returns them."""
        now = self.clock.now()
        with self.units() as unit:
            meant = pending(unit, address)
            if position is not None:
                meant = meant[position - 1 : position]
            cancelled = [
                reminder
                for reminder, delivery in meant
                if _take_back(unit, reminder, delivery, now)
            ]
            unit.commit()
        return cancelled


def _take_back(
    unit: UnitOfWork, reminder: Reminder, delivery: Delivery | None, now: datetime
) -> bool:
    if delivery is None:
        return unit.reminders.set_state(reminder.id, ReminderState.CANCELLED)
    taken = unit.outbox.take_back(delivery, now)
    if taken:
        unit.reminders.set_states([reminder], ReminderState.CANCELLED)
    return taken


class RenderReminder(Protocol):
    """Gives a due reminder its words."""

    def __call__(
        self, reminder: Reminder, record: Record, now: datetime, *, personal: bool
    ) -> Reply:
        """The words as told at `now`; `personal` when told to the one who asked for it.

        Of a record that has changed since, the words of the change.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueDueReminders:
    """Move due reminders to the outbox, each once.

    `groups` are addresses told of every reminder, such as a group robot. A reminder past its use
    is marked expired and counted in the log, never dropped in silence.
    """

    units: Units
    clock: Clock
    wakeups: Wakeups
    render: RenderReminder
    groups: Sequence[Address] = ()

    def __call__(self) -> int:
        """Move one batch; returns how many reminders were looked at."""
        now = self.clock.now()
        with self.units() as unit:
            about = unit.reminders.due_records(now, BATCH)
            if not about:
                return 0
            # Held before the reminders are, as who changes a record does.
            records = {one.id: one for one in unit.records.several(about, hold=True)}
            due = unit.reminders.due(now, BATCH)
            batch = [one for one in due if one.record_id in about]
            lost = self._queue(unit, batch, records, now)
            unit.commit()
        if lost:
            log.warning("%d reminders came too late to be told; keqiao doctor counts them", lost)
        self.wakeups.wake(Work.OUTBOX)
        return len(batch)

    def _queue(
        self,
        unit: UnitOfWork,
        due: Sequence[Reminder],
        records: Mapping[RecordId, Record],
        now: datetime,
    ) -> int:
        """Returns how many have expired."""
        piles = defaultdict[ReminderState, list[Reminder]](list)
        hours = unit.subscriptions.all_quiet_hours({one.address for one in due})
        for reminder in due:
            record = records.get(reminder.record_id)
            if record is not None and record.version != reminder.version:  # it missed the change
                change = self.render(reminder, record, now, personal=True)
                follow_some(unit, record, [reminder], change=change, now=now)
            elif (state := _fate(reminder, record, now)) is not ReminderState.QUEUED:
                piles[state].append(reminder)
            elif (until := _waits(reminder, hours.get(reminder.address), now)) is not None:
                unit.reminders.postpone(reminder.id, until)
            else:
                piles[state].append(reminder)
        for state, some in piles.items():
            unit.reminders.set_states(some, state)
        self._hand_over(unit, piles[ReminderState.QUEUED], records, now)
        return len(piles[ReminderState.EXPIRED])

    def _hand_over(
        self,
        unit: UnitOfWork,
        due: Sequence[Reminder],
        records: Mapping[RecordId, Record],
        now: datetime,
    ) -> None:
        unit.outbox.put_all(
            [
                OutboundMessage(
                    key=one.delivery_key,
                    address=one.address,
                    reply=self.render(
                        one, records[one.record_id], now, personal=one.address not in self.groups
                    ),
                    expires_at=one.expires_at,
                    purpose=one.purpose,
                    promised_at=one.due_at,
                )
                for one in due
            ],
            now,
        )
        theirs = [one for one in due if one.address not in self.groups]
        heard = (for_group(one, group) for one in theirs for group in self.groups)
        unit.reminders.put_all({one.key: one for one in heard}.values())


def _fate(reminder: Reminder, record: Record | None, now: datetime) -> ReminderState:
    if record is None:
        return ReminderState.CANCELLED
    return ReminderState.EXPIRED if reminder.expires_at <= now else ReminderState.QUEUED


def _waits(reminder: Reminder, hours: QuietHours | None, now: datetime) -> datetime | None:
    """Until when one that is late waits: its person has quiet hours by now, or still."""
    if hours is None or now - reminder.due_at <= LATE:
        return None
    until = hours.outside(now, before=reminder.expires_at, now=now)
    return until if until > now else None
