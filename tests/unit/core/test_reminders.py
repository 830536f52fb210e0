"""Reminders: promised once, moved with their event, handed over once, never dropped in silence."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from core.domain.arrivals import Outcome
from core.domain.conversations import Address, Reply
from core.domain.dates.offsets import Offset
from core.domain.deliveries import DeliveryState
from core.domain.errors import NotFoundError
from core.domain.records import Library, Record, RecordId
from core.domain.reminders import Anchor, NoAnchorError, Reminder, ReminderState
from core.ports.unit_of_work import Units
from core.ports.wakeups import Work
from core.services.records import StoreRecords
from core.services.reminders import (
    BATCH,
    CancelReminders,
    ListReminders,
    PastReminderError,
    QueueDueReminders,
    SetReminder,
)
from tests.factories import GROUP, LI, WANG, make_event, make_record, make_reminder, make_reply
from tests.fakes.clock import START, FakeClock
from tests.fakes.knowledge_base import FakeKnowledgeBase
from tests.fakes.wakeups import RecordingWakeups

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


def rendered(reminder: Reminder, record: Record, now: datetime, *, personal: bool) -> Reply:
    assert now.utcoffset() is not None
    return make_reply(f"提醒 {record.title} {reminder.due_at:%d}{'' if personal else '（群）'}")


class Calendar:
    """Events, the reminders that hang on them, and the outbox they go to."""

    def __init__(self, units: Units) -> None:
        self.units = units
        self.clock = FakeClock()
        self.wakeups = RecordingWakeups()
        self.knowledge = FakeKnowledgeBase()
        self.set = SetReminder(units=units)
        self.list = ListReminders(units=units)
        self.cancel = CancelReminders(units=units, clock=self.clock)
        self.queue = self.queuing()
        self.store = StoreRecords(
            units=units,
            clock=self.clock,
            knowledge=self.knowledge,
            wakeups=self.wakeups,
            report_change=lambda record: make_reply(f"变动 {record.title}"),
        )

    def queuing(self, groups: Sequence[Address] = ()) -> QueueDueReminders:
        """The heartbeat's step, with groups that are told of everything."""
        return QueueDueReminders(
            units=self.units,
            clock=self.clock,
            wakeups=self.wakeups,
            render=rendered,
            groups=groups,
        )

    def promise(self, event: Record, address: Address = LI, offset: timedelta = DAY) -> Reminder:
        """Promise a reminder now."""
        before = Offset(ahead=offset)
        reminder, _ = self.set(event.id, address=address, offset=before, now=self.clock.now())
        return reminder

    def outgoing(self) -> list[tuple[str, str]]:
        """Whom the outbox tells what, in order."""
        told = []
        with self.units() as unit:
            channels = ["web", GROUP.channel]
            while sending := unit.outbox.claim(self.clock.now(), HOUR, channels):
                unit.outbox.record(sending, DeliveryState.SENT, self.clock.now())
                told.append((str(sending.message.address), sending.message.reply.text))
            unit.commit()
        return told


@pytest.fixture
def calendar(sqlite_units: Units) -> Calendar:
    return Calendar(sqlite_units)


@pytest.fixture
def event(calendar: Calendar) -> Record:
    event = make_event()
    calendar.store([event])
    return event


def test_a_reminder_hangs_on_the_start(calendar: Calendar, event: Record) -> None:
    reminder, new = calendar.set(event.id, address=LI, offset=Offset(ahead=DAY), now=START)
    assert new
    assert (reminder.anchor, reminder.due_at) == (Anchor.STARTS, START + 2 * DAY)
    assert reminder.expires_at == event.starts_at


def test_a_reminder_hangs_on_the_deadline_where_there_is_no_start(calendar: Calendar) -> None:
    call = make_event(starts_at=None)
    calendar.store([call])
    assert calendar.promise(call).anchor is Anchor.CLOSES


def test_the_same_reminder_is_promised_once(calendar: Calendar, event: Record) -> None:
    first = calendar.promise(event)
    assert calendar.set(event.id, address=LI, offset=Offset(ahead=DAY), now=START) == (
        first,
        False,
    )


def test_a_moment_that_has_passed_is_refused_and_named(calendar: Calendar, event: Record) -> None:
    with pytest.raises(PastReminderError, match=event.title) as refusal:
        calendar.promise(event, offset=3 * DAY)
    assert refusal.value.due_at == START
    assert calendar.list(LI) == []


def test_what_has_no_date_or_is_unknown_is_refused(calendar: Calendar) -> None:
    expert = make_record()
    calendar.store([expert])
    with pytest.raises(NoAnchorError):
        calendar.promise(expert)
    with pytest.raises(NotFoundError):
        calendar.set(RecordId("events/none"), address=LI, offset=Offset(ahead=DAY), now=START)


def test_reminders_are_cancelled_by_position_or_all(calendar: Calendar, event: Record) -> None:
    late, early = calendar.promise(event, offset=HOUR), calendar.promise(event)
    assert calendar.list(LI) == [early, late]
    assert calendar.cancel(LI, position=2) == [late]
    assert calendar.cancel(LI, position=2) == []
    assert calendar.cancel(WANG) == []
    assert calendar.cancel(LI) == [early]
    assert calendar.list(LI) == []


def test_a_queued_reminder_can_still_be_taken_back(calendar: Calendar, event: Record) -> None:
    due, later = calendar.promise(event), calendar.promise(event, offset=HOUR)
    calendar.promise(event, WANG)
    calendar.clock.set(due.due_at)
    calendar.queue()
    assert [reminder.due_at for reminder in calendar.list(LI)] == [due.due_at, later.due_at]
    assert [reminder.id for reminder in calendar.cancel(LI, position=1)] == [due.id]
    assert calendar.list(LI) == [later]
    assert [who for who, _ in calendar.outgoing()] == ["web:wang"]
    assert calendar.list(WANG) == []


def test_a_due_reminder_is_handed_over_once(calendar: Calendar, event: Record) -> None:
    reminder = calendar.promise(event)
    calendar.clock.set(reminder.due_at - timedelta(microseconds=1))
    assert calendar.queue() == 0
    calendar.clock.set(reminder.due_at)
    calendar.wakeups.woken.clear()
    assert calendar.queue() == 1
    assert calendar.wakeups.woken == [Work.OUTBOX]
    assert calendar.queue() == 0
    assert [who for who, _ in calendar.outgoing()] == ["web:li"]


def test_a_group_hears_once_however_many_people_asked(calendar: Calendar, event: Record) -> None:
    calendar.promise(event, LI)
    calendar.promise(event, WANG)
    calendar.clock.advance(2 * DAY)
    queue = calendar.queuing([GROUP])
    assert [queue(), queue(), queue()] == [2, 1, 0]
    told = [who for who, _ in calendar.outgoing()]
    assert sorted(told) == ["web:li", "web:wang", "wecom-robot:default"]


def test_a_reminder_past_its_use_is_marked_and_not_sent(calendar: Calendar, event: Record) -> None:
    reminder = calendar.promise(event)
    calendar.clock.set(reminder.expires_at)
    assert calendar.queue() == 1
    assert calendar.outgoing() == []
    assert calendar.list(LI) == []
    assert calendar.queue() == 0


def test_a_late_reminder_of_use_is_still_sent(calendar: Calendar, event: Record) -> None:
    reminder = calendar.promise(event)
    calendar.clock.set(reminder.expires_at - HOUR)
    calendar.queue()
    assert len(calendar.outgoing()) == 1


def test_many_due_reminders_are_moved_batch_by_batch(calendar: Calendar, event: Record) -> None:
    with calendar.units() as unit:
        for number in range(BATCH + 1):
            reminder = replace(
                make_reminder(event), address=Address(channel="web", user=str(number))
            )
            unit.reminders.put(reminder)
        unit.commit()
    calendar.clock.advance(2 * DAY)
    assert [calendar.queue(), calendar.queue(), calendar.queue()] == [BATCH, 1, 0]


def test_a_moved_event_moves_its_reminders_and_tells_once(
    calendar: Calendar, event: Record
) -> None:
    calendar.promise(event)
    calendar.promise(event, offset=HOUR)
    assert event.starts_at is not None
    calendar.store([replace(event, starts_at=event.starts_at + DAY)])
    assert [reminder.due_at for reminder in calendar.list(LI)] == [
        START + 3 * DAY,
        START + 4 * DAY - HOUR,
    ]
    assert calendar.outgoing() == [("web:li", f"变动 {event.title}")]
    calendar.clock.set(START + 2 * DAY)
    assert calendar.queue() == 0


def test_a_withdrawn_event_takes_its_reminders_along_and_says_so(
    calendar: Calendar, event: Record
) -> None:
    calendar.promise(event)
    calendar.store([replace(event, withdrawn=True)])
    assert calendar.list(LI) == []
    assert calendar.outgoing() == [("web:li", f"变动 {event.title}")]


def test_storing_the_same_again_changes_and_tells_nothing(
    calendar: Calendar, event: Record
) -> None:
    reminder = calendar.promise(event)
    outcomes = [one.outcome for one in calendar.store([event])]
    outcomes += [one.outcome for one in calendar.store([replace(event, title="改名")])]
    assert outcomes == [Outcome.SAME, Outcome.CHANGED]
    assert calendar.list(LI) == [reminder]
    assert calendar.outgoing() == []


def test_a_promise_that_missed_the_change_moves_along_and_tells_of_it(
    calendar: Calendar, event: Record
) -> None:
    assert event.starts_at is not None
    moved = replace(event, starts_at=event.starts_at + DAY)
    calendar.store([moved])
    with calendar.units() as unit:
        unit.reminders.put(make_reminder(event))  # read before the move, written after it
        unit.commit()
    calendar.clock.set(START + 2 * DAY)
    calendar.queue()
    assert [reminder.due_at for reminder in calendar.list(LI)] == [START + 3 * DAY]
    calendar.clock.set(START + 3 * DAY)
    calendar.queue()
    assert len(calendar.outgoing()) == 2


def test_a_promise_that_missed_an_earlier_date_is_not_dropped_in_silence(
    calendar: Calendar, event: Record
) -> None:
    calendar.store([replace(event, starts_at=START + DAY)])
    with calendar.units() as unit:
        unit.reminders.put(make_reminder(event))
        unit.commit()
    calendar.clock.set(START + 2 * DAY)
    calendar.queue()
    assert calendar.list(LI) == []
    assert len(calendar.outgoing()) == 1


def test_nothing_is_promised_of_a_withdrawn_event(calendar: Calendar, event: Record) -> None:
    calendar.store([replace(event, withdrawn=True)])
    with pytest.raises(NoAnchorError, match="withdrawn"):
        calendar.promise(event)


def test_an_event_that_is_put_back_brings_its_reminders_back(
    calendar: Calendar, event: Record
) -> None:
    calendar.promise(event)
    for _ in range(2):
        calendar.store([replace(event, withdrawn=True)])
        assert calendar.list(LI) == []
        calendar.store([event])
        assert [reminder.due_at for reminder in calendar.list(LI)] == [START + 2 * DAY]
    assert calendar.outgoing() == [("web:li", f"变动 {event.title}")] * 4
    calendar.clock.set(START + 2 * DAY)
    assert calendar.queue() == 1
    assert len(calendar.outgoing()) == 1


def test_a_reminder_that_was_taken_back_stays_so_when_its_event_returns(
    calendar: Calendar, event: Record
) -> None:
    calendar.promise(event)
    calendar.cancel(LI)
    calendar.store([replace(event, withdrawn=True)])
    calendar.store([event])
    assert calendar.list(LI) == []
    assert calendar.outgoing() == []


def test_a_withdrawn_event_that_moves_is_not_told_again(calendar: Calendar, event: Record) -> None:
    calendar.promise(event)
    calendar.store([replace(event, withdrawn=True)])
    calendar.store([replace(event, withdrawn=True, starts_at=START + 9 * DAY)])
    assert len(calendar.outgoing()) == 1
    calendar.store([replace(event, starts_at=START + 9 * DAY)])
    assert [reminder.due_at for reminder in calendar.list(LI)] == [START + 8 * DAY]


def test_a_reminder_of_an_open_call_hangs_on_its_closing(calendar: Calendar) -> None:
    call = make_event(library=Library.CALLS, starts_at=START - 3 * DAY, closes_at=START + 30 * DAY)
    calendar.store([call])
    reminder = calendar.promise(call)
    assert (reminder.anchor, reminder.due_at) == (Anchor.CLOSES, START + 29 * DAY)


def test_a_batch_with_a_bad_row_is_stored_whole_or_not_at_all(calendar: Calendar) -> None:
    good = make_event()
    naive = replace(good, external_id="bad", starts_at=datetime(2026, 5, 1))  # noqa: DTZ001 -- bad
    with pytest.raises(Exception, match="no time zone"):
        calendar.store([good, naive])
    with calendar.units() as unit:
        assert unit.records.list() == []


def test_a_cancelled_reminder_is_never_sent(calendar: Calendar, event: Record) -> None:
    reminder = calendar.promise(event)
    calendar.cancel(LI)
    calendar.clock.set(reminder.due_at)
    assert calendar.queue() == 0
    with calendar.units() as unit:
        assert not unit.reminders.set_state(reminder.id, ReminderState.QUEUED)


def test_a_reminder_that_waits_to_be_sent_is_taken_back_when_its_event_moves(
    calendar: Calendar, event: Record
) -> None:
    reminder = calendar.promise(event)
    calendar.clock.set(reminder.due_at)
    calendar.queue()
    assert event.starts_at is not None
    calendar.store([replace(event, starts_at=event.starts_at + DAY)])
    assert calendar.outgoing() == [("web:li", f"变动 {event.title}")]
    assert [one.due_at for one in calendar.list(LI)] == [reminder.due_at + DAY]


def test_who_was_reminded_hears_of_a_later_change_and_is_reminded_again(
    calendar: Calendar, event: Record
) -> None:
    reminder = calendar.promise(event)
    calendar.clock.set(reminder.due_at)
    calendar.queue()
    assert len(calendar.outgoing()) == 1
    calendar.store([replace(event, withdrawn=True)])
    assert calendar.outgoing() == [("web:li", f"变动 {event.title}")]
    calendar.store([replace(event, starts_at=START + 9 * DAY)])
    assert [one.due_at for one in calendar.list(LI)] == [START + 8 * DAY]
    assert len(calendar.outgoing()) == 1


def test_a_change_after_the_event_is_told_to_nobody_who_was_reminded_of_it(
    calendar: Calendar, event: Record
) -> None:
    reminder = calendar.promise(event)
    calendar.clock.set(reminder.due_at)
    calendar.queue()
    calendar.outgoing()
    calendar.clock.set(START + 4 * DAY)
    calendar.store([replace(event, withdrawn=True)])
    assert calendar.outgoing() == []
