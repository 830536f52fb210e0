"""A broadcast reaches everybody of its audience once, and nobody after it was stopped."""

from collections.abc import Callable
from datetime import datetime, time, timedelta

import pytest

from core.domain.broadcasts import Audience, Broadcast, BroadcastState, Role
from core.domain.conversations import Address
from core.domain.deliveries import DeliveryState
from core.domain.errors import BadInputError, ConflictError
from core.domain.reminders import SHANGHAI
from core.domain.subscriptions import Caps, Interest, QuietHours
from core.ports.unit_of_work import Units
from core.services.broadcasts import fanning
from core.services.broadcasts.fanning import FanOut
from core.services.broadcasts.making import CountAudience, MakeBroadcast, TryBroadcast
from core.services.broadcasts.moving import ApproveBroadcast, SendBroadcast, StopBroadcast
from core.services.broadcasts.people import RefuseBroadcasts, TellRole
from core.services.subscriptions import KeepQuiet, Subscribe, Unsubscribe
from tests.factories import LI, WANG, make_draft, make_outbound, make_reply
from tests.fakes.clock import FakeClock
from tests.fakes.dying import DyingUnits
from tests.fakes.wakeups import RecordingWakeups

NOON = datetime(2026, 11, 21, 12, tzinfo=SHANGHAI)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class Town:
    """People, operators, a clock and the outbox."""

    def __init__(self, units: Units) -> None:
        self.units = units
        self.clock = FakeClock(NOON)
        count = CountAudience(units=units)
        self.count = count
        self.made = MakeBroadcast(units=units, clock=self.clock)
        self.send = SendBroadcast(units=units, clock=self.clock, count=count, alone=5)
        self.approve = ApproveBroadcast(units=units, clock=self.clock)
        self.stop = StopBroadcast(units=units, clock=self.clock)
        self.refuse = RefuseBroadcasts(units=units, clock=self.clock)
        self.fan = self.fanning(units)

    def fanning(self, units: Units, caps: Caps | None = None) -> FanOut:
        """Another process."""
        return FanOut(
            units=units,
            clock=self.clock,
            wakeups=RecordingWakeups(),
            render=make_reply,
            caps=caps or Caps(),
        )

    def subscribe(self, *people: Address, **asked: object) -> None:
        """Let people be known, each by a subscription."""
        interest = Interest(**asked)  # type: ignore[arg-type]  # test's shorthand
        for one in people:
            Subscribe(units=self.units, clock=self.clock)(one, [interest])

    def begin(self, text: str = "停电通知", **asked: object) -> Broadcast:
        """A broadcast that is being sent."""
        audience = Audience(**asked)  # type: ignore[arg-type]  # test's shorthand
        return self.send(self.made(text, audience, by="zhao").id, by="zhao")

    def tick(self, now: datetime | None = None) -> None:
        """Everything that can be told then is moved to the outbox."""
        self.clock.set(now or self.clock.now())
        while self.fan():
            pass

    def queued(self, *people: Address) -> list[list[str]]:
        """What waits in the outbox for each."""
        with self.units() as unit:
            return [[one.message.reply.text for one in unit.outbox.queued(x)] for x in people]

    def drain(self) -> int:
        """Send everything that waits; returns how much it was."""
        sent = 0
        with self.units() as unit:
            while one := unit.outbox.claim(self.clock.now(), HOUR, ["web"]):
                unit.outbox.record(one, DeliveryState.SENT, self.clock.now())
                sent += 1
            unit.commit()
        return sent

    def state(self, broadcast: Broadcast) -> BroadcastState:
        """Where it is."""
        with self.units() as unit:
            return unit.broadcasts.get(broadcast.id).state

    def progress(self, broadcast: Broadcast) -> dict[str, int]:
        """How far it got."""
        with self.units() as unit:
            return dict(unit.broadcasts.counts(broadcast.id))


@pytest.fixture
def town(units: Units) -> Town:
    return Town(units)


def people(count: int) -> list[Address]:
    return [Address(channel="web", user=f"u{number:04d}") for number in range(count)]


def test_everybody_is_told_once_however_often_it_is_sent(town: Town) -> None:
    town.subscribe(LI, WANG)
    broadcast = town.begin()
    town.tick()
    assert town.send(broadcast.id, by="zhao").state is BroadcastState.DONE
    assert town.begin().id == broadcast.id, "the same words of the same day"
    town.tick()
    assert town.queued(LI, WANG) == [["停电通知"], ["停电通知"]]
    assert town.progress(broadcast) == {"queued": 2}
    assert town.drain() == 2
    assert town.progress(broadcast) == {"sent": 2}


def test_an_audience_is_told_by_role_region_industry_and_channel(town: Town) -> None:
    group = Address(channel="webhook", user="default/a")
    town.subscribe(LI, region="常州")
    town.subscribe(WANG, industries=("新材料产业",))
    town.subscribe(group)
    TellRole(units=town.units, clock=town.clock)(WANG, Role.ENTERPRISE, by="zhao", region="北京")
    for audience, channels in (
        (Audience(), {"web": 2, "webhook": 1}),
        (Audience(roles=(Role.ENTERPRISE,)), {"web": 1}),
        (Audience(roles=(Role.SOCIETY,)), {}),
        (Audience(region="江苏", places=("常州", "苏州")), {"web": 1}),
        (Audience(region="北京", industries=("新材料产业",)), {"web": 1}),
        (Audience(region="北京", industries=("生物产业",)), {}),
        (Audience(channels=("webhook",)), {"webhook": 1}),
    ):
        assert town.count(audience) == channels


def test_who_only_registered_a_need_asked_for_no_broadcasts(town: Town) -> None:
    with town.units() as unit:
        unit.needs.put("web:m-1", LI, make_draft(), NOON)
        unit.commit()
    assert town.count(Audience()) == {}
    draft = town.made("通知", Audience(), by="zhao")
    with pytest.raises(BadInputError, match="empty"):
        town.send(draft.id, by="zhao")
    assert town.state(draft) is BroadcastState.DRAFT


@pytest.mark.parametrize("text", ["", " \n", "长" * 4001])
def test_words_that_cannot_be_sent_make_no_draft(town: Town, text: str) -> None:
    with pytest.raises(BadInputError):
        town.made(text, Audience(), by="zhao")
    with pytest.raises(BadInputError):
        town.made("通知", Audience(), by="zhao", until=NOON)


def test_a_large_one_waits_for_somebody_who_had_no_hand_in_it(town: Town) -> None:
    town.subscribe(*people(6))
    broadcast = town.begin()
    town.tick()
    assert town.state(broadcast) is BroadcastState.WAITING
    assert town.queued(*people(6)) == [[]] * 6
    with pytest.raises(ConflictError):
        town.approve(broadcast.id, by="zhao")
    town.approve(broadcast.id, by="qian")
    town.tick()
    assert town.queued(*people(6)) == [["停电通知"]] * 6
    with town.units() as unit:
        told = [(one.by, one.step, one.note) for one in unit.broadcasts.events(broadcast.id)]
    assert told == [
        ("zhao", "made", ""),
        ("zhao", "waiting", "6"),
        ("qian", "sending", ""),
        ("keqiao", "done", ""),
    ]


def test_who_asks_for_it_to_be_sent_cannot_approve_it_either(town: Town) -> None:
    town.subscribe(*people(6))
    draft = town.made("通知", Audience(), by="zhao")
    town.send(draft.id, by="qian")
    with pytest.raises(ConflictError):
        town.approve(draft.id, by="qian")
    with pytest.raises(ConflictError):
        town.approve(draft.id, by="zhao")
    assert town.approve(draft.id, by="sun").state is BroadcastState.SENDING


def test_stopping_takes_back_what_waits_and_holds_what_was_not_queued(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fanning, "TOLD", 2)
    everybody = people(5)
    town.subscribe(*everybody)
    broadcast = town.begin()
    town.fan()
    town.fan()
    assert town.drain() == 2
    town.fan()
    town.stop(broadcast.id, by="qian")
    town.stop(broadcast.id, by="qian")
    town.tick()
    assert town.queued(*everybody) == [[]] * 5
    assert town.progress(broadcast) == {"sent": 2, "cancelled": 2, "stopped": 1}
    with pytest.raises(ConflictError):
        town.send(broadcast.id, by="zhao")


def test_who_unsubscribes_between_planning_and_sending_is_not_told(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fanning, "TOLD", 1)
    everybody = people(4)
    first, second, third, _ = everybody
    town.subscribe(*everybody)
    broadcast = town.begin()
    town.fan()
    town.fan()
    Unsubscribe(units=town.units, clock=town.clock)(first)
    town.refuse(second, refuses=True)
    town.refuse(third, refuses=True)
    town.refuse(third, refuses=False)
    town.tick()
    assert town.queued(*everybody) == [[], [], ["停电通知"], ["停电通知"]]
    assert town.progress(broadcast) == {"cancelled": 1, "left_out": 1, "queued": 2}
    assert town.count(Audience()) == {"web": 2}


def test_quiet_hours_hold_and_what_is_over_by_then_is_left_out(town: Town) -> None:
    town.subscribe(LI, WANG)
    KeepQuiet(units=town.units, clock=town.clock)(LI, QuietHours(starts=time(11), ends=time(14)))
    broadcast = town.begin()
    over = town.made("午饭", Audience(), by="zhao", until=NOON + HOUR)
    town.send(over.id, by="zhao")
    town.tick()
    assert town.queued(LI, WANG) == [[], ["停电通知", "午饭"]]
    assert town.progress(broadcast) == {"held": 1, "queued": 1}
    assert town.progress(over) == {"left_out": 1, "queued": 1}
    town.tick(NOON + 2 * HOUR - timedelta(seconds=1))
    assert town.state(broadcast) is BroadcastState.SENDING
    town.tick(NOON + 2 * HOUR)
    assert town.queued(LI) == [["停电通知"]]
    assert town.state(broadcast) is BroadcastState.DONE


def test_who_got_enough_today_is_told_in_the_morning(town: Town) -> None:
    town.subscribe(LI)
    town.fan = town.fanning(town.units, Caps(day=2, week=20))
    for number in range(3):
        town.begin(f"第{number}条")
    town.tick()
    assert len(town.queued(LI)[0]) == 2
    assert town.drain() == 2
    town.tick(NOON + 21 * HOUR - timedelta(seconds=1))
    assert town.queued(LI) == [[]]
    town.tick(NOON + 21 * HOUR)
    assert town.queued(LI) == [["第2条"]]


def test_a_trial_is_sent_each_time_and_counts_for_nothing(town: Town) -> None:
    draft = town.made("通知", Audience(), by="zhao")
    attempt = TryBroadcast(
        units=town.units, clock=town.clock, wakeups=RecordingWakeups(), render=make_reply
    )
    attempt(draft.id, LI, by="zhao")
    town.clock.advance(HOUR)
    attempt(draft.id, LI, by="zhao")
    assert town.queued(LI) == [["通知", "通知"]]
    assert town.progress(draft) == {}
    assert town.state(draft) is BroadcastState.DRAFT


def test_answers_do_not_wait_behind_a_broadcast(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fanning, "WAITING", 3)
    town.subscribe(*people(5))
    broadcast = town.begin()
    town.tick()
    assert town.progress(broadcast) == {"queued": 3, "held": 2}
    with town.units() as unit:
        unit.outbox.put(make_outbound("答复"), town.clock.now())
        unit.commit()
    assert town.drain() == 4
    town.tick()
    assert town.progress(broadcast) == {"sent": 3, "queued": 2}


@pytest.mark.parametrize("before", [1, 2, 3, 4, 5])
def test_who_dies_while_fanning_out_tells_nobody_twice_and_misses_nobody(
    town: Town, before: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fanning, "TOLD", 1)
    monkeypatch.setattr(fanning, "PAGE", 2)
    everybody = people(5)
    town.subscribe(*everybody)
    broadcast = town.begin()
    dying: Callable[[], object] = DyingUnits(town.units, before)
    fan = town.fanning(dying)  # type: ignore[arg-type]  # units that die
    with pytest.raises(KeyboardInterrupt):
        sum(iter(fan, 0))
    town.tick()
    assert town.queued(*everybody) == [["停电通知"]] * 5
    assert town.state(broadcast) is BroadcastState.DONE
