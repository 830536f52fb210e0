"""Reminders of records that change, take place again, or have phases, on each database."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from core.domain.arrivals import Arrival
from core.domain.conversations import Address
from core.domain.dates.offsets import Offset
from core.domain.dates.series import Every, Series
from core.domain.deliveries import DeliveryState
from core.domain.records import Library, Phase, Record
from core.domain.reminders import Anchor, Reminder
from core.domain.subscriptions import QuietHours
from core.ports.unit_of_work import Units
from core.services.libraries.bringing import BringRecords, Past
from core.services.records import StoreRecords
from core.services.reminders import ListReminders, QueueDueReminders, SetReminder
from core.services.reminding.rolling import RollSeries
from core.services.subscriptions import KeepQuiet
from scheduler.words import render_reminder, report_change
from tests.factories import GROUP, LI, WANG, make_event
from tests.fakes.clock import START, FakeClock
from tests.fakes.knowledge_base import FakeKnowledgeBase
from tests.fakes.wakeups import RecordingWakeups

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


class Site:
    """Records, their reminders and the outbox, over a clock that tests set."""

    def __init__(self, units: Units) -> None:
        self.units, self.clock = units, FakeClock()
        knowledge, wakeups = FakeKnowledgeBase(), RecordingWakeups()
        self.store = StoreRecords(
            units=units,
            clock=self.clock,
            knowledge=knowledge,
            wakeups=wakeups,
            report_change=report_change,
        )
        self.queue = QueueDueReminders(
            units=units,
            clock=self.clock,
            wakeups=wakeups,
            render=render_reminder,
            groups=[GROUP],
        )
        self.roll = RollSeries(units=units, clock=self.clock, knowledge=knowledge)

    def remind(
        self, record: Record, address: Address = LI, *, offset: Offset, phase: str = ""
    ) -> Reminder:
        """Promise a reminder now."""
        anchor = Anchor.PHASE if phase else None
        promise = SetReminder(units=self.units)
        now = self.clock.now()
        return promise(
            record.id, address=address, offset=offset, now=now, anchor=anchor, phase=phase
        )[0]

    def due(self, address: Address = LI) -> list[datetime]:
        """When a person is to be reminded."""
        return [one.due_at for one in ListReminders(units=self.units)(address)]

    def tick(self, now: datetime) -> list[tuple[str, str]]:
        """Everything that falls due at `now`, and who is told what of it."""
        self.clock.set(now)
        self.roll()
        while self.queue():
            pass
        return list(self.send())

    def send(self) -> Iterator[tuple[str, str]]:
        """Empty the outbox: whom it tells what."""
        with self.units() as unit:
            channels = ["web", GROUP.channel]
            while sending := unit.outbox.claim(self.clock.now(), HOUR, channels):
                unit.outbox.record(sending, DeliveryState.SENT, self.clock.now())
                yield str(sending.message.address), sending.message.reply.text.splitlines()[0]
            unit.commit()


@pytest.fixture
def site(units: Units) -> Site:
    return Site(units)


def test_an_offset_with_a_clock_time_keeps_it_when_the_event_moves(site: Site) -> None:
    event = make_event(starts_at=datetime(2026, 3, 5, 1, 30, tzinfo=UTC), closes_at=None)
    site.store([event])
    site.remind(event, offset=Offset(at=time(9)))
    site.store([replace(event, starts_at=datetime(2026, 3, 6, 6, tzinfo=UTC))])
    assert site.due() == [datetime(2026, 3, 6, 1, tzinfo=UTC)]
    # The new start overtakes nine o'clock: an hour before, rather than nothing.
    site.store([replace(event, starts_at=datetime(2026, 3, 6, 0, 30, tzinfo=UTC))])
    assert site.due() == [datetime(2026, 3, 5, 23, 30, tzinfo=UTC)]


def test_nothing_of_the_old_date_goes_out_of_the_outbox_to_people_or_groups(site: Site) -> None:
    event = make_event(closes_at=None)
    site.store([event])
    reminder = site.remind(event, offset=Offset(ahead=DAY))
    site.clock.set(reminder.due_at)
    while site.queue():
        pass
    assert event.starts_at is not None
    site.store([replace(event, starts_at=event.starts_at + DAY)])
    told = dict(site.send())
    assert set(told) == {str(LI), str(GROUP)}
    assert all(text.startswith("安排变动") for text in told.values())
    again = dict(site.tick(reminder.due_at + DAY))
    assert all(text.startswith("提醒") for text in again.values())
    assert set(again) == {str(LI), str(GROUP)}


def test_what_was_on_its_way_when_the_event_moved_is_not_tried_again(site: Site) -> None:
    event = make_event(closes_at=None)
    site.store([event])
    reminder = site.remind(event, offset=Offset(ahead=DAY))
    site.clock.set(reminder.due_at)
    site.queue()
    with site.units() as unit:
        sending = unit.outbox.claim(site.clock.now(), HOUR, ["web"])
        unit.commit()
    assert sending is not None
    site.store([replace(event, withdrawn=True)])
    with site.units() as unit:
        unit.outbox.record(sending, DeliveryState.QUEUED, site.clock.now())
        unit.commit()
    told = [text for who, text in site.send() if who == str(LI)]
    assert [text[:3] for text in told] == ["已取消"]


def test_a_date_that_is_added_moves_nothing_and_is_no_news(site: Site) -> None:
    event = make_event(closes_at=None)
    site.store([event])
    reminder = site.remind(event, offset=Offset(ahead=DAY))
    assert event.starts_at is not None
    site.store([replace(event, ends_at=event.starts_at + 2 * HOUR)])
    assert site.due() == [reminder.due_at]
    assert list(site.send()) == []


def test_phases_of_a_call_are_reminded_of_by_name(site: Site) -> None:
    phases = (Phase(name="中期评估", at=START + 60 * DAY), Phase(name="验收", at=START + 90 * DAY))
    call = make_event(
        library=Library.CALLS, starts_at=None, closes_at=START + 30 * DAY, phases=phases
    )
    site.store([call])
    site.remind(call, offset=Offset(ahead=7 * DAY), phase="中期评估")
    assert site.due() == [START + 53 * DAY]
    moved = (replace(phases[0], at=START + 70 * DAY), phases[1])
    site.store([replace(call, phases=moved)])
    assert site.due() == [START + 63 * DAY]
    assert [text[:4] for _, text in site.send()] == ["安排变动"]
    told = dict(site.tick(START + 63 * DAY))
    assert told[str(LI)].startswith("节点提醒")


def test_a_series_goes_on_and_its_people_are_reminded_each_time(site: Site) -> None:
    forum = Series(every=Every.MONTH, interval=2, weekday=4, nth=3)
    first = datetime(2026, 3, 20, 6, tzinfo=UTC)
    event = make_event(starts_at=first, ends_at=first + 2 * HOUR, closes_at=None, series=forum)
    site.store([event])
    site.remind(event, offset=Offset(ahead=DAY))
    assert dict(site.tick(first - DAY))[str(LI)].startswith("提醒")
    assert site.tick(first + HOUR) == []
    assert site.due() == [], "it is taking place"
    assert site.tick(first + 2 * HOUR) == []
    second = datetime(2026, 5, 15, 6, tzinfo=UTC)
    assert site.due() == [second - DAY]
    site.store([event])  # the same table again: the first date is that of the series
    assert site.due() == [second - DAY]
    assert list(site.send()) == []
    assert dict(site.tick(second - DAY))[str(LI)].startswith("提醒")


def test_quiet_hours_set_later_move_reminders_and_unset_move_them_back(site: Site) -> None:
    event = make_event(starts_at=datetime(2026, 3, 5, 15, tzinfo=UTC), closes_at=None)
    site.store([event])
    reminder = site.remind(event, offset=Offset(ahead=DAY))  # at 23:00
    quiet = KeepQuiet(units=site.units, clock=site.clock)
    quiet(LI, QuietHours(starts=time(22), ends=time(8)))
    assert site.due() == [datetime(2026, 3, 5, 0, tzinfo=UTC)]
    quiet(LI, None)
    assert site.due() == [reminder.due_at]


def test_a_late_reminder_waits_for_the_end_of_quiet_hours_when_that_is_in_time(
    site: Site,
) -> None:
    event = make_event(starts_at=datetime(2026, 3, 5, 6, tzinfo=UTC), closes_at=None)
    site.store([event])
    KeepQuiet(units=site.units, clock=site.clock)(LI, QuietHours(starts=time(22), ends=time(8)))
    site.remind(event, offset=Offset(ahead=DAY))  # at 14:00
    told = site.tick(datetime(2026, 3, 4, 18, tzinfo=UTC))  # the house was down until 02:00
    assert [who for who, _ in told if who == str(LI)] == []
    told = site.tick(datetime(2026, 3, 5, 0, tzinfo=UTC))
    assert [who for who, _ in told if who == str(LI)] == [str(LI)]


def test_a_reminder_that_came_too_late_is_counted(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    event = make_event(closes_at=None)
    site.store([event])
    site.remind(event, offset=Offset(ahead=DAY))
    site.remind(event, WANG, offset=Offset(ahead=HOUR))
    assert event.starts_at is not None
    assert site.tick(event.starts_at + HOUR) == []
    with site.units() as unit:
        assert unit.reminders.expired_since(event.starts_at - DAY) == 2
    assert "2 reminders came too late" in caplog.text


def test_a_date_to_come_is_not_moved_into_the_past(site: Site) -> None:
    bring = BringRecords(units=site.units, store_records=site.store)
    event = make_event(closes_at=None)
    site.store([event])
    past = replace(event, starts_at=START - DAY)
    (refused,) = bring([Arrival(record=past)], set())
    assert refused == Past(field="starts_at", before=event.starts_at or START, after=START - DAY)
    withdrawn, new = replace(past, withdrawn=True), make_event(starts_at=START - DAY)
    assert len(bring([Arrival(record=withdrawn), Arrival(record=new)], set())) == 2
