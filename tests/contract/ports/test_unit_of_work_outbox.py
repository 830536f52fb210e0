"""The outbox: each key once, a person's messages one at a time, the newest attempt decides."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import datetime, timedelta
from threading import Barrier

import pytest

from core.domain.conversations import Address
from core.domain.deliveries import Delivery, DeliveryState, OutboundMessage, OutboxId
from core.domain.errors import NotFoundError
from core.ports.unit_of_work import Units
from tests.factories import (
    GROUP,
    LI,
    WANG,
    make_message,
    make_outbound,
    make_rich_reply,
)
from tests.fakes.clock import START

LEASE = timedelta(seconds=90)
MINUTE = timedelta(minutes=1)
WEB = ("web",)


def put(units: Units, *messages: OutboundMessage, at: datetime = START) -> list[Delivery]:
    with units() as unit:
        deliveries = [unit.outbox.put(message, at) for message in messages]
        unit.commit()
    return deliveries


def claim(units: Units, at: datetime = START, channels: Sequence[str] = WEB) -> Delivery | None:
    with units() as unit:
        delivery = unit.outbox.claim(at, LEASE, channels)
        unit.commit()
    return delivery


def claimed(units: Units, at: datetime = START, channels: Sequence[str] = WEB) -> Delivery:
    delivery = claim(units, at, channels)
    assert delivery is not None
    return delivery


def record(
    units: Units,
    delivery: Delivery,
    state: DeliveryState = DeliveryState.SENT,
    at: datetime = START,
    *,
    not_before: datetime | None = None,
) -> bool:
    with units() as unit:
        recorded = unit.outbox.record(delivery, state, at, not_before=not_before)
        unit.commit()
    return recorded


def state(units: Units, delivery: Delivery) -> DeliveryState:
    with units() as unit:
        return unit.outbox.get(delivery.id).state


def test_a_delivery_is_found_as_it_was_queued(units: Units) -> None:
    with units() as unit:
        entry = unit.inbox.accept(make_message(), START)
        message = make_outbound(
            reply=make_rich_reply(),
            reply_to=entry.id,
            expires_at=START + 2 * MINUTE,
        )
        delivery = unit.outbox.put(message, START)
        unit.commit()
    with units() as unit:
        assert unit.outbox.get(delivery.id) == delivery
        assert unit.outbox.replies_to(entry.id) == [delivery]
    assert delivery.message == message
    assert (delivery.created_at, delivery.state) == (START, DeliveryState.QUEUED)


def test_an_unknown_delivery_is_not_found(units: Units) -> None:
    with units() as unit, pytest.raises(NotFoundError, match="404"):
        unit.outbox.get(OutboxId(404))


def test_a_key_is_queued_once(units: Units) -> None:
    first, again = put(units, make_outbound("一", key="k"), make_outbound("二", key="k"))
    assert again == first


def test_only_channels_that_are_served_are_claimed(units: Units) -> None:
    put(units, make_outbound(address=GROUP))
    assert claim(units) is None
    assert claim(units, channels=()) is None
    assert claimed(units, channels=["web", GROUP.channel]).message.address == GROUP


def test_one_person_gets_one_message_at_a_time_in_order(units: Units) -> None:
    put(units, make_outbound("一"), make_outbound("二"), make_outbound("旁", address=WANG))
    first, aside = claimed(units), claimed(units)
    assert (first.message.reply.text, aside.message.reply.text) == ("一", "旁")
    assert claim(units) is None
    assert record(units, first)
    assert claimed(units).message.reply.text == "二"


def test_a_message_that_is_soon_tried_again_keeps_its_place(units: Units) -> None:
    put(units, make_outbound("一"), make_outbound("二"))
    soon = START + timedelta(seconds=5)
    assert record(units, claimed(units), DeliveryState.QUEUED, not_before=soon)
    assert claim(units) is None
    again = claimed(units, soon)
    assert (again.message.reply.text, again.attempts) == ("一", 2)


def test_a_message_that_waits_long_is_overtaken(units: Units) -> None:
    put(units, make_outbound("一"), make_outbound("二"))
    assert record(units, claimed(units), DeliveryState.QUEUED, not_before=START + 5 * MINUTE)
    assert claimed(units).message.reply.text == "二"


def test_a_message_past_its_use_is_never_sent_and_holds_nobody_up(units: Units) -> None:
    (late,) = put(units, make_outbound(expires_at=START))
    (fresh,) = put(units, make_outbound(expires_at=START + MINUTE))
    assert claimed(units).id == fresh.id
    with units() as unit:
        assert unit.outbox.expire(START) == 1
        unit.commit()
    assert state(units, late) is DeliveryState.EXPIRED
    assert state(units, fresh) is DeliveryState.SENDING


def test_only_what_is_still_queued_is_taken_back(units: Units) -> None:
    sending, queued = put(units, make_outbound(), make_outbound())
    put(units, make_outbound(address=WANG))
    assert claimed(units).id == sending.id
    with units() as unit:
        assert unit.outbox.queued(LI) == [queued]
        assert unit.outbox.take_back(queued, START)
        assert not unit.outbox.take_back(queued, START)
        assert not unit.outbox.take_back(sending, START)
        unit.commit()
    assert state(units, queued) is DeliveryState.CANCELLED


def test_only_the_newest_attempt_records_its_outcome(units: Units) -> None:
    put(units, make_outbound())
    late = claimed(units)
    with units() as unit:
        assert unit.outbox.recover(START + LEASE, again=WEB, unknown=()) == 1
        unit.commit()
    newest = claimed(units, START + LEASE)
    assert not record(units, late, DeliveryState.DEAD)
    assert record(units, newest)
    assert not record(units, newest, DeliveryState.DEAD)
    assert state(units, newest) is DeliveryState.SENT


def test_an_outcome_that_comes_late_is_still_worth_more_than_unknown(units: Units) -> None:
    put(units, make_outbound())
    sending = claimed(units)
    with units() as unit:
        assert unit.outbox.recover(START + LEASE, again=(), unknown=WEB) == 1
        unit.commit()
    assert state(units, sending) is DeliveryState.UNKNOWN
    assert record(units, sending)
    assert state(units, sending) is DeliveryState.SENT


def test_an_error_and_a_time_are_kept(units: Units) -> None:
    put(units, make_outbound())
    sending = claimed(units)
    with units() as unit:
        assert unit.outbox.record(sending, DeliveryState.DEAD, START, error="refused: 40003")
        unit.commit()
    with units() as unit:
        assert unit.outbox.get(sending.id).error == "refused: 40003"


def test_recover_takes_back_only_leases_that_ran_out(units: Units) -> None:
    put(units, make_outbound(), make_outbound(address=GROUP))
    web, group = claimed(units), claimed(units, channels=[GROUP.channel])
    with units() as unit:
        assert unit.outbox.recover(START + LEASE - MINUTE, again=WEB, unknown=[GROUP.channel]) == 0
        assert unit.outbox.release_all() == 2
        assert unit.outbox.recover(START, again=WEB, unknown=()) == 1
        assert unit.outbox.recover(START, again=(), unknown=[GROUP.channel]) == 1
        unit.commit()
    assert state(units, web) is DeliveryState.QUEUED
    assert state(units, group) is DeliveryState.UNKNOWN


def test_what_was_sent_is_listed_in_order_of_sending(units: Units) -> None:
    tomorrow = START + timedelta(days=1)
    put(units, make_outbound("提醒"), make_outbound("答复"))
    assert record(units, claimed(units), DeliveryState.QUEUED, not_before=tomorrow)
    put(units, make_outbound("旁", address=WANG))
    answer, aside = claimed(units), claimed(units)
    record(units, answer)
    record(units, aside)
    record(units, claimed(units, tomorrow), at=tomorrow)
    with units() as unit:
        sent = unit.outbox.sent_after(LI, OutboxId(0), 10)
        after = unit.outbox.sent_after(LI, answer.id, 10)
        one = unit.outbox.sent_after(LI, OutboxId(0), 1)
    assert [delivery.message.reply.text for delivery in sent] == ["答复", "提醒"]
    assert sent[1].sent_at == tomorrow
    assert (after, one) == (sent[1:], sent[:1])


def test_the_last_sent_is_the_last_by_sending_not_by_id(units: Units) -> None:
    tomorrow = START + timedelta(days=1)
    early, _ = put(units, make_outbound("提醒"), make_outbound("答复"))
    assert record(units, claimed(units), DeliveryState.QUEUED, not_before=tomorrow)
    with units() as unit:
        assert unit.outbox.last_sent(LI) is None
    record(units, claimed(units))
    record(units, claimed(units, tomorrow), at=tomorrow)
    with units() as unit:
        assert unit.outbox.last_sent(LI) == early.id
        assert unit.outbox.last_sent(WANG) is None


def test_states_are_counted(units: Units) -> None:
    put(units, make_outbound(), make_outbound(), make_outbound(address=WANG))
    record(units, claimed(units))
    with units() as unit:
        assert unit.outbox.count_by_state() == {DeliveryState.QUEUED: 2, DeliveryState.SENT: 1}


def test_what_becomes_due_meanwhile_waits_for_a_claim_that_is_not_committed(units: Units) -> None:
    put(units, make_outbound("一"), make_outbound("二"))
    later = START + 5 * MINUTE
    assert record(units, claimed(units), DeliveryState.QUEUED, not_before=later)
    with ThreadPoolExecutor(1) as pool:
        with units() as unit:
            second = unit.outbox.claim(START, LEASE, WEB)
            other = pool.submit(claim, units, later)
            wait([other], timeout=0.3)
            unit.commit()
        assert other.result(20) is None
    assert second is not None
    assert record(units, second)
    assert claimed(units, later).message.reply.text == "一"


def test_outcomes_recorded_at_once_keep_an_order(units: Units) -> None:
    put(units, make_outbound("一"), make_outbound("二"))
    late = claimed(units)
    with units() as unit:
        assert unit.outbox.recover(START + LEASE, again=(), unknown=WEB) == 1
        unit.commit()
    newer = claimed(units)
    with ThreadPoolExecutor(1) as pool:
        with units() as unit:
            assert unit.outbox.record(newer, DeliveryState.SENT, START)
            other = pool.submit(record, units, late)
            wait([other], timeout=0.3)
            unit.commit()
        assert other.result(20)
    with units() as unit:
        after = unit.outbox.sent_after(LI, newer.id, 10)
    assert [delivery.message.reply.text for delivery in after] == ["一"]


def test_claims_made_at_once_never_share_a_message_nor_break_its_order(units: Units) -> None:
    people = [Address(channel="web", user=f"p{number}") for number in range(8)]
    put(units, *(make_outbound(str(n), address=person) for n in range(6) for person in people))
    threads = 4
    start = Barrier(threads)

    def work() -> list[Delivery]:
        start.wait(timeout=10)
        done: list[Delivery] = []
        idle = 0
        while idle < 20:
            delivery = claim(units)
            idle = 0 if delivery else idle + 1
            if delivery:
                done.append(delivery)
                assert record(units, delivery)
        return done

    with ThreadPoolExecutor(threads) as pool:
        parts = [task.result(60) for task in [pool.submit(work) for _ in range(threads)]]
    sent = [delivery.id for part in parts for delivery in part]
    assert len(sent) == len(set(sent)) == 48
    with units() as unit:
        for person in people:
            arrived = unit.outbox.sent_after(person, OutboxId(0), 10)
            assert [d.message.reply.text for d in arrived] == [str(n) for n in range(6)]
