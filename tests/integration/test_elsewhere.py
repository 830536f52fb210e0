"""When a person is reached there no more: the next address is told, once; operators see why."""

import pytest

from core.domain.deliveries import DeliveryState
from core.domain.errors import RefusedSendError, RetrySendError, SendError, UnknownSendError
from core.domain.troubles import Trouble
from core.ports.unit_of_work import Units
from core.services.people.choosing import reopen
from scheduler.dispatcher import Dispatcher
from tests.factories import make_outbound
from tests.fakes.sender import FakeSender
from tests.unit.core.people.household import DAY, HELD, LARK, OA, WORK, Household

UNFOLLOWED = "WeChat answered with errcode 43004"


def gone() -> SendError:
    return RefusedSendError(UNFOLLOWED, trouble=Trouble.ELSEWHERE)


class Post:
    """A household whose every channel has a sender."""

    def __init__(self, units: Units, *failing: tuple[str, SendError]) -> None:
        self.house = Household(units)
        self.units = units
        self.senders = {
            name: FakeSender(name, failures=[error for at, error in failing if at == name])
            for name in ("wechat", "wecom", "feishu")
        }
        self.dispatchers = [
            Dispatcher(units, self.house.clock, [one], wakeups=self.house.wakeups)
            for one in self.senders.values()
        ]

    def send(self) -> dict[str, list[str]]:
        """Send until nothing is due; what arrived, by channel, notices of binding apart."""
        while any(one.dispatch_one() for one in self.dispatchers):
            pass
        told = {
            name: [text for text in one.texts if "绑定" not in text]
            for name, one in self.senders.items()
        }
        return {name: texts for name, texts in told.items() if texts}


def bound(units: Units, *failing: tuple[str, SendError]) -> Post:
    """A person at OA and WORK; the notice of it has been sent."""
    post = Post(units)
    post.house.bind(OA, WORK)
    post.send()
    for at, error in failing:
        post.senders[at].failures.append(error)
    return post


def test_a_push_that_is_refused_because_the_person_left_goes_to_the_next_address(
    units: Units,
) -> None:
    post = bound(units, ("wechat", gone()))
    post.house.subscribe(OA)
    post.house.event()
    post.house.tell()
    assert post.send() == {"wecom": ["路演"]}
    with units() as unit:
        person = unit.bonds.of(OA)
        assert person is not None
        assert person.home == WORK
        assert UNFOLLOWED in person.at(OA).why
        states = unit.outbox.count_by_state()
        assert states[DeliveryState.DEAD] == 1
    post.house.event("培训")
    post.house.tell()
    assert post.send() == {"wecom": ["路演", "培训"]}


def test_a_reminder_goes_there_too_and_what_waits_goes_with_it(units: Units) -> None:
    post = bound(units, ("wechat", gone()))
    record = post.house.event()
    for days in (1, 2):
        post.house.remind(OA, record, days)
    post.house.clock.set(HELD - DAY)
    post.house.tell()
    assert post.send() == {"wecom": ["提醒 路演 1", "提醒 路演 2"]} or post.send() == {
        "wecom": ["提醒 路演 2", "提醒 路演 1"]
    }


def test_each_channel_is_tried_once_and_the_last_refusal_is_the_end(units: Units) -> None:
    post = bound(units)
    post.house.bind(WORK, LARK)
    post.send()
    for one in post.senders.values():
        one.failures.append(gone())
    post.house.subscribe(OA)
    post.house.event()
    post.house.tell()
    assert post.send() == {}
    with units() as unit:
        assert unit.outbox.count_by_state()[DeliveryState.DEAD] == 3


@pytest.mark.parametrize(
    "error",
    [
        UnknownSendError("no answer"),
        RefusedSendError("sensitive content"),
        RetrySendError("busy", trouble=Trouble.ELSEWHERE),
    ],
)
def test_what_may_have_arrived_or_is_refused_everywhere_goes_nowhere_else(
    units: Units, error: SendError
) -> None:
    post = bound(units, ("wechat", error))
    post.house.subscribe(OA)
    post.house.event()
    post.house.tell()
    assert post.send() == {}
    with units() as unit:
        person = unit.bonds.of(OA)
        assert person is not None
        assert person.home == OA


def test_an_answer_is_not_said_on_another_channel(units: Units) -> None:
    post = bound(units, ("wechat", gone()))
    with units() as unit:
        unit.outbox.put(make_outbound(key="reply:1:0", address=OA), post.house.clock.now())
        unit.commit()
    assert post.send() == {}


def test_who_is_bound_to_nothing_is_told_nowhere_else(units: Units) -> None:
    post = Post(units, ("wechat", gone()))
    post.house.subscribe(OA)
    post.house.event()
    post.house.tell()
    assert post.send() == {}
    with units() as unit:
        assert unit.outbox.count_by_state() == {DeliveryState.DEAD: 1}


def test_who_unfollows_is_told_at_the_next_address_also_what_waits(units: Units) -> None:
    post = bound(units)
    post.house.subscribe(OA)
    record = post.house.event()
    post.house.remind(OA, record)
    post.house.tell()
    post.house.depart(OA)
    post.house.depart(OA)
    assert post.send() == {"wecom": ["路演"]}
    post.house.clock.set(HELD - DAY)
    post.house.tell()
    assert post.send() == {"wecom": ["路演", "提醒 路演 1"]}


def test_who_unfollows_the_last_address_is_told_nothing_any_more(units: Units) -> None:
    post = bound(units)
    post.house.subscribe(OA)
    record = post.house.event()
    post.house.remind(OA, record)
    post.house.tell()
    post.house.depart(OA)
    post.house.depart(WORK)
    post.house.clock.set(HELD - DAY)
    post.house.tell()
    assert post.send() == {}


def test_an_address_from_which_the_person_writes_is_open_again(units: Units) -> None:
    post = bound(units)
    post.house.depart(OA)
    with units() as unit:
        person = unit.bonds.of(OA)
        assert person is not None
        reopen(unit, person, OA)
        unit.commit()
    post.house.depart(WORK)
    person = post.house.find(OA)
    assert person is not None
    assert person.home == OA
