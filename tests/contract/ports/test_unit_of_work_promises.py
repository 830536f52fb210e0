"""Reminders and leases: promised once, due in order, held by one."""

from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import replace
from datetime import time, timedelta
from threading import Barrier

import pytest

from core.domain.conversations import Address
from core.domain.dates.offsets import Counting, Offset
from core.domain.reminders import NoAnchorError, Reminder, ReminderId, ReminderState, plan
from core.domain.subscriptions import QuietHours
from core.ports.unit_of_work import Units
from core.services.reminders import SetReminder
from tests.factories import LI, WANG, make_event, make_reminder
from tests.fakes.clock import START

HOUR = timedelta(hours=1)
LEASE = timedelta(seconds=30)


def put(units: Units, *reminders: Reminder) -> list[Reminder]:
    with units() as unit:
        stored = [unit.reminders.put(reminder)[0] for reminder in reminders]
        unit.commit()
    return stored


def test_a_reminder_is_promised_once(units: Units) -> None:
    event = make_event()
    with units() as unit:
        first, new = unit.reminders.put(make_reminder(event))
        again, is_new = unit.reminders.put(make_reminder(event, title="另一个标题"))
        assert (new, is_new) == (True, False)
        assert again == first
        assert unit.reminders.planned(LI) == [first]


def test_another_person_offset_or_version_is_another_reminder(units: Units) -> None:
    event = make_event()
    stored = put(
        units,
        make_reminder(event),
        make_reminder(event, offset=HOUR),
        make_reminder(event, version=2),
        make_reminder(event, address=WANG),
    )
    assert len({reminder.id for reminder in stored}) == 4
    with units() as unit:
        assert len(unit.reminders.planned(LI)) == 3
        assert len(unit.reminders.following(event.id, ReminderId(0), 100)) == 4


def test_a_cancelled_reminder_is_planned_again_and_counts_as_new(units: Units) -> None:
    event = make_event()
    (reminder,) = put(units, make_reminder(event))
    with units() as unit:
        assert unit.reminders.set_state(reminder.id, ReminderState.CANCELLED)
        assert unit.reminders.planned(LI) == []
        again, new = unit.reminders.put(make_reminder(event))
    assert new
    assert again == reminder


def test_a_reminder_that_was_handed_over_is_not_planned_again(units: Units) -> None:
    event = make_event()
    (reminder,) = put(units, make_reminder(event))
    with units() as unit:
        assert unit.reminders.set_state(reminder.id, ReminderState.QUEUED)
        again, new = unit.reminders.put(make_reminder(event))
        assert (again.state, new) == (ReminderState.QUEUED, False)
        assert not unit.reminders.set_state(reminder.id, ReminderState.CANCELLED)
        assert not unit.reminders.set_state(ReminderId(404), ReminderState.CANCELLED)


def test_reminders_that_were_not_taken_back_follow_their_record_page_by_page(
    units: Units,
) -> None:
    event = make_event()
    told, waits, gone = put(
        units,
        make_reminder(event),
        make_reminder(event, offset=HOUR),
        make_reminder(event, address=WANG),
    )
    with units() as unit:
        unit.reminders.set_states([told], ReminderState.QUEUED)
        unit.reminders.set_states([gone], ReminderState.CANCELLED)
        both = unit.reminders.following(event.id, ReminderId(0), 10)
        assert [one.id for one in both] == [told.id, waits.id]
        assert unit.reminders.following(event.id, ReminderId(0), 1) == both[:1]
        assert unit.reminders.following(event.id, told.id, 10) == [waits]


def test_many_reminders_are_put_at_once_each_once_a_key(units: Units) -> None:
    event = make_event()
    many = [
        make_reminder(event, address=Address(channel="web", user=f"u{n}")) for n in range(1200)
    ]
    (gone,) = put(units, make_reminder(event))
    with units() as unit:
        unit.reminders.set_states([gone], ReminderState.CANCELLED)
        unit.reminders.put_all([*many, *many, make_reminder(event)])
        unit.commit()
    with units() as unit:
        assert len(unit.reminders.due(event.starts_at or START, 5000)) == 1201
        assert unit.reminders.planned(LI) == [gone]


def test_an_offset_is_kept_as_it_was_said(units: Units) -> None:
    event = make_event()
    said = [
        Offset(ahead=HOUR),
        Offset(ahead=timedelta(days=1), at=time(9)),
        Offset(ahead=timedelta(days=3), counting=Counting.WORKDAYS),
        Offset(at=time(8, 30), counting=Counting.ON_WORKDAY),
    ]
    stored = put(units, *(plan(event, address=LI, offset=one) for one in said))
    with units() as unit:
        found = [unit.reminders.find(one.key) for one in stored]
    assert [one and one.offset for one in found] == said


def test_those_who_have_quiet_hours_are_found_among_many(units: Units) -> None:
    hours = QuietHours(starts=time(22), ends=time(8))
    with units() as unit:
        unit.subscriptions.keep_quiet(LI, hours)
        unit.commit()
    with units() as unit:
        many = {Address(channel="web", user=f"u{n}") for n in range(1200)}
        assert unit.subscriptions.all_quiet_hours({LI, WANG, *many}) == {LI: hours}


def test_a_promise_waits_for_a_change_of_its_record_and_finds_it(units: Units) -> None:
    event = make_event()
    with units() as unit:
        unit.records.put(event)
        unit.commit()
    promise = SetReminder(units=units)
    with ThreadPoolExecutor(1) as pool:
        with units() as unit:
            unit.records.put(replace(event, withdrawn=True))
            task = pool.submit(promise, event.id, address=LI, offset=Offset(ahead=HOUR), now=START)
            wait([task], timeout=0.3)
            unit.commit()
        with pytest.raises(NoAnchorError):
            task.result(20)


def test_a_change_waits_for_a_promise_and_finds_it(units: Units) -> None:
    event = make_event()
    with units() as unit:
        unit.records.put(event)
        unit.commit()

    def change() -> list[Reminder]:
        with units() as unit:
            unit.records.put(replace(event, withdrawn=True))
            return unit.reminders.following(event.id, ReminderId(0), 100)

    with ThreadPoolExecutor(1) as pool:
        with units() as unit:
            unit.records.get(event.id, hold=True)
            task = pool.submit(change)
            wait([task], timeout=0.3)
            reminder, _ = unit.reminders.put(make_reminder(event))
            unit.commit()
        assert task.result(20) == [reminder]


def test_due_reminders_come_oldest_first_up_to_the_limit(units: Units) -> None:
    late, early, future = put(
        units,
        make_reminder(due_at=START),
        make_reminder(due_at=START - HOUR),
        make_reminder(due_at=START + HOUR),
    )
    with units() as unit:
        assert unit.reminders.due(START, 10) == [early, late]
        assert unit.reminders.due(START, 1) == [early]
        assert unit.reminders.planned(LI) == [early, late, future]


def test_due_reminders_taken_at_once_are_handed_over_once(units: Units) -> None:
    put(units, *(make_reminder(due_at=START) for _ in range(40)))
    threads = 4
    start = Barrier(threads)

    def work() -> list[ReminderId]:
        start.wait(timeout=10)
        moved: list[ReminderId] = []
        while True:
            with units() as unit:
                due = unit.reminders.due(START, 5)
                for reminder in due:
                    assert unit.reminders.set_state(reminder.id, ReminderState.QUEUED)
                unit.commit()
            if not due:
                return moved
            moved += [reminder.id for reminder in due]

    with ThreadPoolExecutor(threads) as pool:
        parts = [task.result(60) for task in [pool.submit(work) for _ in range(threads)]]
    moved = [reminder_id for part in parts for reminder_id in part]
    assert len(moved) == len(set(moved)) == 40


def test_a_lease_is_held_by_one_until_it_runs_out(units: Units) -> None:
    with units() as unit:
        assert unit.leases.take("heartbeat", "a", START, LEASE)
        assert not unit.leases.take("heartbeat", "b", START + LEASE / 2, LEASE)
        assert unit.leases.take("heartbeat", "a", START + LEASE / 2, LEASE)
        assert not unit.leases.take("heartbeat", "b", START + LEASE, LEASE)
        assert unit.leases.take("heartbeat", "b", START + LEASE * 1.5, LEASE)
        assert unit.leases.take("other", "a", START, LEASE)


def test_only_its_holder_gives_a_lease_back(units: Units) -> None:
    with units() as unit:
        unit.leases.take("heartbeat", "a", START, LEASE)
        unit.leases.give_back("heartbeat", "b")
        assert not unit.leases.take("heartbeat", "b", START, LEASE)
        unit.leases.give_back("heartbeat", "a")
        assert unit.leases.take("heartbeat", "b", START, LEASE)


def test_a_lease_made_before_the_clock_was_set_back_has_ended(units: Units) -> None:
    with units() as unit:
        unit.leases.take("heartbeat", "a", START + LEASE, LEASE)
        assert not unit.leases.take("heartbeat", "b", START, LEASE), "its clock may be ahead a bit"
        assert unit.leases.take("heartbeat", "b", START - timedelta(hours=1), LEASE)


def test_a_lease_is_freed_whoever_has_it(units: Units) -> None:
    with units() as unit:
        unit.leases.take("heartbeat", "a", START, LEASE)
        unit.leases.take("other", "a", START, LEASE)
        unit.leases.release("heartbeat")
        assert unit.leases.take("heartbeat", "b", START, LEASE)
        assert not unit.leases.take("other", "b", START, LEASE)


def test_a_lease_taken_at_once_has_one_holder(units: Units) -> None:
    threads = 6
    start = Barrier(threads)

    def work(holder: str) -> bool:
        start.wait(timeout=10)
        with units() as unit:
            taken = unit.leases.take("heartbeat", holder, START, LEASE)
            unit.commit()
        return taken

    with ThreadPoolExecutor(threads) as pool:
        tasks = [pool.submit(work, str(number)) for number in range(threads)]
        assert sum(task.result(60) for task in tasks) == 1
