"""Promising reminders, taking them back, and moving due ones to the outbox."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from core.domain.conversations import Address, Reply
from core.domain.deliveries import OutboundMessage
from core.domain.errors import BadInputError
from core.domain.records import Record, RecordId
from core.domain.reminders import Anchor, Reminder, ReminderId, ReminderState
from core.ports.clock import Clock
from core.ports.unit_of_work import UnitOfWork, Units
from core.ports.wakeups import Wakeups, Work

BATCH = 200
"""Due reminders moved in one transaction."""


class PastReminderError(BadInputError):
    """The moment asked for has passed; `due_at` tells which it was."""

    def __init__(self, title: str, due_at: datetime) -> None:
        super().__init__(f"reminder for {title!r} would have been due at {due_at.isoformat()}")
        self.due_at = due_at


class NoAnchorError(BadInputError):
    """The record has no instant to be reminded of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetReminder:
    """Promise a reminder `offset` before a record's start, or its closing when it has no start."""

    units: Units

    def __call__(
        self, record_id: RecordId, *, address: Address, offset: timedelta, now: datetime
    ) -> tuple[Reminder, bool]:
        """The reminder and whether it is new.

        Raises:
            NotFoundError: no such record.
            NoAnchorError: the record has no date.
            PastReminderError: the moment has passed.
        """
        with self.units() as unit:
            record = unit.records.get(record_id)
            planned = plan(record, address=address, offset=offset)
            if planned.due_at <= now:
                raise PastReminderError(record.title, planned.due_at)
            stored = unit.reminders.put(planned)
            unit.commit()
        return stored


def plan(record: Record, *, address: Address, offset: timedelta) -> Reminder:
    """The reminder for a record as it stands.

    Raises:
        NoAnchorError: the record has no date.
    """
    anchor, at = Anchor.STARTS, record.starts_at
    if at is None:
        anchor, at = Anchor.CLOSES, record.closes_at
    if at is None:
        raise NoAnchorError(f"record {record.id} has no start and no deadline")
    return Reminder(
        id=ReminderId(0),
        address=address,
        record_id=record.id,
        title=record.title,
        anchor=anchor,
        offset=offset,
        version=record.version,
        due_at=at - offset,
        expires_at=at,
    )


def plan_again(unit: UnitOfWork, record: Record, reminder: Reminder, now: datetime) -> None:
    """Plan a reminder anew for its record as it stands, unless its moment has passed."""
    if record.withdrawn or (record.starts_at or record.closes_at) is None:
        return
    moved = plan(record, address=reminder.address, offset=reminder.offset)
    if moved.due_at > now:
        unit.reminders.put(moved)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListReminders:
    """A person's planned reminders."""

    units: Units

    def __call__(self, address: Address) -> list[Reminder]:
        """Soonest first."""
        with self.units() as unit:
            return unit.reminders.planned(address)


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelReminders:
    """Take promised reminders back."""

    units: Units

    def __call__(self, address: Address, *, position: int | None = None) -> list[Reminder]:
        """Cancel the one at `position` (1-based in `ListReminders`), or all; returns them."""
        with self.units() as unit:
            planned = unit.reminders.planned(address)
            if position is not None:
                planned = planned[position - 1 : position]
            cancelled = [
                reminder
                for reminder in planned
                if unit.reminders.set_state(reminder.id, ReminderState.CANCELLED)
            ]
            unit.commit()
        return cancelled


class RenderReminder(Protocol):
    """Gives a due reminder its words."""

    def __call__(
        self, reminder: Reminder, record: Record, now: datetime, *, personal: bool
    ) -> Reply:
        """The words as told at `now`; `personal` when told to the one who asked for it."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueDueReminders:
    """Move due reminders to the outbox: one delivery for the person and one for each group.

    `groups` are addresses told of every reminder, such as a group robot. A reminder past its use
    is marked expired, never dropped in silence.
    """

    units: Units
    clock: Clock
    wakeups: Wakeups
    render: RenderReminder
    groups: Sequence[Address] = ()

    def __call__(self) -> int:
        """Move one batch; returns how many reminders were moved or expired."""
        now = self.clock.now()
        with self.units() as unit:
            due = unit.reminders.due(now, BATCH)
            for reminder in due:
                self._queue(unit, reminder, now)
            unit.commit()
        if due:
            self.wakeups.wake(Work.OUTBOX)
        return len(due)

    def _queue(self, unit: UnitOfWork, reminder: Reminder, now: datetime) -> None:
        record = unit.records.find(reminder.record_id)
        if record is None or record.withdrawn or record.version != reminder.version:
            unit.reminders.set_state(reminder.id, ReminderState.CANCELLED)
            if record is not None:
                # Promised while the record was being changed: the promise moves along.
                plan_again(unit, record, reminder, now)
            return
        if reminder.expires_at <= now:
            unit.reminders.set_state(reminder.id, ReminderState.EXPIRED)
            return
        for address in (reminder.address, *self.groups):
            personal = address == reminder.address
            # A group hears of one instant of one record once, however many people asked.
            asked = reminder.key if personal else group_key(reminder)
            message = OutboundMessage(
                key=f"reminder:{address}:{asked}",
                address=address,
                reply=self.render(reminder, record, now, personal=personal),
                expires_at=reminder.expires_at,
            )
            unit.outbox.put(message, now)
        unit.reminders.set_state(reminder.id, ReminderState.QUEUED)


def group_key(reminder: Reminder) -> str:
    """What makes a group's reminder unique: the item, the instant and the version."""
    due = reminder.due_at.isoformat()
    return f"{reminder.record_id}|{reminder.anchor}|{due}|{reminder.version}"
