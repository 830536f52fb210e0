"""Unbinding gives back what was brought, and chains of three come apart in any order."""

from datetime import time

from core.domain.subscriptions import QuietHours
from core.ports.unit_of_work import Units
from tests.unit.core.people.household import ANNA, DAY, HELD, LARK, OA, WORK, Household

NIGHT = QuietHours(starts=time(22), ends=time(8))


def pair(units: Units) -> Household:
    """OA and WORK with needs, subscriptions (one of both) and reminders, bound."""
    house = Household(units)
    house.need(OA, "a")
    house.need(WORK, "b")
    house.subscribe(OA, keyword="储能")
    house.subscribe(WORK, keyword="储能")
    house.subscribe(WORK, keyword="氢能")
    with units() as unit:
        unit.subscriptions.keep_quiet(WORK, NIGHT)
        unit.commit()
    house.bind(OA, WORK)
    return house


def test_who_leaves_takes_along_what_it_brought(units: Units) -> None:
    house = pair(units)
    house.need(OA, "together")
    assert house.unbind(WORK, WORK) is None
    assert house.find(OA) is None
    assert house.find(WORK) is None
    assert (house.needs(OA), house.needs(WORK)) == (2, 1)
    assert house.subscriptions(OA) == ["储能"]
    assert house.subscriptions(WORK) == ["氢能", "储能"]
    with units() as unit:
        assert unit.subscriptions.quiet_hours(WORK) == NIGHT


def test_what_was_stopped_meanwhile_does_not_come_back(units: Units) -> None:
    house = pair(units)
    house.unsubscribe(OA)
    house.unbind(OA, WORK)
    assert house.subscriptions(WORK) == []


def test_who_was_bound_first_keeps_what_is_its_own_whoever_unbinds(units: Units) -> None:
    house = pair(units)
    house.choose(WORK, WORK)
    house.need(WORK, "together")
    house.unbind(WORK, OA)
    assert (house.needs(OA), house.needs(WORK)) == (2, 1)
    assert house.subscriptions(OA) == ["储能"]
    assert house.subscriptions(WORK) == ["氢能", "储能"]


def test_the_first_side_is_told_at_once_and_undoes_it(units: Units) -> None:
    house = pair(units)
    (told,) = house.waiting(OA, "bound:")
    assert "企业微信的账号与这里绑定了" in told
    with units() as unit:
        (button,) = unit.outbox.queued(OA)[0].message.reply.buttons
    assert button.payload == "不是我，解除企业微信的绑定"
    house.unbind(OA, WORK)
    (told,) = house.waiting(WORK, "unbound:")
    assert "微信公众号" in told


def test_pushes_after_unbinding_go_to_each_what_it_asked_for(units: Units) -> None:
    house = Household(units)
    house.subscribe(OA)
    house.subscribe(WORK)
    house.bind(OA, WORK)
    house.unbind(OA, WORK)
    record = house.event()
    house.tell()
    assert house.everything(OA, WORK) == {str(OA): ["路演"], str(WORK): ["路演"]}
    house.remind(WORK, record)
    house.clock.set(HELD - DAY)
    house.tell()
    assert house.everything(OA, WORK) == {str(OA): ["路演"], str(WORK): ["路演", "提醒 路演 1"]}


def test_a_chain_of_three_is_one_person_and_told_once(units: Units) -> None:
    house = Household(units)
    for one in (OA, WORK, LARK):
        house.subscribe(one)
    house.bind(OA, WORK)
    person = house.bind(WORK, LARK)
    assert person.addresses == (OA, WORK, LARK)
    house.event()
    house.tell()
    assert house.everything(OA, WORK, LARK) == {str(OA): ["路演"]}


def test_two_pairs_become_one_person(units: Units) -> None:
    house = Household(units)
    house.need(LARK, "lark")
    house.need(ANNA, "anna")
    house.bind(OA, WORK)
    house.bind(LARK, ANNA)
    person = house.bind(WORK, ANNA)
    assert person.addresses == (OA, WORK, LARK, ANNA)
    assert house.needs(OA) == 2
    house.unbind(OA, ANNA)
    house.unbind(OA, LARK)
    assert (house.needs(ANNA), house.needs(LARK), house.needs(OA)) == (1, 1, 0)
    left = house.find(OA)
    assert left is not None
    assert left.addresses == (OA, WORK)


def test_when_the_first_of_three_leaves_the_others_stay_together(units: Units) -> None:
    house = Household(units)
    for number, one in enumerate((OA, WORK, LARK)):
        house.need(one, f"n{number}")
    house.bind(OA, WORK)
    house.bind(WORK, LARK)
    house.need(OA, "together")
    house.unbind(OA, OA)
    left = house.find(WORK)
    assert left is not None
    assert left.addresses == (WORK, LARK)
    assert (house.needs(OA), house.needs(left.home)) == (2, 2)
    house.unbind(LARK, LARK)
    assert (house.needs(WORK), house.needs(LARK)) == (1, 1)


def test_a_pair_may_be_bound_and_unbound_again(units: Units) -> None:
    house = pair(units)
    for _ in range(3):
        house.unbind(OA, WORK)
        house.bind(OA, WORK)
    assert len(house.waiting(WORK, "unbound:")) == 3
    assert house.subscriptions(OA) == ["储能", "氢能"]


def test_pushes_go_on_at_the_first_address_when_the_chosen_one_leaves(units: Units) -> None:
    house = Household(units)
    house.subscribe(OA)
    house.bind(OA, WORK)
    house.choose(OA, WORK)
    house.event()
    house.tell()
    house.unbind(OA, WORK)
    assert house.everything(OA, WORK) == {str(OA): ["路演"]}
