"""Promising reminders, taking them back, and moving due ones to the outbox."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from core.domain.conversations import Address, Reply
from core.domain.deliveries import Delivery, OutboundMessage
from core.domain.errors import BadInputError
from core.domain.records import Record, RecordId
from core.domain.reminders import Reminder, ReminderId, ReminderState, anchor_of, instant_of
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
    """The record has no instant to be reminded of, or is withdrawn and will not take place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetReminder:
    """Promise a reminder `offset` before the instant that `anchor_of` names."""

    units: Units

    def __call__(
        self, record_id: RecordId, *, address: Address, offset: timedelta, now: datetime
    ) -> tuple[Reminder, bool]:
        """The reminder and whether it is new.

        Raises:
            NotFoundError: no such record.
            NoAnchorError: the record has no date, or is withdrawn.
            PastReminderError: the moment has passed.
        """
        with self.units() as unit:
            # Held, so that a change of the record finds the promise, or the promise the change.
            record = unit.records.get(record_id, hold=True)
            planned = plan(record, address=address, offset=offset)
            if planned.due_at <= now:
                raise PastReminderError(record.title, planned.due_at)
            stored = unit.reminders.put(planned)
            unit.commit()
        return stored


def plan(record: Record, *, address: Address, offset: timedelta) -> Reminder:
    """The reminder for a record as it stands.

    Raises:
        NoAnchorError: the record has no date, or is withdrawn.
    """
    anchor, at = anchor_of(record), instant_of(record)
    if anchor is None or at is None:
        raise NoAnchorError(f"record {record.id} has no start and no deadline")
    if record.withdrawn:
        raise NoAnchorError(f"record {record.id} is withdrawn; there is nothing to remind of")
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


def move(
    unit: UnitOfWork, record: Record, reminder: Reminder, *, change: Reply, now: datetime
) -> None:
    """Let a reminder follow its record as it stands, and tell its person of the `change`, once.

    It is planned anew unless its moment has passed; one whose record is withdrawn waits for that
    to be put back.
    """
    state = ReminderState.WITHDRAWN if record.withdrawn else ReminderState.CANCELLED
    if reminder.state is state or not unit.reminders.set_state(reminder.id, state):
        return  # told before, or taken back or handed over meanwhile
    if not record.withdrawn and anchor_of(record) is not None:
        moved = plan(record, address=reminder.address, offset=reminder.offset)
        if moved.due_at > now:
            unit.reminders.put(moved)
    message = OutboundMessage(
        key=f"change:{reminder.address}:{record.id}:{record.version}",
        address=reminder.address,
        reply=change,
        purpose=reminder.purpose,
    )
    unit.outbox.put(message, now)


def take_back_told(unit: UnitOfWork, record: Record, now: datetime) -> None:
    """Let reminders that were handed over follow a changed record too, told already or not.

    One that still waits in the outbox is not sent: its words are not true any more. Who was
    reminded before the change has to hear of it, and is reminded again before the new date.
    """
    for reminder in unit.reminders.told(record.id, now):
        delivery = unit.outbox.find(reminder_key(reminder.address, reminder.key))
        if delivery is not None:
            unit.outbox.take_back(delivery, now)
        unit.reminders.reopen(reminder.id)


def reminder_key(address: Address, asked: str = "") -> str:
    """What makes a reminder on its way out unique; without `asked`, how all of them begin."""
    return f"reminder:{address}:{asked}"


def pending(unit: UnitOfWork, address: Address) -> list[tuple[Reminder, Delivery | None]]:
    """A person's reminders that are still to be told, those with a delivery are on their way."""
    start = reminder_key(address)
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
    if delivery is not None:
        return unit.outbox.take_back(delivery, now)
    return unit.reminders.set_state(reminder.id, ReminderState.CANCELLED)


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
        if record is None:
            unit.reminders.set_state(reminder.id, ReminderState.CANCELLED)
            return
        if record.version != reminder.version:  # it missed the change
            change = self.render(reminder, record, now, personal=True)
            move(unit, record, reminder, change=change, now=now)
            return
        if reminder.expires_at <= now:
            unit.reminders.set_state(reminder.id, ReminderState.EXPIRED)
            return
        for address in (reminder.address, *self.groups):
            personal = address == reminder.address
            # A group hears of one instant of one record once, however many people asked.
            asked = reminder.key if personal else group_key(reminder)
            message = OutboundMessage(
                key=reminder_key(address, asked),
                address=address,
                reply=self.render(reminder, record, now, personal=personal),
                expires_at=reminder.expires_at,
                purpose=reminder.purpose,
                promised_at=reminder.due_at,
            )
            unit.outbox.put(message, now)
        unit.reminders.set_state(reminder.id, ReminderState.QUEUED)


def group_key(reminder: Reminder) -> str:
    """What makes a group's reminder unique: the item, the instant and the version."""
    due = reminder.due_at.isoformat()
    return f"{reminder.record_id}|{reminder.anchor}|{due}|{reminder.version}"
