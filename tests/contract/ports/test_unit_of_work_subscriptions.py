"""Subscriptions, quiet hours and tidings: each once, found as they were stored."""

from dataclasses import replace
from datetime import time, timedelta

from core.domain.deliveries import DeliveryState
from core.domain.records import Library, RecordId
from core.domain.subscriptions import (
    Found,
    Interest,
    Pace,
    QuietHours,
    Rhythm,
    Subscriber,
    Subscription,
)
from core.ports.unit_of_work import Units
from tests.factories import LI, WANG, make_outbound
from tests.fakes.clock import START

DAY = timedelta(days=1)
EVENT, OTHER = RecordId("events/a"), RecordId("events/b")
FULL = Interest(
    libraries=(Library.PROJECTS, Library.EXPERTS),
    kinds=("大赛", "竞赛"),
    industries=("新材料",),
    region="江苏",
    places=("苏州", "南京"),
    keyword="石墨烯",
    organiser="省科协",
)


def subscription(interest: Interest = FULL, **changes: object) -> Subscription:
    return replace(Subscription(address=LI, interest=interest, created_at=START), **changes)  # type: ignore[arg-type]  # test's shorthand


def test_a_subscription_is_found_as_it_was_stored(units: Units) -> None:
    rhythm = Rhythm(pace=Pace.WEEKLY, at=time(18, 30), weekday=4)
    with units() as unit:
        stored, new = unit.subscriptions.put(subscription(rhythm=rhythm))
        unit.commit()
    with units() as unit:
        assert new
        assert unit.subscriptions.of(LI) == [stored]
        assert stored == subscription(rhythm=rhythm, id=stored.id)
        assert unit.subscriptions.of(WANG) == []


def test_an_interest_is_subscribed_once_a_person_whatever_its_order(units: Units) -> None:
    turned = replace(FULL, libraries=FULL.libraries[::-1], kinds=FULL.kinds[::-1])
    with units() as unit:
        stored, _ = unit.subscriptions.put(subscription())
        assert unit.subscriptions.put(subscription(turned)) == (stored, False)
        assert unit.subscriptions.put(subscription(Interest()))[1]
        assert unit.subscriptions.put(subscription(address=WANG))[1]
        assert len(unit.subscriptions.of(LI) + unit.subscriptions.of(WANG)) == 3


def test_a_subscription_is_changed_and_removed_alone(units: Units) -> None:
    daily = Rhythm(pace=Pace.DAILY)
    with units() as unit:
        first, _ = unit.subscriptions.put(subscription())
        second, _ = unit.subscriptions.put(subscription(Interest()))
        unit.subscriptions.change(first.id, daily)
        assert unit.subscriptions.of(LI) == [replace(first, rhythm=daily), second]
        assert unit.subscriptions.remove(second.id)
        assert not unit.subscriptions.remove(second.id)
        assert len(unit.subscriptions.of(LI)) == 1


def test_interests_and_their_subscribers_are_found_by_key(units: Units) -> None:
    weekly, key = Rhythm(pace=Pace.WEEKLY), Interest().key
    with units() as unit:
        before = unit.subscriptions.stamp()
        first, _ = unit.subscriptions.put(subscription())
        unit.subscriptions.put(subscription(Interest()))
        unit.subscriptions.put(subscription(Interest(), address=WANG, rhythm=weekly))
        made = unit.subscriptions.stamp()
        unit.commit()
    with units() as unit:
        assert unit.subscriptions.keys() == {FULL.key, key}
        found = unit.subscriptions.interests([FULL.key, "none"])
        assert found == {FULL.key: FULL}
        assert unit.subscriptions.subscribers([key, "none"]) == {
            key: [Subscriber(LI, Rhythm(), START), Subscriber(WANG, weekly, START)],
            "none": [],
        }
        unit.subscriptions.change(first.id, weekly)
        assert unit.subscriptions.stamp() == made != before
        unit.subscriptions.remove(first.id)
        assert unit.subscriptions.stamp() != made


def test_an_announcement_waits_for_its_moment_and_is_settled_alone(units: Units) -> None:
    with units() as unit:
        unit.tidings.announce([(OTHER, START + DAY), (EVENT, START), (EVENT, START)])
        unit.tidings.announce([])
        unit.commit()
    with units() as unit:
        assert unit.tidings.announced(START - DAY, 9) == []
        first, second = unit.tidings.announced(START, 9)
        assert (first.record_id, second.record_id) == (EVENT, EVENT)
        assert unit.tidings.announced(START + DAY, 1) == [first]
        unit.tidings.settle([first.id])
        left = unit.tidings.announced(START + DAY, 9)
        assert [one.record_id for one in left] == [EVENT, OTHER]


def test_quiet_hours_are_kept_a_person_and_taken_away(units: Units) -> None:
    hours = QuietHours(starts=time(22), ends=time(8), weekends=True)
    with units() as unit:
        assert unit.subscriptions.quiet_hours(LI) is None
        unit.subscriptions.keep_quiet(LI, QuietHours(weekends=True))
        unit.subscriptions.keep_quiet(LI, hours)
        unit.commit()
    with units() as unit:
        assert unit.subscriptions.quiet_hours(LI) == hours
        assert unit.subscriptions.quiet_hours(WANG) is None
        unit.subscriptions.keep_quiet(LI, None)
        unit.subscriptions.keep_quiet(LI, None)
        assert unit.subscriptions.quiet_hours(LI) is None


def test_a_record_is_gathered_once_for_each_person_and_waits_until_due(units: Units) -> None:
    with units() as unit:
        unit.tidings.gather(
            [Found(LI, EVENT, START, START + DAY), Found(WANG, EVENT, START, START)]
        )
        unit.tidings.gather([Found(LI, EVENT, START + DAY, START)])
        unit.tidings.gather([Found(LI, OTHER, START, START + DAY)])
        unit.tidings.gather([])
        assert unit.tidings.next_due(START) == WANG
        assert unit.tidings.waiting(LI, START) == []
        waiting = unit.tidings.waiting(LI, START + DAY)
        assert [(one.record_id, one.found_at) for one in waiting] == [
            (OTHER, START),
            (EVENT, START),
        ]


def test_told_tidings_wait_no_more_and_are_not_gathered_again(units: Units) -> None:
    with units() as unit:
        unit.tidings.gather([Found(LI, EVENT, START, START)])
        unit.tidings.gather([Found(LI, OTHER, START, START)])
        new, old = unit.tidings.waiting(LI, START)
        unit.tidings.close([old], "k")
        unit.tidings.close([], "other")
        assert unit.tidings.told_by("k") == [old]
        unit.tidings.gather([Found(LI, EVENT, START, START)])
        assert unit.tidings.waiting(LI, START) == [new]
        unit.tidings.postpone([new], START + DAY)
        assert unit.tidings.next_due(START) is None
        unit.tidings.drop([new])
        assert unit.tidings.next_due(START + DAY) is None


def test_what_a_queued_delivery_tells_can_be_told_anew_by_another(units: Units) -> None:
    with units() as unit:
        for key, record in (("k1", EVENT), ("k2", OTHER)):
            unit.tidings.gather([Found(LI, record, START, START)])
            waiting = unit.tidings.waiting(LI, START)
            unit.outbox.put(make_outbound(key=key), START)
            unit.tidings.close(waiting, key)
        assert unit.tidings.unsent(EVENT) == ["k1"]
        before = unit.tidings.told_by("k1")
        delivery = unit.outbox.find("k1")
        assert delivery is not None
        assert unit.outbox.take_back(delivery, START)
        unit.tidings.reopen("k1", START + DAY)
        assert unit.tidings.unsent(EVENT) == []
        assert unit.tidings.told_by("k1") == []
        (again,) = unit.tidings.waiting(LI, START + DAY)
        assert again.record_id == EVENT
        assert again.id > before[0].id
        other = unit.outbox.find("k2")
        assert other is not None
        claimed = unit.outbox.claim(START, DAY, ["web"])
        assert claimed is not None
        unit.outbox.record(claimed, DeliveryState.SENT, START)
        assert unit.tidings.unsent(OTHER) == []
        assert unit.outbox.find("none") is None


def test_the_key_of_an_interest_tells_interests_apart(units: Units) -> None:
    interests = [
        Interest(),
        Interest(libraries=(Library.EVENTS,)),
        Interest(keyword="江苏"),
        Interest(region="江苏"),
        Interest(organiser="江苏"),
        Interest(kinds=("江苏",)),
        Interest(industries=("江苏",)),
    ]
    with units() as unit:
        assert all(unit.subscriptions.put(subscription(one))[1] for one in interests)
