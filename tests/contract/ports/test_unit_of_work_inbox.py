"""The inbox: each message once, one conversation at a time, in order of arrival."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier

import pytest

from core.domain.conversations import (
    Address,
    InboundId,
    InboundMessage,
    InboundState,
    InboxEntry,
    MessageKind,
    Speaker,
)
from core.domain.deliveries import DeliveryState
from core.domain.errors import NotFoundError
from core.ports.unit_of_work import Units
from tests.factories import LI, WANG, make_message, make_outbound, make_rich_reply
from tests.fakes.clock import START

LEASE = timedelta(seconds=90)


def accept(units: Units, *messages: InboundMessage, at: datetime = START) -> list[InboxEntry]:
    with units() as unit:
        entries = [unit.inbox.accept(message, at) for message in messages]
        unit.commit()
    return entries


def claim(units: Units, at: datetime = START) -> tuple[InboxEntry, ...]:
    with units() as unit:
        entries = unit.inbox.claim(at, LEASE)
        unit.commit()
    return entries


def finish(units: Units, entry: InboxEntry) -> bool:
    with units() as unit:
        done = unit.inbox.finish(entry)
        unit.commit()
    return done


def release(units: Units, entry: InboxEntry, until: datetime) -> None:
    with units() as unit:
        unit.inbox.release(entry, until)
        unit.commit()


def texts(entries: tuple[InboxEntry, ...]) -> list[str]:
    return [entry.message.text for entry in entries]


def test_a_message_is_found_as_it_was_accepted(units: Units) -> None:
    message = make_message("[图片]", kind=MessageKind.OTHER, said_at=START - timedelta(minutes=1))
    (entry,) = accept(units, message)
    with units() as unit:
        found = unit.inbox.get(entry.id)
    assert found == entry
    assert found.message == message
    assert (found.received_at, found.state, found.attempts) == (START, InboundState.RECEIVED, 0)


def test_an_unknown_entry_is_not_found(units: Units) -> None:
    with units() as unit, pytest.raises(NotFoundError, match="404"):
        unit.inbox.get(InboundId(404))


def test_the_same_message_id_on_a_channel_is_the_same_message(units: Units) -> None:
    first, again = accept(
        units, make_message("一", message_id="m"), make_message("二", message_id="m")
    )
    assert again == first


def test_the_same_message_id_on_another_channel_is_another_message(units: Units) -> None:
    elsewhere = Address(channel="webhook", user="li")
    first, other = accept(
        units, make_message(message_id="m"), make_message(message_id="m", address=elsewhere)
    )
    assert other.id != first.id


def test_a_message_that_comes_again_after_it_was_handled_stays_handled(units: Units) -> None:
    message = make_message()
    accept(units, message)
    assert finish(units, claim(units)[0])
    (again,) = accept(units, message)
    assert again.state is InboundState.HANDLED
    assert claim(units) == ()


def test_text_that_no_database_takes_is_stored_without_what_it_refuses(units: Units) -> None:
    (entry,) = accept(units, make_message("翘\x00曲\ud83d变形"))
    assert entry.message.text == "翘\ufffd曲\ufffd变形"


def test_nothing_is_claimed_from_an_empty_inbox(units: Units) -> None:
    assert claim(units) == ()


def test_a_claim_takes_all_that_waits_of_one_person_in_order(units: Units) -> None:
    accept(units, make_message("甲"), make_message("子", address=WANG), make_message("乙"))
    assert texts(claim(units)) == ["甲", "乙"]
    assert texts(claim(units)) == ["子"]
    assert claim(units) == ()


def test_what_arrives_during_a_claim_waits_for_its_end(units: Units) -> None:
    accept(units, make_message("甲"), make_message("乙"))
    first, second = claim(units)
    accept(units, make_message("丙"))
    assert claim(units) == ()
    assert finish(units, first)
    assert claim(units) == ()
    assert finish(units, second)
    assert texts(claim(units)) == ["丙"]


def test_a_lease_that_ran_out_is_taken_over_and_its_holder_may_write_nothing(units: Units) -> None:
    accept(units, make_message())
    (late,) = claim(units)
    assert claim(units, START + LEASE - timedelta(seconds=1)) == ()
    (taken,) = claim(units, START + LEASE)
    assert (late.attempts, taken.attempts) == (1, 2)
    assert not finish(units, late)
    assert finish(units, taken)
    assert not finish(units, taken)


def test_a_renewed_lease_is_not_taken_over(units: Units) -> None:
    accept(units, make_message("甲"), make_message("乙"))
    first, second = claim(units)
    assert finish(units, first)
    with units() as unit:
        assert unit.inbox.renew(second, START + 2 * LEASE)
        unit.commit()
    assert claim(units, START + LEASE) == ()
    (taken,) = claim(units, START + 2 * LEASE)
    with units() as unit:
        assert not unit.inbox.renew(second, START + 3 * LEASE)
    assert finish(units, taken)


def test_a_released_entry_is_due_again_at_its_time(units: Units) -> None:
    accept(units, make_message())
    later = START + timedelta(seconds=5)
    release(units, claim(units)[0], later)
    assert claim(units, later - timedelta(milliseconds=1)) == ()
    assert claim(units, later)[0].attempts == 2


def test_a_new_message_takes_along_those_that_were_put_off(units: Units) -> None:
    accept(units, make_message("甲"))
    release(units, claim(units)[0], START + timedelta(seconds=5))
    accept(units, make_message("乙"))
    assert texts(claim(units)) == ["甲", "乙"]


def test_a_late_holder_cannot_release_what_was_taken_over(units: Units) -> None:
    accept(units, make_message())
    (late,) = claim(units)
    claim(units, START + LEASE)
    release(units, late, START)
    assert claim(units, START + LEASE) == ()


def test_release_all_gives_every_conversation_back_at_once(units: Units) -> None:
    accept(units, make_message(), make_message(address=WANG))
    claim(units)
    claim(units)
    with units() as unit:
        assert unit.inbox.release_all() == 2
        unit.commit()
    assert claim(units)
    assert claim(units)


def test_a_claim_that_was_not_committed_was_never_made(units: Units) -> None:
    accept(units, make_message())
    with units() as unit:
        assert unit.inbox.claim(START, LEASE)
    assert claim(units)[0].attempts == 1


def test_history_merges_both_sides_in_order_of_time(units: Units) -> None:
    minute = timedelta(minutes=1)
    (question,) = accept(units, make_message("能报吗？"))
    accept(units, make_message("[图片]", kind=MessageKind.OTHER), at=START + minute)
    accept(units, make_message("谢谢"), at=START + 3 * minute)
    accept(units, make_message("旁人", address=WANG))
    answer = make_outbound(reply=make_rich_reply(), reply_to=question.id)
    with units() as unit:
        unit.outbox.put(answer, START)
        sending = unit.outbox.claim(START, LEASE, ["web"])
        assert sending is not None
        unit.outbox.record(sending, DeliveryState.SENT, START + 2 * minute)
        unit.outbox.put(make_outbound("还没发出"), START)
        unit.commit()
    with units() as unit:
        lines = unit.inbox.history(LI, 10)
        newest = unit.inbox.history(LI, 2)
    said = [(line.speaker, line.text) for line in lines]
    assert said == [
        (Speaker.USER, "能报吗？"),
        (Speaker.USER, "[图片]"),
        (Speaker.ASSISTANT, "可以申报。"),
        (Speaker.USER, "谢谢"),
    ]
    assert [line.kind is MessageKind.OTHER for line in lines] == [False, True, False, False]
    assert (lines[0].id, lines[2].id) == (question.id, sending.id)
    assert (lines[2].reply, lines[2].reply_to) == (answer.reply, question.id)
    assert newest == lines[2:]


def test_claims_made_at_once_never_share_a_conversation(units: Units) -> None:
    people = [Address(channel="web", user=f"p{number}") for number in range(24)]
    accept(units, *(make_message(address=person) for person in people for _ in range(3)))
    threads = 4
    start = Barrier(threads)

    def work() -> list[InboxEntry]:
        start.wait(timeout=10)
        done: list[InboxEntry] = []
        while entries := claim(units):
            done += entries
            assert all(finish(units, entry) for entry in entries)
        return done

    with ThreadPoolExecutor(threads) as pool:
        parts = [task.result(60) for task in [pool.submit(work) for _ in range(threads)]]
    handled = [entry.id for part in parts for entry in part]
    assert len(handled) == len(set(handled)) == 72
    for part in parts:
        assert all(entry.attempts == 1 for entry in part)


def test_messages_accepted_at_once_are_stored_once_each(units: Units) -> None:
    messages = [make_message(str(number)) for number in range(10)]
    threads = 4
    start = Barrier(threads)

    def work() -> list[InboundId]:
        start.wait(timeout=10)
        return [accept(units, message)[0].id for message in messages]

    with ThreadPoolExecutor(threads) as pool:
        seen = [task.result(60) for task in [pool.submit(work) for _ in range(threads)]]
    assert all(ids == seen[0] for ids in seen)
    assert sorted(texts(claim(units)), key=int) == [str(number) for number in range(10)]
