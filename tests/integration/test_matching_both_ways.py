"""A need finds records and a new record finds needs; their people are told once, and kindly."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from channels.parts import told
from core.domain.matching.pairings import PairingState, moved
from core.domain.needs import Deadline, Need, NeedDraft, NeedStatus
from core.domain.records import Conditions, Record
from core.domain.subscriptions import QuietHours
from core.ports.unit_of_work import Units
from core.services.broadcasts.people import RefuseBroadcasts
from core.services.matching.finding import FindMatches
from core.services.matching.needs import MatchNeed
from core.services.matching.records import MatchRecord
from core.services.needs import SubmitNeed
from core.services.own_needs.offers import DeclineMatches
from core.services.own_needs.telling import FindOwners, QueuePairings
from core.services.pushes.gathering import GatherTidings
from core.services.records import StoreRecords
from knowledge.base import IndexedKnowledgeBase
from scheduler.words import ask_how, report_change, report_found
from tests.factories import LI, WANG, make_draft, make_record
from tests.fakes.clock import FakeClock
from tests.fakes.wakeups import RecordingWakeups

DAY = timedelta(days=1)


class House:
    """The real parts together, on SQLite and an index on disk."""

    def __init__(self, units: Units, home: Path) -> None:
        self.units = units
        self.clock = clock = FakeClock()
        self.knowledge = IndexedKnowledgeBase(units, home, clock)
        wakeups = RecordingWakeups()
        self.match_need = MatchNeed(units=units, clock=clock, knowledge=self.knowledge)
        self.find = FindMatches(units=units, match_need=self.match_need)
        self.submit_need = SubmitNeed(units=units, clock=clock, match_need=self.match_need)
        self.match_record = MatchRecord(units=units, clock=clock, knowledge=self.knowledge)
        owners = FindOwners(units=units, match_record=self.match_record, find=self.find)
        self.gather = GatherTidings(units=units, clock=clock, also=owners)
        self.queue = QueuePairings(
            units=units,
            clock=clock,
            wakeups=wakeups,
            report_found=report_found,
            ask_how=ask_how,
        )
        self.store_records = StoreRecords(
            units=units,
            clock=clock,
            knowledge=self.knowledge,
            wakeups=wakeups,
            report_change=report_change,
        )

    def submit(self, key: str = "web:1", address: object = LI, **changes: object) -> Need:
        """Hand in a need."""
        who = WANG if address is WANG else LI
        return self.submit_need(make_draft(**changes), address=who, key=key).need

    def store(self, *records: Record) -> None:
        """Bring records in."""
        self.store_records(records)

    def tick(self) -> None:
        """Everything that the heartbeat has to do by now."""
        while self.gather() or self.queue():
            pass

    def told(self, address: object = LI) -> list[str]:
        """What waits to be said to a person."""
        with self.units() as unit:
            queued = unit.outbox.queued(WANG if address is WANG else LI)
        return [told(one.message.reply) for one in queued]


@pytest.fixture
def house(sqlite_units: Units, tmp_path: Path) -> Iterator[House]:
    built = House(sqlite_units, tmp_path)
    yield built
    built.knowledge.close()


def test_a_need_finds_the_record_and_the_record_the_need(house: House) -> None:
    expert, other = make_record(), make_record("茶园病虫害专家", summary="茶树", keywords=("茶",))
    house.store(expert, other)
    need = house.submit()
    house.submit("web:2", WANG, problem="茶园有虫", industry=None)
    (found,) = [one for one in house.match_need(need.draft) if one.record_id == expert.id]
    back = house.match_record(expert)
    assert [one.need.id for one in back] == [need.id]
    assert back[0].match.record_id == found.record_id
    assert {one.facet for one in back[0].match.reasons} & {one.facet for one in found.reasons}


def test_what_changed_of_needs_is_found_at_once_and_what_ended_is_not(house: House) -> None:
    expert = make_record()
    house.store(expert)
    assert house.match_record(expert) == ()
    need = house.submit(problem="茶园有虫", industry=None)
    assert house.match_record(expert) == ()
    with house.units() as unit:
        late = replace(need, draft=make_draft())
        unit.needs.save(late)
        unit.commit()
    assert [one.need.id for one in house.match_record(expert)] == [need.id]
    for status in (NeedStatus.WITHDRAWN, NeedStatus.IN_TALKS):
        with house.units() as unit:
            unit.needs.save(replace(late, status=status))
            unit.commit()
        assert house.match_record(expert) == ()


@pytest.mark.parametrize(
    "changes",
    [
        {"withdrawn": True},
        {"valid_until": date(2026, 1, 1)},
        {"region": "四川省"},
        {"conditions": Conditions(consent=False)},
        {"conditions": Conditions(budget_min=600_000)},
    ],
)
def test_a_gate_is_shut_from_both_sides(house: House, changes: dict[str, Any]) -> None:
    expert = make_record(**changes)
    house.store(expert)
    need = house.submit()
    assert house.match_record(expert) == ()
    assert house.match_need(need.draft) == ()


def test_a_need_past_its_time_is_not_offered_to_a_new_record(house: House) -> None:
    expert = make_record()
    house.store(expert)
    house.submit(deadline=Deadline(on=date(2026, 3, 1)))
    assert house.match_record(expert) == ()


def test_needs_are_found_by_no_search_for_records(house: House) -> None:
    house.store(make_record())
    house.submit(problem="绝密配方泄漏的注塑翘曲")
    assert [one.need.id for one in house.match_record(make_record())]
    found = house.knowledge.recall("绝密配方泄漏的注塑翘曲", limit=50)
    assert all(one.record_id.startswith("experts/") for one in found)
    answer = house.knowledge.answer("绝密配方泄漏的注塑翘曲是什么？", now=house.clock.now())
    assert answer.abstained


def test_who_has_a_need_is_told_once_of_a_new_record_that_suits_it(house: House) -> None:
    need = house.submit()
    house.submit("web:2", WANG, problem="茶园有虫", industry=None)
    house.clock.advance(2 * DAY)
    house.store(make_record())
    house.tick()
    (told,) = house.told()
    assert need.number in told
    assert "模具变形控制专家" in told
    assert house.told(WANG) == []
    house.store(make_record("又一位注塑专家"))
    house.clock.advance(DAY)
    house.tick()
    assert len(house.told()) == 2
    assert "又一位" in house.told()[1]
    house.tick()
    assert len(house.told()) == 2


def test_several_of_one_day_are_told_in_one_message_a_day_later(house: House) -> None:
    house.submit()
    house.store(make_record("专家一"), make_record("专家二"))
    house.tick()
    assert house.told() == []  # matches were shown today
    house.clock.advance(DAY)
    house.tick()
    (told,) = house.told()
    assert "专家一" in told
    assert "专家二" in told


def test_in_quiet_hours_nobody_is_told_and_afterwards_once(house: House) -> None:
    house.submit()
    house.clock.advance(2 * DAY)
    quiet = QuietHours(starts=time(0), ends=time(23))
    with house.units() as unit:
        unit.subscriptions.keep_quiet(LI, quiet)
        unit.commit()
    house.store(make_record())
    house.tick()
    assert house.told() == []
    until = quiet.until(house.clock.now())
    assert until is not None
    house.clock.set(until)
    house.tick()
    assert len(house.told()) == 1


def test_a_need_that_ended_or_a_record_that_is_gone_is_not_told_of(house: House) -> None:
    need, expert = house.submit(), make_record()
    house.store(expert)
    house.gather()
    house.store(replace(expert, withdrawn=True))
    house.clock.advance(2 * DAY)
    house.tick()
    assert house.told() == []
    with house.units() as unit:
        (pairing,) = unit.pairings.of(need.id)
    assert (pairing.state, pairing.due_at) == (PairingState.ENDED, None)


def test_a_declined_record_comes_back_from_neither_side(house: House) -> None:
    expert = make_record()
    house.store(expert)
    need = house.submit()
    decline = DeclineMatches(units=house.units, clock=house.clock)
    decline(need.id, [expert.id], address=LI, reason="不对口")
    assert house.find(need, limit=3) == ()
    assert house.match_record(expert) == ()


def test_after_signing_a_person_is_asked_three_times_how_it_goes(house: House) -> None:
    expert = make_record()
    house.store(expert)
    need = house.submit()
    with house.units() as unit:
        (pairing,) = unit.pairings.of(need.id)
        at = house.clock.now()
        unit.pairings.put(moved(pairing, PairingState.SIGNED, by="王主任", at=at))
        unit.commit()
    for days in range(0, 120, 10):
        house.clock.set(at + timedelta(days=days))
        house.tick()
    told = house.told()
    assert len(told) == 3
    assert all(f"“{expert.title}”签约已有" in one for one in told)


def test_an_empty_draft_matches_nothing_and_breaks_nothing(house: House) -> None:
    house.store(make_record())
    assert house.match_need(NeedDraft()) == ()
    assert house.match_need(NeedDraft(problem="？！")) == ()
    assert house.match_need(NeedDraft(problem="\ud800" * 3)) == ()


def test_who_refuses_what_comes_unasked_is_told_of_nothing_more(house: House) -> None:
    house.submit()
    house.clock.advance(2 * DAY)
    house.store(make_record())
    house.tick()
    (told_once,) = house.told()
    assert "退订" in told_once
    refuse = RefuseBroadcasts(units=house.units, clock=house.clock)
    refuse(LI, refuses=True)
    assert house.told() == []
    house.clock.advance(2 * DAY)
    house.store(make_record("模具设计专家"))
    house.tick()
    assert house.told() == []
