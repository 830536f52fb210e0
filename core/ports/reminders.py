"""What people are to be reminded of, and when."""

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from core.domain.conversations import Address
from core.domain.records import RecordId
from core.domain.reminders import Reminder, ReminderId, ReminderState


class Reminders(Protocol):
    """Promised reminders."""

    def put(self, reminder: Reminder) -> tuple[Reminder, bool]:
        """Store a reminder once per key (`reminder.id` is ignored); True when it was new.

        A cancelled one of the same key is planned again and counts as new.
        """
        ...

    def put_all(self, reminders: Iterable[Reminder]) -> None:
        """Store many, each as `put` does."""
        ...

    def due_records(self, now: datetime, limit: int) -> set[RecordId]:
        """The records that the first due reminders are about; nothing is locked."""
        ...

    def due(self, now: datetime, limit: int) -> list[Reminder]:
        """Planned reminders with `due_at <= now`, oldest first, locked for this unit of work."""
        ...

    def find(self, key: str) -> Reminder | None:
        """The reminder of that key."""
        ...

    def planned(self, address: Address) -> list[Reminder]:
        """A person's planned reminders, soonest first."""
        ...

    def following(self, record_id: RecordId, after: ReminderId, limit: int) -> list[Reminder]:
        """Reminders of a record that were not taken back, by id: the first behind that id."""
        ...

    def followed(self, address: Address, since: datetime) -> list[Reminder]:
        """A person's reminders, told or not, of what was not over at `since`."""
        ...

    def link_serial(self, address: Address) -> int:
        """How often the link to a person's own calendar was changed."""
        ...

    def renew_link(self, address: Address) -> None:
        """Change it: links of before lead nowhere."""
        ...

    def set_state(self, reminder_id: ReminderId, state: ReminderState) -> bool:
        """Move a planned or withdrawn reminder to `state`; False when it is neither any more."""
        ...

    def set_states(self, reminders: Iterable[Reminder], state: ReminderState) -> None:
        """Move these to `state`, whatever theirs is; they are locked, or their record is held."""
        ...

    def postpone(self, reminder_id: ReminderId, due_at: datetime) -> None:
        """Let a planned reminder be due at another moment."""
        ...

    def expired_since(self, moment: datetime) -> int:
        """How many came too late to be told, for what began or closed after that moment."""
        ...
