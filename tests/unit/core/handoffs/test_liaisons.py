"""Liaisons: one has the word, every step is kept, nothing is said twice."""

import threading
from collections.abc import Callable

import pytest

from core.domain.errors import HandoffClosedError, HandoffTakenError, NotFoundError
from core.domain.handoffs import HandoffId, HandoffState, Liaison, Step
from core.ports.unit_of_work import Units
from core.services.conversations import LEASE
from tests.factories import LI, WANG, make_message
from tests.offices import ANNA, BO, LIAISONS
from tests.unit.core.handoffs.house import DeskHouse

ONE = HandoffId(1)
STRANGER = Liaison(name="campus", desks=frozenset({"江苏高校联络台"}))


@pytest.fixture
def house(sqlite_units: Units) -> DeskHouse:
    return DeskHouse(sqlite_units)


def test_who_takes_twice_has_taken_once(house: DeskHouse) -> None:
    house.ask()
    first, again = house.take(ONE, by=ANNA), house.take(ONE, by=ANNA)
    assert again == first
    assert len(house.told(LI)) == 1
    assert house.steps() == [Step.ASKED, Step.TAKEN]


def test_the_second_liaison_is_told_who_has_it(house: DeskHouse) -> None:
    house.ask()
    house.take(ONE, by=ANNA)
    with pytest.raises(HandoffTakenError, match="anna"):
        house.take(ONE, by=BO)
    with pytest.raises(HandoffTakenError):
        house.reply(ONE, "我来", by=BO, key="1")
    (told,) = house.say("接 1", LIAISONS)
    assert "已由别的工作人员接手" in told
    assert house.told(LI)[-1].startswith("工作人员已接手")


def test_a_reply_of_the_same_key_is_said_once(house: DeskHouse) -> None:
    house.ask()
    first = house.reply(ONE, "您好", by=ANNA, key="k")
    again = house.reply(ONE, "换了说法", by=ANNA, key="k")
    assert again == first
    assert house.told(LI)[1:] == ["【工作人员】您好"]


def test_a_reply_that_is_repeated_after_the_end_is_still_known(house: DeskHouse) -> None:
    house.ask()
    first = house.reply(ONE, "您好", by=ANNA, key="k")
    house.hand_back(ONE, by=ANNA)
    assert house.reply(ONE, "您好", by=ANNA, key="k") == first
    with pytest.raises(HandoffClosedError):
        house.reply(ONE, "还有", by=ANNA, key="other")


def test_another_desks_handoff_does_not_exist(house: DeskHouse) -> None:
    house.ask()
    for move in (house.take, house.hand_back):
        with pytest.raises(NotFoundError):
            move(ONE, by=STRANGER)
    with pytest.raises(NotFoundError):
        house.reply(ONE, "您好", by=STRANGER, key="1")
    with pytest.raises(NotFoundError):
        house.take(HandoffId(99), by=BO)


def test_colleagues_hear_what_was_done_elsewhere(house: DeskHouse) -> None:
    house.ask()
    house.reply(ONE, "您好", by=ANNA, key="k")
    house.hand_back(ONE, by=ANNA)
    assert house.told()[1:] == [
        "【1】已由anna接手。",
        "【1】anna已回复：您好",
        "【1】anna已交还给助手。",
    ]


def test_a_handoff_that_is_over_stays_over(house: DeskHouse) -> None:
    house.ask()
    house.hand_back(ONE, by=ANNA)
    for move in (house.take, house.hand_back):
        with pytest.raises(HandoffClosedError):
            move(ONE, by=ANNA)
    (told,) = house.say("接 1", LIAISONS)
    assert "已经结束" in told


def test_who_does_what_and_when_is_kept(house: DeskHouse) -> None:
    house.ask()
    house.reply(ONE, "您好", by=ANNA, key="k")
    house.hand_back(ONE, by=BO)
    kept = [(event.step, event.by) for event in house.events()]
    assert kept == [
        (Step.ASKED, "web:li"),
        (Step.TAKEN, "anna"),
        (Step.REPLIED, "anna"),
        (Step.HANDED_BACK, "bo"),
    ]
    assert {event.at for event in house.events()} == {house.now}


def at_once(*works: Callable[[], object]) -> list[object]:
    """Each in a thread of its own; results, or the errors instead."""
    results: list[object] = [None] * len(works)
    gate = threading.Barrier(len(works))

    def run(place: int) -> None:
        gate.wait(10)
        try:
            results[place] = works[place]()
        except HandoffTakenError as error:
            results[place] = error

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


def test_of_liaisons_who_take_at_once_one_wins_and_the_others_are_told(units: Units) -> None:
    house = DeskHouse(units)
    house.ask()
    names = [Liaison(name=f"l{number}") for number in range(4)]
    found = at_once(*(lambda by=by: house.take(ONE, by=by) for by in names))
    lost = [one for one in found if isinstance(one, HandoffTakenError)]
    assert len(lost) == 3
    assert house.steps() == [Step.ASKED, Step.TAKEN]
    assert len(house.told(LI)) == 1


def test_who_asks_twice_at_once_has_one_handoff(units: Units) -> None:
    house = DeskHouse(units)
    at_once(*(lambda key=key: house.ask(message_id=key) for key in ("a", "b", "a")))
    assert house.one().state is HandoffState.WAITING
    assert house.steps() == [Step.ASKED, Step.ASKED]


def test_a_message_in_the_middle_of_taking_and_handing_back_comes_to_one_of_both(
    units: Units,
) -> None:
    house = DeskHouse(units)
    house.ask()
    for number in range(6):
        house.accept(make_message(f"第{number}句"))

    def handle() -> None:
        while house.handle():
            pass

    def move() -> None:
        house.take(ONE, by=ANNA)
        house.hand_back(ONE, by=ANNA)

    at_once(handle, move)
    handle()
    said = [event.text for event in house.events() if event.step is Step.SAID]
    assert said + house.heard_by_bot == [f"第{number}句" for number in range(6)]
    forwarded = [text for text in house.told() if "句" in text]
    assert forwarded == [f"【1】{text}" for text in said]


def test_a_slow_worker_forwards_nothing_after_another_has(units: Units) -> None:
    house = DeskHouse(units)
    house.ask()
    house.accept(make_message("在吗"))
    with units() as unit:
        (slow,) = unit.inbox.claim(house.now, LEASE)
        unit.commit()
    house.clock.advance(LEASE)
    at_once(house.handle, lambda: house.hearing(slow))
    assert [text for text in house.told() if "在吗" in text] == ["【1】在吗"]


def test_handoffs_of_several_people_do_not_meet(units: Units) -> None:
    house = DeskHouse(units)
    at_once(house.ask, lambda: house.ask(address=WANG, message_id="w"))
    with units() as unit:
        found = unit.handoffs.find({HandoffState.WAITING})
    assert {str(one.address) for one in found} == {"web:li", "web:wang"}
