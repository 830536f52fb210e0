"""Reminders follow a changed record: nothing is told any more of what it was before."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from core.domain.conversations import Reply
from core.domain.deliveries import OutboundMessage
from core.domain.records import Record
from core.domain.reminders import Reminder, ReminderId, ReminderState, instant_of, replan
from core.domain.subscriptions import QuietHours
from core.ports.unit_of_work import UnitOfWork

PAGE = 500
"""Reminders looked at together: what is held in memory, however many hang on a record."""


def follow(unit: UnitOfWork, record: Record, change: Reply | None, now: datetime) -> None:
    """Let every reminder of a record, which is held, follow it; tell their people of the `change`.

    What waits in the outbox is called off. Who was told before the change hears of it too, as long
    as the old date lies ahead, and is reminded again before the new one. Without `change` all that
    was said is true still, and stays.
    """

    def matters(one: Reminder) -> bool:
        if one.state is ReminderState.QUEUED:
            return change is not None and one.expires_at > now
        return one.state is not ReminderState.EXPIRED

    for page in _pages(unit, record, matters):
        follow_some(unit, record, page, change=change, now=now)


def roll(unit: UnitOfWork, before: Record, record: Record, now: datetime) -> None:
    """Let the reminders of `before` hang on the next time that it takes place, without a word."""

    def hung_on_it(one: Reminder) -> bool:
        return one.expires_at == instant_of(before, one.anchor, phase=one.phase)

    for page in _pages(unit, record, hung_on_it):
        follow_some(unit, record, page, change=None, now=now)


def follow_some(
    unit: UnitOfWork,
    record: Record,
    reminders: Sequence[Reminder],
    *,
    change: Reply | None,
    now: datetime,
) -> None:
    """Let these follow, planned anew unless their moment has passed.

    Those of a withdrawn record wait for it to be put back, and are told of it once.
    """
    state = ReminderState.WITHDRAWN if record.withdrawn else ReminderState.CANCELLED
    moving = [one for one in reminders if one.state is not state]
    unit.outbox.call_off([one.delivery_key for one in moving], now)
    unit.reminders.set_states(moving, state)
    planned = [again for one in moving if (again := replan(record, one)) is not None]
    hours = unit.subscriptions.all_quiet_hours({one.address for one in planned})
    unit.reminders.put_all(
        outside_quiet(one, hours.get(one.address), now) for one in planned if one.due_at > now
    )
    if change is not None:
        unit.outbox.put_all([_notice(one, record, change) for one in moving], now)


def outside_quiet(reminder: Reminder, hours: QuietHours | None, now: datetime) -> Reminder:
    """The reminder, due outside the quiet hours of its person where that can be."""
    due_at = reminder.due_at
    if hours is not None:
        due_at = hours.outside(due_at, before=reminder.expires_at, now=now)
    return replace(reminder, due_at=due_at)


def _pages(
    unit: UnitOfWork, record: Record, wanted: Callable[[Reminder], bool]
) -> Iterator[list[Reminder]]:
    last = ReminderId(0)
    while page := unit.reminders.following(record.id, last, PAGE):
        last = page[-1].id
        yield [one for one in page if one.version != record.version and wanted(one)]


def _notice(reminder: Reminder, record: Record, change: Reply) -> OutboundMessage:
    return OutboundMessage(
        key=f"change:{reminder.address}:{record.id}:{record.version}",
        address=reminder.address,
        reply=change,
        purpose=reminder.purpose,
    )
