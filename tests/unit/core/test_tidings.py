"""What is new reaches those who asked for it: in one message, once, and only while it is true."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest

from core.domain.conversations import Address, Reply
from core.domain.deliveries import DeliveryState
from core.domain.records import Library, Record
from core.domain.reminders import SHANGHAI
from core.domain.subscriptions import AT_ONCE, Interest, Pace, QuietHours, Rhythm
from core.ports.unit_of_work import Units
from core.services.pushes.gathering import GatherTidings
from core.services.records import StoreRecords
from core.services.subscriptions import KeepQuiet, Subscribe, Unsubscribe
from core.services.tidings import CONSIDERED, QueueTidings
from tests.factories import LI, WANG, make_event, make_record, make_reply
from tests.fakes.clock import FakeClock
from tests.fakes.knowledge_base import FakeKnowledgeBase
from tests.fakes.wakeups import RecordingWakeups

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
DAILY = Rhythm(pace=Pace.DAILY)
NOON = datetime(2026, 11, 21, 12, tzinfo=SHANGHAI)
"""A Saturday."""


def listed(records: Sequence[Record], others: int) -> Reply:
    return make_reply(" ".join([*(one.title for one in records), *["+"] * others]))


def event(title: str = "新材料项目路演", **changes: object) -> Record:
    dates = {"starts_at": NOON + 9 * DAY, "closes_at": NOON + 8 * DAY}
    return make_event(title, **(dates | {"external_id": title} | changes))


class Town:
    """People who subscribed, a clock, and the outbox."""

    def __init__(self, units: Units) -> None:
        self.units = units
        self.clock = FakeClock(NOON)
        wakeups = RecordingWakeups()
        self.gather = GatherTidings(units=units, clock=self.clock)
        self.queue = QueueTidings(units=units, clock=self.clock, wakeups=wakeups, render=listed)
        self.store = StoreRecords(
            units=units,
            clock=self.clock,
            knowledge=FakeKnowledgeBase(),
            wakeups=wakeups,
            report_change=lambda record: make_reply(f"变动 {record.title}"),
        )
        self.unsubscribe = Unsubscribe(units=units, clock=self.clock)

    def subscribe(
        self, address: Address = LI, rhythm: Rhythm | None = None, **asked: object
    ) -> None:
        """Subscribe to one interest."""
        interest = Interest(**asked)  # type: ignore[arg-type]  # test's shorthand
        Subscribe(units=self.units, clock=self.clock)(address, [interest], rhythm=rhythm)

    def tick(self, now: datetime | None = None) -> None:
        """Everything that is due then is moved to the outbox."""
        if now is not None:
            self.clock.set(now)
        while self.gather() or self.queue():
            pass

    def queued(self, address: Address = LI) -> list[str]:
        """What waits in the outbox for a person."""
        with self.units() as unit:
            return [one.message.reply.text for one in unit.outbox.queued(address)]

    def send(self) -> list[tuple[str, str]]:
        """Send what is queued: whom and what."""
        told = []
        with self.units() as unit:
            while sending := unit.outbox.claim(self.clock.now(), HOUR, ["web"]):
                unit.outbox.record(sending, DeliveryState.SENT, self.clock.now())
                told.append((sending.message.address.user, sending.message.reply.text))
            unit.commit()
        return told


@pytest.fixture
def town(sqlite_units: Units) -> Town:
    return Town(sqlite_units)


def test_at_once_is_told_at_once_and_once(town: Town) -> None:
    town.subscribe(keyword="路演")
    town.subscribe()
    town.subscribe(WANG, keyword="生物")
    over, gone = event("过去的路演", starts_at=NOON), event("撤回的路演", withdrawn=True)
    town.store([event(), over, gone])
    town.store([event()])
    town.tick()
    town.tick(NOON + HOUR)
    assert town.send() == [("li", "新材料项目路演")]


def test_a_burst_is_one_message(town: Town) -> None:
    town.subscribe(rhythm=AT_ONCE, libraries=tuple(Library))
    town.store([*(event(f"活动{n}") for n in range(CONSIDERED + 30)), make_record()])
    town.tick()
    (text,) = town.queued()
    assert text.count("+") == 31
    assert len(text.split()) == CONSIDERED + 31


def test_a_daily_digest_gathers_until_its_hour_and_says_it_once(town: Town) -> None:
    town.subscribe(rhythm=DAILY)
    town.store([event("甲")])
    town.clock.advance(8 * HOUR)
    town.store([event("乙"), event("丙")])
    town.tick(NOON + 21 * HOUR - timedelta(microseconds=1))
    assert town.queued() == []
    town.tick(NOON + 21 * HOUR)
    assert town.queued() == ["乙 丙 甲"], "newest first, of one moment the soonest"
    town.tick(NOON + 45 * HOUR)
    assert len(town.send()) == 1, "and nothing when there is nothing new"


def test_of_one_moment_the_narrowest_interest_comes_first(town: Town) -> None:
    town.subscribe(rhythm=DAILY)
    town.subscribe(rhythm=DAILY, keyword="储能", kinds=("路演",))
    town.store([event("甲"), event("储能路演"), event("乙")])
    town.tick(NOON + DAY)
    assert town.queued()[0].split()[0] == "储能路演"


def test_a_late_start_after_days_of_downtime_tells_once(town: Town) -> None:
    town.subscribe(rhythm=DAILY)
    for day in range(3):
        town.clock.set(NOON + day * DAY)
        town.store([event(f"第{day}天")])
    town.tick(NOON + 4 * DAY + 11 * HOUR + timedelta(minutes=59))
    assert town.queued() == ["第2天 第1天 第0天"]


def test_what_ended_or_was_withdrawn_meanwhile_is_left_out(town: Town) -> None:
    town.subscribe(rhythm=DAILY)
    stays, withdrawn = event("留下"), event("撤回")
    town.store([stays, withdrawn, event("今晚", starts_at=NOON + 8 * HOUR)])
    town.store([replace(withdrawn, withdrawn=True)])
    town.tick(NOON + DAY)
    assert town.queued() == ["留下"]


def test_an_empty_digest_is_not_sent(town: Town) -> None:
    town.subscribe(rhythm=DAILY)
    town.store([event()])
    town.store([event(withdrawn=True)])
    town.tick(NOON + DAY)
    town.tick(NOON + 2 * DAY)
    assert town.queued() == []


def test_what_is_put_back_is_told_to_those_who_were_not(town: Town) -> None:
    town.subscribe(rhythm=DAILY)
    town.subscribe(WANG)
    town.store([event()])
    town.tick()
    assert town.send() == [("wang", event().title)]
    town.store([event(withdrawn=True)])
    town.tick(NOON + DAY)
    town.store([event()])
    town.tick(NOON + 2 * DAY)
    assert town.send() == [("li", event().title)]


def test_a_queued_message_is_put_together_anew_when_its_record_changes(town: Town) -> None:
    town.subscribe()
    town.store([event("甲"), event("乙")])
    town.tick()
    town.store([event("甲", withdrawn=True)])
    town.tick()
    assert town.queued() == ["乙"]
    town.store([replace(event("乙"), title="乙改期")])
    town.tick()
    assert town.queued() == ["乙改期"]


def test_the_soonest_of_two_rhythms_counts(town: Town) -> None:
    town.subscribe(rhythm=DAILY)
    town.subscribe(keyword="路演")
    town.store([event(), event("培训班", details={"kind": "培训"})])
    town.tick()
    assert town.send() == [("li", event().title)]
    town.tick(NOON + DAY)
    assert town.send() == [("li", "培训班")]


def test_leaving_takes_back_what_is_queued_for_it_alone(town: Town) -> None:
    town.subscribe(kinds=("路演",))
    town.subscribe(keyword="石墨")
    town.subscribe(WANG, kinds=("路演",))
    town.store([event("石墨烯路演"), event("生物路演")])
    town.tick()
    with town.units() as unit:
        roadshows, _ = unit.subscriptions.of(LI)
    town.unsubscribe(LI, [roadshows.id])
    town.tick()
    assert town.queued() == ["石墨烯路演"]
    town.unsubscribe(LI)
    town.tick(NOON + DAY)
    assert town.queued() == []
    assert len(town.queued(WANG)) == 1


def test_who_left_hears_nothing_of_what_was_gathered(town: Town) -> None:
    town.subscribe(rhythm=DAILY)
    town.store([event()])
    town.unsubscribe(LI)
    town.tick(NOON + DAY)
    assert town.queued() == []


def test_in_quiet_hours_everything_waits_and_comes_as_one(town: Town) -> None:
    KeepQuiet(units=town.units, clock=town.clock)(LI, QuietHours(starts=time(22), ends=time(8)))
    town.subscribe()
    town.subscribe(WANG)
    for minutes in (601, 700, 719):  # 22:01, 23:40, 23:59
        town.clock.set(NOON + timedelta(minutes=minutes))
        town.store([event(f"第{minutes}分")])
        town.tick()
    assert town.queued() == []
    assert len(town.queued(WANG)) == 3
    town.tick(NOON + 20 * HOUR - timedelta(seconds=1))
    assert town.queued() == []
    town.tick(NOON + 20 * HOUR)
    assert town.queued() == ["第719分 第700分 第601分"]


def test_what_ends_in_quiet_hours_is_not_told_after_them(town: Town) -> None:
    KeepQuiet(units=town.units, clock=town.clock)(LI, QuietHours(starts=time(22), ends=time(8)))
    town.subscribe()
    town.clock.set(NOON + 11 * HOUR)
    town.store([event("午夜", starts_at=NOON + 12 * HOUR), event("明天")])
    town.tick()
    town.tick(NOON + 20 * HOUR)
    assert town.queued() == ["明天"]


def test_a_message_is_of_no_use_after_the_last_of_its_events(town: Town) -> None:
    town.subscribe()
    town.store([event("甲"), event("乙", starts_at=NOON + DAY)])
    town.tick()
    with town.units() as unit:
        (delivery,) = unit.outbox.queued(LI)
    assert delivery.message.expires_at == NOON + 9 * DAY


def test_a_hundred_subscriptions_of_one_person_are_one_message(town: Town) -> None:
    for number in range(100):
        town.subscribe(keyword=f"主题{number:03d}", rhythm=DAILY)
    town.store([event(f"主题{number:03d}") for number in range(100)])
    town.tick(NOON + DAY)
    (text,) = town.queued()
    assert len(text.split()) == 100


def test_records_of_other_libraries_are_told_to_who_asks_for_them(town: Town) -> None:
    town.subscribe(libraries=(Library.EXPERTS,), keyword="注塑")
    town.subscribe(WANG)
    town.store([make_record("专家甲")])
    town.tick()
    assert town.send() == [("li", "专家甲")]
