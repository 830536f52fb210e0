"""Needs move along legal ways only; their people see theirs alone, and are told once."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import product

import pytest

from actions import wording
from core.domain.conversations import Address
from core.domain.errors import NotFoundError
from core.domain.matching.matches import Facet
from core.domain.matching.pairings import PairingState
from core.domain.moves import MOVES, SYSTEM, IllegalMoveError, has_ended
from core.domain.needs import Budget, Contact, Deadline, Need, NeedDraft, NeedStatus, Region
from core.domain.records import Conditions, Library, Record
from core.ports.unit_of_work import Units
from core.services.matching.finding import FindMatches
from core.services.matching.needs import MatchNeed
from core.services.matching.rules import standard_rules
from core.services.needs import SubmitNeed
from core.services.own_needs.looking import ListNeeds, TraceNeed
from core.services.own_needs.moving import TAKEN_BACK, MoveNeed, WithdrawNeed
from core.services.own_needs.offers import (
    WANTED,
    AcceptMatch,
    DeclineMatches,
    OfferMatches,
)
from core.services.own_needs.supplements import Supplemented, SupplementNeed, supplemented
from scheduler.words import report_move
from tests.factories import LI, WANG, make_candidate, make_draft, make_record
from tests.fakes.clock import FakeClock
from tests.fakes.knowledge_base import FakeKnowledgeBase
from tests.fakes.wakeups import RecordingWakeups

ENDS = (NeedStatus.LANDED, NeedStatus.CLOSED, NeedStatus.WITHDRAWN)


class Desk:
    """Needs with everything that happens to them, on a real database."""

    def __init__(self, units: Units) -> None:
        self.units = units
        self.clock = clock = FakeClock()
        self.knowledge = FakeKnowledgeBase(candidates=[])
        matching = MatchNeed(units=units, clock=clock, knowledge=self.knowledge)
        self.submit_need = SubmitNeed(units=units, clock=clock, match_need=matching)
        self.wakeups = RecordingWakeups()
        self.move = MoveNeed(units=units, clock=clock, wakeups=self.wakeups, report=report_move)
        self.withdraw_need = WithdrawNeed(units=units, clock=clock)
        self.find = FindMatches(units=units, match_need=matching)
        self.offer = OfferMatches(units=units, clock=clock, find=self.find)
        self.accept_match = AcceptMatch(units=units, clock=clock)
        self.decline = DeclineMatches(units=units, clock=clock)
        self.supplement_need = SupplementNeed(units=units, clock=clock, offer=self.offer)
        self.trace = TraceNeed(units=units)

    def store(self, record: Record, relevance: float = 0.5) -> Record:
        """Store a record that recall then finds."""
        with self.units() as unit:
            stored = unit.records.put(record)
            unit.commit()
        assert self.knowledge.candidates is not None
        self.knowledge.candidates.append(make_candidate(record, relevance))
        return stored

    def submit(self, key: str = "web:m-1", address: Address = LI, **changes: object) -> Need:
        """Hand in a need."""
        return self.submit_need(make_draft(**changes), address=address, key=key).need

    def withdraw(self, need: Need, address: Address = LI) -> Need:
        """Take it back."""
        return self.withdraw_need(need.id, address=address, note="撤回", request="已撤回")

    def accept(self, need: Need, record: Record, address: Address = LI) -> Need:
        """Want a match of it."""
        return self.accept_match(need.id, record.id, address=address, request="想对接")

    def add(
        self, need: Need, said: NeedDraft, key: str = "web:m-9", address: Address = LI
    ) -> Supplemented:
        """Add to it, or correct it."""
        return self.supplement_need(need.id, said, address=address, key=key, text="补充")

    def now(self, need: Need) -> Need:
        """As it stands."""
        with self.units() as unit:
            return unit.needs.get(need.id)

    def told(self, address: Address = LI) -> list[str]:
        """What waits to be said to a person."""
        with self.units() as unit:
            return [delivery.message.reply.text for delivery in unit.outbox.queued(address)]

    def waiting(self) -> list[tuple[str, str]]:
        """Why and what waits for operators."""
        with self.units() as unit:
            return [(one.reason, one.question) for one in unit.questions.open()]


@pytest.fixture
def desk(sqlite_units: Units) -> Desk:
    return Desk(sqlite_units)


def test_a_need_ends_landed_closed_or_withdrawn_and_nowhere_else() -> None:
    assert {status for status in NeedStatus if not MOVES[status]} == set(ENDS)
    for status in NeedStatus:
        seen, waiting = set[NeedStatus](), [status]
        while waiting:
            after = MOVES[waiting.pop()]
            assert status not in after  # nothing comes back
            waiting += after - seen
            seen |= after


@pytest.mark.parametrize(("before", "to"), list(product(NeedStatus, NeedStatus)))
def test_only_legal_moves_are_made(desk: Desk, before: NeedStatus, to: NeedStatus) -> None:
    need = replace(desk.submit(), status=before)
    with desk.units() as unit:
        unit.needs.save(need)
        unit.commit()
    if to in MOVES[before] or to is before:
        assert desk.move(need.id, to, by="王主任").status is to
    else:
        with pytest.raises(IllegalMoveError, match=f"{before} and cannot become {to}"):
            desk.move(need.id, to, by="王主任")
        assert desk.now(need) == need
        assert desk.told() == []


def test_a_move_is_logged_and_its_person_told_in_plain_words_once(desk: Desk) -> None:
    need = desk.submit()
    desk.clock.advance(timedelta(days=1))
    for _ in range(2):
        desk.move(need.id, NeedStatus.PUBLISHED, by="王主任", note="材料齐全")
    (event,) = desk.trace(need)
    assert (event.by, event.before, event.after, event.note, event.at) == (
        "王主任",
        NeedStatus.SUBMITTED,
        NeedStatus.PUBLISHED,
        "材料齐全",
        desk.clock.now(),
    )
    (told,) = desk.told()
    assert need.number in told
    assert "已审核并公开" in told
    assert "说明：材料齐全" in told
    assert "published" not in told


@pytest.mark.parametrize("to", [NeedStatus.IN_TALKS, NeedStatus.CLOSED])
def test_a_note_that_is_not_there_leaves_no_empty_line(desk: Desk, to: NeedStatus) -> None:
    desk.move(desk.submit().id, to, by="王主任")
    (told,) = desk.told()
    assert "说明" not in told


def test_the_whole_life_of_a_need_stands_in_its_log(desk: Desk) -> None:
    expert, need = desk.store(make_record()), desk.submit()
    desk.move(need.id, NeedStatus.PUBLISHED, by="王主任")
    assert [one.record_id for one in desk.offer(desk.now(need))] == [expert.id]
    desk.accept(need, expert)
    desk.move(need.id, NeedStatus.LANDED, by="王主任")
    assert [(event.after, event.by) for event in desk.trace(need)] == [
        (NeedStatus.PUBLISHED, "王主任"),
        (NeedStatus.MATCHED, SYSTEM),
        (NeedStatus.IN_TALKS, str(LI)),
        (NeedStatus.LANDED, "王主任"),
    ]
    assert has_ended(desk.now(need))


def test_looking_at_matches_does_not_move_a_need(desk: Desk) -> None:
    desk.store(make_record())
    need = desk.submit()
    desk.move(need.id, NeedStatus.PUBLISHED, by="王主任")
    assert desk.find(desk.now(need), limit=3)
    assert desk.now(need).status is NeedStatus.PUBLISHED


def test_nobody_touches_or_sees_anothers_need(desk: Desk) -> None:
    expert, need = desk.store(make_record()), desk.submit()
    with pytest.raises(NotFoundError):
        desk.withdraw(need, WANG)
    with pytest.raises(NotFoundError):
        desk.accept(need, expert, WANG)
    with pytest.raises(NotFoundError):
        desk.decline(need.id, [expert.id], address=WANG)
    with pytest.raises(NotFoundError):
        desk.add(need, NeedDraft(problem="别人的话"), address=WANG)
    assert ListNeeds(units=desk.units)(WANG) == []
    assert ListNeeds(units=desk.units)(LI) == [need]
    assert desk.trace(need) == []
    assert desk.waiting() == []


def test_a_withdrawn_need_stays_so_and_is_matched_no_more(desk: Desk) -> None:
    expert, need = desk.store(make_record()), desk.submit()
    for _ in range(2):
        assert desk.withdraw(need).status is NeedStatus.WITHDRAWN
    assert len(desk.trace(need)) == 1
    assert desk.offer(desk.now(need)) == ()
    assert desk.waiting() == []
    with pytest.raises(IllegalMoveError):
        desk.accept(need, expert)
    with pytest.raises(IllegalMoveError):
        desk.decline(need.id, [expert.id], address=LI)
    with pytest.raises(IllegalMoveError):
        desk.add(need, NeedDraft(problem="又漏油"))


def test_a_need_withdrawn_in_talks_is_told_to_operators(desk: Desk) -> None:
    expert, need = desk.store(make_record()), desk.submit()
    desk.accept(need, expert)
    for _ in range(2):
        desk.withdraw(need)
    assert desk.waiting() == [(WANTED, "想对接"), (TAKEN_BACK, "已撤回")]


@pytest.mark.parametrize("end", [NeedStatus.LANDED, NeedStatus.CLOSED])
def test_what_has_ended_cannot_be_withdrawn(desk: Desk, end: NeedStatus) -> None:
    need = desk.submit()
    desk.move(need.id, NeedStatus.IN_TALKS, by="王主任")
    desk.move(need.id, end, by="王主任")
    with pytest.raises(IllegalMoveError):
        desk.withdraw(need)


def test_a_match_is_accepted_once_and_queued_with_its_request(desk: Desk) -> None:
    first, second, need = desk.store(make_record()), desk.store(make_record()), desk.submit()
    for record in (first, first, second):
        assert desk.accept(need, record).status is NeedStatus.IN_TALKS
    assert desk.waiting() == [(WANTED, "想对接")] * 2
    assert [event.note for event in desk.trace(need)] == [first.title]
    with desk.units() as unit:
        states = [one.state for one in unit.pairings.of(need.id)]
    assert states == [PairingState.ACCEPTED] * 2


def test_a_record_that_is_gone_cannot_be_accepted(desk: Desk) -> None:
    expert, need = desk.store(make_record()), desk.submit()
    with desk.units() as unit:
        unit.records.put(replace(expert, withdrawn=True))
        unit.commit()
    with pytest.raises(NotFoundError):
        desk.accept(need, expert)
    assert desk.now(need).status is NeedStatus.SUBMITTED


def test_what_was_declined_for_what_it_is_comes_back_for_no_need_of_that_person(
    desk: Desk,
) -> None:
    far, near = desk.store(make_record(), 0.9), desk.store(make_record(), 0.4)
    need, other = desk.submit(), desk.submit("web:m-2")
    desk.decline(need.id, [far.id], address=LI)
    desk.decline(need.id, [far.id], address=LI, reason="  太远 ")
    desk.decline(need.id, [far.id], address=LI)
    assert [one.record_id for one in desk.find(need, limit=3)] == [near.id]
    assert [one.record_id for one in desk.find(other, limit=3)] == [near.id]
    with desk.units() as unit:
        (pairing,) = unit.pairings.declined_by(LI)
    assert (pairing.record_id, pairing.reason) == (far.id, "太远")


def test_a_supplement_is_written_once_and_what_was_is_kept(desk: Desk) -> None:
    need = desk.submit()
    said = NeedDraft(problem="要求耐温600度", budget=Budget(min=Decimal(800000), raw="80万"))
    desk.add(need, said)
    again = desk.add(need, said)
    after = desk.now(need)
    assert after.draft.problem == "注塑产品翘曲变形；要求耐温600度"
    assert after.draft.budget == said.budget
    assert again.need == after
    assert again.changed == ("problem", "budget")
    (event,) = desk.trace(need)
    assert event.replaced == need.draft
    assert event.note == "补充"


def test_a_supplement_that_says_nothing_new_changes_nothing(desk: Desk) -> None:
    need = desk.submit()
    assert desk.add(need, NeedDraft(problem="翘曲变形", modes=("技术咨询",))).changed == ()
    assert desk.trace(need) == []


def test_matches_are_given_when_a_supplement_brings_others(desk: Desk) -> None:
    desk.store(make_record(region="江苏省"))
    need = desk.submit()
    unchanged = desk.add(need, NeedDraft(deadline=Deadline(on=date(2026, 8, 1))))
    assert unchanged.matches == ()
    other = desk.store(make_record(region="四川省"))
    elsewhere = NeedDraft(region=Region(province="四川省", city="成都市"))
    moved = desk.add(need, elsewhere, key="web:m-10")
    assert [one.record_id for one in moved.matches] == [other.id]


def test_parts_of_a_contact_are_kept() -> None:
    known = make_draft()
    after = supplemented(known, NeedDraft(contact=Contact(wechat="li-gong")))
    assert after.contact == Contact(name="李工", phone="13800000000", wechat="li-gong")
    assert supplemented(NeedDraft(), known) == known


@pytest.mark.parametrize("reason", ["不对口", "我们已经解决了"])
def test_what_does_not_suit_one_need_may_suit_another(desk: Desk, reason: str) -> None:
    expert, need, other = desk.store(make_record()), desk.submit(), desk.submit("web:m-2")
    desk.decline(need.id, [expert.id], address=LI, reason=reason)
    assert desk.find(need, limit=3) == ()
    assert [one.record_id for one in desk.find(other, limit=3)] == [expert.id]
    theirs = desk.submit("web:m-3", WANG)
    assert [one.record_id for one in desk.find(theirs, limit=3)] == [expert.id]


def test_a_reason_lowers_what_it_was_about_and_the_next_match_says_so(desk: Desk) -> None:
    dear = Conditions(budget_min=300_000)
    first = desk.store(make_record("贵的专家", conditions=dear), 0.9)
    like = desk.store(make_record("一样贵的专家", conditions=dear), 0.6)
    cheap = desk.store(make_record("便宜的专家", conditions=Conditions(budget_min=1_000)), 0.6)
    need = desk.submit()
    before = {one.record_id: one for one in desk.find(need, limit=3)}
    assert before[like.id].score == before[cheap.id].score
    desk.decline(need.id, [first.id], address=LI, reason="太贵了")
    after = {one.record_id: one for one in desk.find(need, limit=3)}
    assert list(after) == [cheap.id, like.id]
    assert after[cheap.id] == before[cheap.id]
    assert [(one.facet, one.evidence) for one in after[like.id].against] == [
        (Facet.BUDGET, "贵的专家")
    ]
    told = wording.matches([after[like.id]], need.draft)
    assert "与您嫌贵的「贵的专家」收费相当" in told


def test_an_expert_is_shown_to_so_many_a_week_and_equals_take_turns(desk: Desk) -> None:
    most = standard_rules().exposure[Library.EXPERTS]
    one, other = desk.store(make_record()), desk.store(make_record())
    shown = [desk.submit(f"web:m-{n}").offered for n in range(3)]
    assert shown == [(one.id, other.id)] * 3
    for number in range(most):
        address = replace(LI, user=f"u{number}")
        desk.submit(f"web:o-{number}", address)
    late = replace(LI, user="late")
    assert desk.submit("web:late", late).offered == ()
    desk.clock.advance(timedelta(days=8))
    assert len(desk.submit("web:later", late).offered) == 2
    only = desk.store(make_record())
    assert desk.submit("web:turn", late).offered[0] == only.id
