"""From a promised reminder to what people read, on each database."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from core.domain.conversations import Address
from core.domain.dates.offsets import Offset
from core.domain.deliveries import DeliveryState, OutboxId
from core.domain.records import Record
from core.domain.subscriptions import Interest
from core.ports.unit_of_work import Units
from core.services.pushes.gathering import GatherTidings
from core.services.records import StoreRecords
from core.services.reminders import ListReminders, QueueDueReminders, SetReminder
from core.services.subscriptions import Subscribe
from core.services.tidings import QueueTidings
from scheduler.dispatcher import Dispatcher
from scheduler.heartbeat import Heartbeat, fixed_jobs
from scheduler.words import render_reminder, render_tidings, report_change
from tests.factories import GROUP, LI, WANG, make_event, make_reminder
from tests.fakes.clock import START, FakeClock
from tests.fakes.knowledge_base import FakeKnowledgeBase
from tests.fakes.sender import FakeSender
from tests.fakes.wakeups import RecordingWakeups

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


class House:
    """Scheduler and dispatcher over a clock that tests set."""

    def __init__(self, units: Units, groups: Sequence[Address] = ()) -> None:
        self.units = units
        self.clock = FakeClock()
        self.web, self.robot = FakeSender("web"), FakeSender(GROUP.channel)
        wakeups = RecordingWakeups()
        self.queue = QueueDueReminders(
            units=units, clock=self.clock, wakeups=wakeups, render=render_reminder, groups=groups
        )
        self.dispatcher = Dispatcher(units, self.clock, [self.web, self.robot], wakeups=wakeups)
        self.store = StoreRecords(
            units=units,
            clock=self.clock,
            knowledge=FakeKnowledgeBase(),
            wakeups=wakeups,
            report_change=report_change,
        )
        self.tidings = QueueTidings(
            units=units, clock=self.clock, wakeups=wakeups, render=render_tidings
        )
        gathering = GatherTidings(units=units, clock=self.clock)
        self.jobs = fixed_jobs(self.queue, gathering=gathering, tidings=self.tidings)
        self.heartbeat = Heartbeat(units, self.clock, self.jobs)

    def tick(self, now: datetime) -> None:
        """Everything that happens at `now`."""
        self.clock.set(now)
        self.heartbeat.renew()
        for job in self.jobs:
            self.heartbeat.run(job)
        while self.dispatcher.dispatch_one():
            pass

    def remind(self, record: Record, *people: Address, offset: timedelta = DAY) -> datetime:
        """Promise a reminder to each; returns when it is due."""
        due_at = START
        for person in people:
            reminder, _ = SetReminder(units=self.units)(
                record.id,
                address=person,
                offset=Offset(ahead=offset),
                now=self.clock.now(),
            )
            due_at = reminder.due_at
        return due_at


def test_a_reminder_comes_at_its_time_and_once(units: Units) -> None:
    house, event = House(units), make_event()
    house.store([event])
    due_at = house.remind(event, LI)
    house.tick(due_at - SECOND)
    assert house.web.sent == []
    for seconds in range(5):
        house.tick(due_at + seconds * SECOND)
    (text,) = house.web.texts
    assert text.startswith(f"提醒：{event.title}\n开始时间：2026年3月5日（星期四）09:30\n")


def test_after_an_outage_a_reminder_comes_late_and_says_so(units: Units) -> None:
    house, event = House(units), make_event()
    house.store([event])
    due_at = house.remind(event, LI)
    house.tick(due_at + timedelta(hours=3))
    (text,) = house.web.texts
    assert "迟到" in text.splitlines()[0]
    assert "2026年3月4日（星期三）09:30" in text.splitlines()[0]


def test_after_the_event_a_reminder_is_expired_and_not_sent(units: Units) -> None:
    house, event = House(units), make_event()
    house.store([event])
    house.remind(event, LI)
    assert event.starts_at is not None
    house.tick(event.starts_at)
    assert house.web.sent == []
    assert ListReminders(units=units)(LI) == []


def test_a_queued_reminder_that_cannot_be_sent_until_the_event_is_expired(units: Units) -> None:
    house, event = House(units), make_event()
    house.store([event])
    due_at = house.remind(event, LI)
    house.clock.set(due_at)
    house.queue()
    assert event.starts_at is not None
    house.tick(event.starts_at)
    assert house.web.sent == []
    with units() as unit:
        assert unit.outbox.count_by_state() == {DeliveryState.EXPIRED: 1}


def test_the_group_hears_of_one_instant_once_however_many_asked(units: Units) -> None:
    house, event = House(units, groups=[GROUP]), make_event()
    house.store([event])
    due_at = house.remind(event, LI, WANG)
    house.tick(due_at)
    assert len(house.web.sent) == 2
    assert len(house.robot.sent) == 1


def test_a_changed_date_is_told_and_the_reminder_follows_it(units: Units) -> None:
    house, event = House(units), make_event()
    house.store([event])
    due_at = house.remind(event, LI)
    assert event.starts_at is not None
    moved = make_event(external_id=event.external_id, starts_at=event.starts_at + 2 * DAY)
    house.store([moved])
    house.tick(due_at)
    (notice,) = house.web.texts
    assert notice.startswith("安排变动：")
    assert "2026年3月7日（星期六）09:30" in notice
    house.tick(due_at + 2 * DAY)
    assert len(house.web.sent) == 2
    assert house.web.texts[1].startswith("提醒：")


def test_a_withdrawn_event_is_told_and_reminds_nobody(units: Units) -> None:
    house, event = House(units), make_event()
    house.store([event])
    due_at = house.remind(event, LI)
    house.store([make_event(external_id=event.external_id, withdrawn=True)])
    house.tick(due_at)
    (notice,) = house.web.texts
    assert notice.startswith("已取消：")


def test_a_new_event_is_announced_to_those_who_subscribed(units: Units) -> None:
    house = House(units)
    Subscribe(units=units, clock=house.clock)(WANG, [Interest(keyword="新材料")])
    house.store([make_event(), make_event(title="农业讲座", industries=())])
    house.tick(START + SECOND)
    assert [delivery.message.address for delivery in house.web.sent] == [WANG]
    assert house.web.texts[0].startswith("新路演：新材料项目路演")


def test_reminders_on_a_leap_day_and_at_the_end_of_a_year_come_on_their_day(
    units: Units,
) -> None:
    house = House(units)
    for number, starts_at in enumerate(
        (datetime(2028, 3, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, 1, tzinfo=UTC))
    ):
        event = make_event(external_id=f"edge-{number}", starts_at=starts_at, closes_at=None)
        house.store([event])
        house.remind(event, LI)
    house.tick(datetime(2026, 12, 31, 0, 59, 59, tzinfo=UTC))
    assert house.web.sent == []
    house.tick(datetime(2026, 12, 31, 1, tzinfo=UTC))
    assert len(house.web.sent) == 1
    house.tick(datetime(2028, 2, 29, 1, tzinfo=UTC))
    assert len(house.web.sent) == 2


def test_many_due_at_once_are_all_queued_in_one_tick(units: Units) -> None:
    house, event = House(units), make_event()
    house.store([event])
    people = [Address(channel="web", user=f"u{n}") for n in range(450)]
    with units() as unit:
        for person in people:
            unit.reminders.put(make_reminder(event, address=person))
        unit.commit()
    house.clock.set(START + 2 * DAY)
    house.heartbeat.renew()
    house.heartbeat.run(house.jobs[0])
    with units() as unit:
        assert unit.outbox.count_by_state() == {DeliveryState.QUEUED: 450}
        assert unit.outbox.sent_after(LI, OutboxId(0), 5) == []
