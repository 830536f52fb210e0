"""Subscribing, stopping, and the hours in which nobody is disturbed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from core.domain.conversations import Address
from core.domain.deliveries import Delivery
from core.domain.records import Library
from core.domain.reminders import ReminderState
from core.domain.subscriptions import (
    AT_ONCE,
    DAILY,
    Interest,
    QuietHours,
    Rhythm,
    Subscription,
    SubscriptionId,
    Tiding,
)
from core.ports.clock import Clock
from core.ports.unit_of_work import UnitOfWork, Units
from core.services.broadcasts.people import refuse
from core.services.people.elsewhere import close_address
from core.services.reminding.following import outside_quiet

LEFT = "left"
"""Why an address is closed whose person has left the channel."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscribe:
    """Tell a person of what is new and of interest from now on."""

    units: Units
    clock: Clock

    def __call__(
        self, address: Address, interests: Sequence[Interest], *, rhythm: Rhythm | None = None
    ) -> list[tuple[Subscription, bool]]:
        """Each subscription as it stands now, and whether that is new.

        One the person has already keeps its rhythm unless another is given. Who asks for
        everything there is and names no rhythm is told once a day.
        """
        with self.units() as unit:
            made = [self._put(unit, address, interest, rhythm) for interest in interests]
            unit.commit()
        return made

    def _put(
        self, unit: UnitOfWork, address: Address, interest: Interest, rhythm: Rhythm | None
    ) -> tuple[Subscription, bool]:
        wanted = Subscription(
            address=address,
            interest=interest,
            rhythm=rhythm or (DAILY if interest.is_everything else AT_ONCE),
            created_at=self.clock.now(),
        )
        stored, new = unit.subscriptions.put(wanted)
        if new or rhythm in {None, stored.rhythm}:
            return stored, new
        changed = replace(stored, rhythm=wanted.rhythm)
        unit.subscriptions.change(stored.id, changed.rhythm)
        return changed, True


@dataclass(frozen=True, slots=True, kw_only=True)
class ListSubscriptions:
    """A person's subscriptions, and when nothing may be told."""

    units: Units

    def __call__(self, address: Address) -> tuple[list[Subscription], QuietHours | None]:
        """The subscriptions, oldest first, and the quiet hours."""
        with self.units() as unit:
            return unit.subscriptions.of(address), unit.subscriptions.quiet_hours(address)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepQuiet:
    """Put quiet hours in place of those a person had; None takes them away."""

    units: Units
    clock: Clock

    def __call__(self, address: Address, hours: QuietHours | None) -> None:
        """Make it so, and let the person's reminders come outside the new hours."""
        now = self.clock.now()
        with self.units() as unit:
            unit.subscriptions.keep_quiet(address, hours)
            for reminder in unit.reminders.planned(address):
                due_at = reminder.offset.due(reminder.expires_at)
                asked = replace(reminder, due_at=max(due_at, now))
                moved = outside_quiet(asked, hours, now)
                if reminder.due_at > now:
                    unit.reminders.postpone(reminder.id, moved.due_at)
            unit.commit()


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsubscribe:
    """Stop at once: what is queued and nothing else asks for any more is not sent either."""

    units: Units
    clock: Clock

    def __call__(
        self,
        address: Address,
        ids: Sequence[SubscriptionId] | None = None,
        *,
        libraries: Sequence[Library] = (),
    ) -> list[Subscription]:
        """Remove those of `ids`, or all of a person's; returns them as they were.

        With `libraries`, one that asks for others as well goes on with those. Who stops all takes
        no broadcasts either.
        """
        with self.units() as unit:
            # Who puts a message together for this person waits, or has queued it already.
            unit.outbox.hold(address)
            mine = unit.subscriptions.of(address)
            gone = [one for one in mine if ids is None or one.id in ids]
            for one in gone:
                _stop(unit, one, libraries)
            self._take_back(unit, address)
            if ids is None:
                refuse(unit, address, self.clock, refuses=True)
            unit.commit()
        return gone

    def _take_back(self, unit: UnitOfWork, address: Address) -> None:
        interests = [one.interest for one in unit.subscriptions.of(address)]
        for delivery in unit.outbox.queued(address):
            told = unit.tidings.told_by(delivery.message.key)
            if not all(_is_asked_for(unit, one, interests) for one in told):
                take_back(unit, delivery, self.clock)


@dataclass(frozen=True, slots=True, kw_only=True)
class Depart:
    """A person has left the channel: nothing that was promised or queued is sent there any more.

    Who has another address is told things there from now on.
    """

    units: Units
    clock: Clock

    def __call__(self, address: Address) -> None:
        """Stop subscriptions, reminders and what is queued, at once; again changes nothing."""
        with self.units() as unit:
            if not close_address(unit, address, LEFT, self.clock.now()):
                for one in unit.subscriptions.of(address):
                    unit.subscriptions.remove(one.id)
                for reminder in unit.reminders.planned(address):
                    unit.reminders.set_state(reminder.id, ReminderState.CANCELLED)
            for delivery in unit.outbox.queued(address):
                take_back(unit, delivery, self.clock)
            unit.allowances.end(address)
            unit.commit()


def _stop(unit: UnitOfWork, subscription: Subscription, libraries: Sequence[Library]) -> None:
    left = tuple(one for one in subscription.interest.libraries if one not in libraries)
    unit.subscriptions.remove(subscription.id)
    if libraries and left:
        interest = replace(subscription.interest, libraries=left)
        unit.subscriptions.put(replace(subscription, interest=interest))


def _is_asked_for(unit: UnitOfWork, tiding: Tiding, interests: Sequence[Interest]) -> bool:
    record = unit.records.find(tiding.record_id)
    return record is not None and any(one.asks_for(record) for one in interests)


def take_back(unit: UnitOfWork, delivery: Delivery, clock: Clock) -> None:
    """Unless it is on its way already, let what a delivery tells be put together anew."""
    now = clock.now()
    if unit.outbox.take_back(delivery, now):
        unit.tidings.reopen(delivery.message.key, now)
