"""One person: everything is seen from each address, and told once, where it was chosen."""

from datetime import time

from core.domain.broadcasts import Profile, Role
from core.domain.deliveries import DeliveryState
from core.domain.subscriptions import QuietHours
from core.ports.unit_of_work import Units
from tests.factories import make_outbound
from tests.unit.core.people.household import ANNA, DAY, HELD, LARK, OA, WORK, Household

NIGHT = QuietHours(starts=time(22), ends=time(8))
NOONS = QuietHours(starts=time(12), ends=time(14))


def test_what_both_had_is_one_and_stands_under_the_home(units: Units) -> None:
    house = Household(units)
    house.need(OA, "a")
    house.need(WORK, "b")
    house.subscribe(OA, keyword="储能")
    house.subscribe(OA, keyword="石墨烯")
    house.subscribe(WORK, keyword="储能")
    house.subscribe(WORK, keyword="氢能")
    house.bind(OA, WORK)
    assert house.subscriptions(OA) == ["储能", "石墨烯", "氢能"]
    assert house.needs(OA) == 2
    assert (house.subscriptions(WORK), house.needs(WORK)) == ([], 0)


def test_a_record_that_both_asked_for_is_told_once(units: Units) -> None:
    house = Household(units)
    house.subscribe(OA)
    house.subscribe(WORK)
    house.bind(OA, WORK)
    house.event()
    house.tell()
    assert house.everything(OA, WORK) == {str(OA): ["路演"]}


def test_what_one_was_told_before_is_not_told_to_the_other_again(units: Units) -> None:
    house = Household(units)
    house.subscribe(OA)
    house.subscribe(WORK)
    house.event()
    house.tell()
    house.send_all(WORK)
    house.bind(OA, WORK)
    house.tell()
    assert house.everything(OA, WORK) == {str(OA): ["路演"]}
    house.send_all(OA)
    house.choose(OA, WORK)
    house.tell()
    assert house.everything(OA, WORK) == {}


def test_news_gathered_while_two_were_bound_reaches_the_person(units: Units) -> None:
    house = Household(units)
    house.subscribe(WORK)
    record = house.event()
    code = house.code(OA)
    assert code is not None
    with units() as unit:
        found = unit.tidings.announced(house.clock.now(), 9)
        unit.tidings.settle([one.id for one in found])
        unit.commit()
    house.use(WORK, code)
    with units() as unit:  # another process had looked up subscribers before, and writes now
        now = house.clock.now()
        unit.tidings.gather([(WORK, record.id, now, now)])  # type: ignore[list-item]  # a Found
        unit.commit()
    house.tell()
    assert house.everything(OA, WORK) == {str(OA): ["路演"]}


def test_a_reminder_that_both_asked_for_comes_once(units: Units) -> None:
    house = Household(units)
    record = house.event()
    house.remind(OA, record)
    house.remind(WORK, record)
    house.remind(WORK, record, 2)
    house.bind(OA, WORK)
    house.clock.set(HELD - DAY)
    house.tell()
    assert house.everything(OA, WORK) == {str(OA): ["提醒 路演 2", "提醒 路演 1"]}


def test_reminders_and_pushes_that_wait_go_where_it_is_chosen(units: Units) -> None:
    house = Household(units)
    record = house.event()
    house.subscribe(OA)
    house.remind(OA, record)
    house.remind(OA, record, 3)
    house.event("培训")
    house.bind(OA, WORK)
    house.clock.set(HELD - 3 * DAY)
    house.tell()
    house.choose(WORK, WORK)
    waiting = house.waiting(WORK)
    assert waiting == ["路演 培训", "提醒 路演 3"]
    house.clock.set(HELD - DAY)
    house.tell()
    assert house.everything(OA, WORK) == {str(WORK): [*waiting, "提醒 路演 1"]}
    house.choose(WORK, OA)
    house.choose(OA, WORK)
    assert house.everything(OA, WORK) == {str(WORK): [*waiting, "提醒 路演 1"]}


def test_an_answer_stays_where_it_was_asked_for(units: Units) -> None:
    house = Household(units)
    house.bind(OA, WORK)
    with units() as unit:
        unit.outbox.put(make_outbound(key="reply:1:0", address=OA), house.clock.now())
        unit.outbox.put(make_outbound(key="handoff:1", address=OA), house.clock.now())
        unit.commit()
    house.choose(OA, WORK)
    with units() as unit:
        kept = {one.message.key for one in unit.outbox.queued(OA)}
    assert {"reply:1:0", "handoff:1"} <= kept


def test_of_two_quiet_hours_those_of_the_chosen_channel_count(units: Units) -> None:
    house = Household(units)
    with units() as unit:
        unit.subscriptions.keep_quiet(OA, NIGHT)
        unit.subscriptions.keep_quiet(WORK, NOONS)
        unit.subscriptions.keep_quiet(LARK, NOONS)
        unit.commit()
    house.bind(OA, WORK)
    house.bind(ANNA, LARK)
    with units() as unit:
        assert unit.subscriptions.quiet_hours(OA) == NIGHT
        assert unit.subscriptions.quiet_hours(WORK) is None
        assert unit.subscriptions.quiet_hours(ANNA) == NOONS


def test_who_refused_broadcasts_at_one_address_gets_none_at_the_other(units: Units) -> None:
    house = Household(units)
    with units() as unit:
        role = Profile(address=OA, role=Role.ENTERPRISE, region="江苏")
        unit.people.keep(role, "x", house.clock.now())
        unit.people.keep(Profile(address=WORK, refuses=True), "x", house.clock.now())
        unit.commit()
    house.bind(OA, WORK)
    with units() as unit:
        joined = Profile(address=OA, role=Role.ENTERPRISE, region="江苏", refuses=True)
        assert unit.people.find(OA) == joined
        assert unit.people.page("", 9) == []


def test_leaving_a_list_at_one_address_stops_what_waits_for_the_person(units: Units) -> None:
    house = Household(units)
    house.subscribe(WORK)
    house.event()
    person = house.bind(OA, WORK)
    house.tell()
    assert house.everything(OA, WORK) == {str(OA): ["路演"]}
    house.unsubscribe(person.home)
    assert house.everything(OA, WORK) == {}
    with units() as unit:
        assert DeliveryState.CANCELLED in unit.outbox.count_by_state()
