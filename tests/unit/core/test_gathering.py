"""Records that arrive find exactly those who asked for them, wherever a process dies."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.conversations import Address
from core.domain.records import Library, Record
from core.domain.reminders import SHANGHAI
from core.domain.subscriptions import Interest, Pace, Rhythm
from core.ports.unit_of_work import Units
from core.services.pushes import gathering
from core.services.pushes.gathering import GatherTidings
from core.services.pushes.interests import Interests
from core.services.records import StoreRecords
from core.services.subscriptions import Subscribe, Unsubscribe
from tests.factories import LI, WANG, make_event, make_record, make_reply
from tests.fakes.clock import FakeClock
from tests.fakes.dying import DyingUnits
from tests.fakes.knowledge_base import FakeKnowledgeBase
from tests.fakes.wakeups import RecordingWakeups

NOON = datetime(2026, 11, 21, 12, tzinfo=SHANGHAI)
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)

WORDS = st.sampled_from(["", "膜", "膜管", "苏州", "江苏", "材料", "州"])
SOME_WORDS = st.lists(WORDS.filter(bool), max_size=2).map(tuple)
LYING_IN = {"江苏": ("苏州",), "州": ("膜", "材料")}
"""Which places lie in a region follows from the region: the key of an interest names it alone."""
LIBRARIES = st.lists(st.sampled_from(Library), min_size=1, max_size=2).map(tuple)
INTERESTS = st.builds(
    Interest,
    libraries=LIBRARIES,
    kinds=SOME_WORDS,
    industries=SOME_WORDS,
    region=WORDS,
    keyword=WORDS,
    organiser=WORDS,
).map(lambda one: replace(one, places=LYING_IN.get(one.region, ())))
RECORDS = st.builds(
    Record,
    library=st.sampled_from(Library),
    external_id=st.just("1"),
    title=st.sampled_from(["膜管技术", "苏州路演", ""]),
    region=st.sampled_from([None, "江苏省苏州市", "江苏省"]),
    industries=SOME_WORDS,
    keywords=SOME_WORDS,
    organisation=st.sampled_from([None, "苏州学会"]),
    details=st.dictionaries(st.sampled_from(["kind", "organiser"]), WORDS),
)


class Known:
    """Subscriptions as far as an index of interests asks for them."""

    def __init__(self, interests: dict[str, Interest], stamp: int) -> None:
        self.subscriptions = self
        self.all = interests
        self.number = stamp

    def stamp(self) -> tuple[int, int]:
        """Another one each time."""
        return len(self.all), self.number

    def keys(self) -> set[str]:
        """All."""
        return set(self.all)

    def interests(self, keys: list[str]) -> dict[str, Interest]:
        """Those."""
        return {key: self.all[key] for key in keys}


@given(st.lists(st.lists(INTERESTS, max_size=8), min_size=1, max_size=3), RECORDS)
def test_the_index_finds_what_looking_at_every_interest_finds(
    rounds: list[list[Interest]], record: Record
) -> None:
    index = Interests()
    for number, some in enumerate(rounds):
        known = {one.key: one for one in some}
        index.renew(Known(known, number))  # type: ignore[arg-type]  # what the index asks for
        expected = sorted(key for key, one in known.items() if one.asks_for(record))
        assert index.asking_for(record) == expected


class Town:
    """People who subscribe, and records that arrive."""

    def __init__(self, units: Units) -> None:
        self.units = units
        self.clock = FakeClock(NOON)
        self.gather = GatherTidings(units=units, clock=self.clock)
        self.store = StoreRecords(
            units=units,
            clock=self.clock,
            knowledge=FakeKnowledgeBase(),
            wakeups=RecordingWakeups(),
            report_change=lambda _record: make_reply(),
        )

    def subscribe(
        self, address: Address = LI, rhythm: Rhythm | None = None, **asked: object
    ) -> None:
        """Subscribe to one interest."""
        interest = Interest(**asked)  # type: ignore[arg-type]  # test's shorthand
        Subscribe(units=self.units, clock=self.clock)(address, [interest], rhythm=rhythm)

    def waiting(self, address: Address = LI, at: datetime = NOON + 30 * DAY) -> list[str]:
        """What somebody is to be told by then."""
        with self.units() as unit:
            return sorted(one.record_id for one in unit.tidings.waiting(address, at))


def event(title: str, **changes: object) -> Record:
    changes = {"starts_at": NOON + 9 * DAY, "closes_at": None} | changes
    return make_event(title, external_id=title, **changes)


@pytest.fixture
def town(units: Units) -> Town:
    return Town(units)


def test_storing_waits_for_nobody_and_gathering_finds_all(town: Town) -> None:
    town.subscribe()
    town.store([event("甲"), event("乙"), make_record()])
    assert town.waiting() == []
    assert town.gather() == 3
    assert town.waiting() == ["events/乙", "events/甲"]
    assert town.gather() == 0


def test_who_subscribes_after_it_arrived_is_not_told_of_it(town: Town) -> None:
    town.store([event("甲")])
    town.clock.advance(SECOND)
    town.subscribe()
    town.gather()
    assert town.waiting() == []


def test_who_leaves_before_the_gathering_is_not_found(town: Town) -> None:
    town.subscribe()
    town.subscribe(WANG)
    town.store([event("甲")])
    town.gather()
    Unsubscribe(units=town.units, clock=town.clock)(LI)
    town.clock.advance(SECOND)
    town.store([event("乙")])
    town.gather()
    assert town.waiting() == ["events/甲"], "looked at again when it is told"
    assert town.waiting(WANG) == ["events/乙", "events/甲"]


def test_a_rhythm_changed_meanwhile_is_the_one_that_counts(town: Town) -> None:
    town.subscribe(rhythm=Rhythm(pace=Pace.WEEKLY))
    town.store([event("甲")])
    town.gather()
    town.subscribe(rhythm=Rhythm(pace=Pace.DAILY))
    town.store([event("乙")])
    town.gather()
    assert town.waiting(at=NOON + DAY) == ["events/乙"]


def test_a_record_that_changes_three_times_is_noted_once(town: Town) -> None:
    town.subscribe(rhythm=Rhythm(pace=Pace.DAILY))
    for title in ("甲", "甲一", "甲二", "甲三"):
        town.store([replace(event("甲"), title=title)])
        town.gather()
    assert town.waiting() == ["events/甲"]


def test_a_change_finds_those_who_ask_for_it_as_it_is_now(town: Town) -> None:
    town.subscribe(keyword="储能")
    town.store([event("甲")])
    town.gather()
    assert town.waiting() == []
    town.store([replace(event("甲"), keywords=("储能",))])
    town.gather()
    assert town.waiting() == ["events/甲"]


def test_what_is_not_yet_in_force_arrives_on_its_first_day(town: Town) -> None:
    town.subscribe()
    town.store([event("甲", valid_from=date(2026, 11, 23))])
    town.clock.set(datetime(2026, 11, 23, tzinfo=SHANGHAI) - SECOND)
    assert town.gather() == 0
    town.clock.advance(SECOND)
    assert town.gather() == 1
    assert town.waiting() == ["events/甲"]


def test_what_is_over_or_withdrawn_before_the_gathering_finds_nobody(town: Town) -> None:
    town.subscribe()
    town.store([event("甲", starts_at=NOON + SECOND), event("乙")])
    town.store([event("乙", withdrawn=True)])
    town.clock.advance(SECOND)
    town.gather()
    assert town.waiting() == []


@pytest.mark.parametrize("before", [1, 2, 3])
def test_who_dies_between_two_writes_loses_and_doubles_nobody(
    town: Town, before: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gathering, "WRITTEN", 2)
    people = [Address(channel="web", user=f"u{number}") for number in range(4)]
    for one in people:
        town.subscribe(one)
    town.store([event("甲")])
    dying: Callable[[], object] = DyingUnits(town.units, before)
    with pytest.raises(KeyboardInterrupt):
        GatherTidings(units=dying, clock=town.clock)()  # type: ignore[arg-type]  # a unit that dies
    assert town.gather() == 1
    assert [town.waiting(one) for one in people] == [["events/甲"]] * 4


def test_a_round_ends_when_it_has_found_enough(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gathering, "FOUND", 1)
    town.subscribe()
    town.subscribe(WANG)
    town.store([event("甲"), event("乙"), event("丙")])
    assert [town.gather() for _ in range(4)] == [1, 1, 1, 0]
    assert len(town.waiting()) == len(town.waiting(WANG)) == 3


def test_the_same_interest_on_two_channels_is_told_on_both(town: Town) -> None:
    group = Address(channel="webhook", user="default/li")
    town.subscribe()
    town.subscribe(group)
    town.store([event("甲")])
    town.gather()
    assert town.waiting() == town.waiting(group) == ["events/甲"]
