"""Needs are stored once; matches are current, ranked and explained."""

from datetime import UTC, date, datetime, timedelta
from itertools import permutations

import pytest

from core.domain.matching.matches import Facet
from core.domain.needs import Industry, NeedDraft, Region
from core.domain.records import Record
from core.ports.unit_of_work import Units
from core.services.matching.needs import MatchNeed, query_of
from core.services.matching.rules import standard_rules
from core.services.needs import SubmitNeed
from tests.factories import LI, make_candidate, make_draft, make_event, make_record
from tests.fakes.clock import FakeClock
from tests.fakes.knowledge_base import FakeKnowledgeBase


class Desk:
    """Where needs are handed in, with a library of records."""

    def __init__(self, units: Units) -> None:
        self.units = units
        self.clock = FakeClock()
        self.knowledge = FakeKnowledgeBase(candidates=[])
        self.match = MatchNeed(units=units, clock=self.clock, knowledge=self.knowledge)
        self.submit = SubmitNeed(units=units, clock=self.clock, match_need=self.match)

    def store(self, record: Record, relevance: float = 0.5) -> Record:
        """Store a record that recall then finds."""
        with self.units() as unit:
            stored = unit.records.put(record)
            unit.commit()
        assert self.knowledge.candidates is not None
        self.knowledge.candidates.append(make_candidate(record, relevance))
        return stored

    def matched(self, draft: NeedDraft | None = None) -> list[str]:
        """Titles of what matches, best first."""
        return [found.title for found in self.match(draft or make_draft())]


@pytest.fixture
def desk(sqlite_units: Units) -> Desk:
    return Desk(sqlite_units)


def test_a_need_is_stored_and_matched_at_once(desk: Desk) -> None:
    expert = desk.store(make_record())
    submitted = desk.submit(make_draft(), address=LI, key="web:li:m-1")
    assert submitted.new
    assert submitted.need.number == f"KQ-2026-{submitted.need.id:06d}"
    assert [found.record_id for found in submitted.matches] == [expert.id]


def test_a_needs_number_has_the_year_of_shanghai(desk: Desk) -> None:
    desk.clock.set(datetime(2026, 12, 31, 17, tzinfo=UTC))  # 01:00 of New Year's Day
    submitted = desk.submit(make_draft(), address=LI, key="web:li:m-1")
    assert submitted.need.number.startswith("KQ-2027-")


def test_submitting_twice_finds_the_first_need_and_its_matches(desk: Desk) -> None:
    desk.store(make_record())
    first = desk.submit(make_draft(), address=LI, key="web:li:m-1")
    again = desk.submit(make_draft(problem="改了"), address=LI, key="web:li:m-1")
    assert not again.new
    assert (again.need, again.matches) == (first.need, first.matches)
    with desk.units() as unit:
        assert unit.needs.newest(10) == [first.need]


def test_withdrawn_expired_and_unborn_records_never_appear(desk: Desk) -> None:
    today = date(2026, 3, 2)
    day = timedelta(days=1)
    desk.store(make_record("撤回", withdrawn=True))
    desk.store(make_record("过期", valid_until=today - day))
    desk.store(make_record("未到", valid_from=today + day))
    desk.store(make_event("已开始", starts_at=desk.clock.now()))
    desk.store(make_record("今天为止", valid_until=today))
    desk.knowledge.candidates = [
        *(desk.knowledge.candidates or []),
        make_candidate(make_record("索引里有，库里没有")),
    ]
    assert desk.matched() == ["今天为止"]


def test_a_record_for_another_province_never_appears(desk: Desk) -> None:
    desk.store(make_record("四川专家", region="四川省"))
    desk.store(make_record("江苏专家", region="江苏"))
    desk.store(make_record("全国专家", region=None))
    assert desk.matched() == ["江苏专家", "全国专家"]


def test_a_need_without_a_region_is_served_by_all(desk: Desk) -> None:
    desk.store(make_record("四川专家", region="四川省"))
    assert desk.matched(make_draft(region=None)) == ["四川专家"]
    assert desk.matched(make_draft(region=Region(raw="老地方"))) == ["四川专家"]


def test_equal_scores_are_ordered_by_id_and_only_the_best_are_told(desk: Desk) -> None:
    for number in (3, 1, 2, 5, 4, 6):
        desk.store(make_record(f"专家{number}", external_id=str(number)))
    desk.store(make_record("最近的", external_id="9"), relevance=0.9)
    assert desk.matched() == ["最近的", "专家1", "专家2", "专家3", "专家4"]


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_the_order_of_candidates_does_not_matter(desk: Desk, order: tuple[int, ...]) -> None:
    relevances = (0.2, 0.2, 0.8, 0.5)
    for number in order:
        desk.store(make_record(f"专家{number}", external_id=str(number)), relevances[number])
    assert desk.matched() == ["专家2", "专家3", "专家0", "专家1"]


def test_reasons_and_gaps_name_what_they_stand_on(desk: Desk) -> None:
    desk.store(make_record(modes=()))
    (found,) = desk.match(make_draft())
    reasons = {reason.facet: reason.evidence for reason in found.reasons}
    assert reasons == {
        Facet.TEXT: "注塑",
        Facet.SPECIALITY: "注塑、翘曲",
        Facet.INDUSTRY: "新材料产业",
        Facet.REGION: "江苏省",
    }
    assert found.missing == (
        Facet.MODE,
        Facet.BUDGET,
        Facet.DEADLINE,
        Facet.STAGE,
        Facet.CONSENT,
    )
    (text,) = [reason for reason in found.reasons if reason.facet is Facet.TEXT]
    assert (text.need, text.record) == ("注塑产品翘曲变形", "注塑")
    assert found.weights == standard_rules().weights.version


def test_recall_searches_with_the_problem_or_else_with_the_trade() -> None:
    assert query_of(make_draft()) == "注塑产品翘曲变形 注塑"
    assert query_of(NeedDraft(industry=Industry(labels=("新材料",)))) == "新材料"
    assert query_of(NeedDraft()) == ""


@pytest.mark.parametrize(
    "draft",
    [
        NeedDraft(),
        NeedDraft(problem=""),
        NeedDraft(region=Region(province="江苏省"), modes=("技术咨询",)),
    ],
)
def test_an_empty_need_matches_nothing(desk: Desk, draft: NeedDraft) -> None:
    desk.store(make_record())
    assert desk.match(draft) == ()
