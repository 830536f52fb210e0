"""Laws of scoring, whatever the need and the record."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.matching.gates import shut
from core.domain.matching.matches import Candidate, Facet, Match, Reason
from core.domain.matching.scoring import Lesson, match
from core.domain.needs import Budget, Deadline, Industry, NeedDraft, Region
from core.domain.records import Conditions, Library, Record
from core.services.matching.rules import standard_rules

RULES = standard_rules()
TODAY = date(2026, 3, 2)
LABELS = ("新材料", "生物产业", "新能源汽车", "锂电池", "纺织")
MODES = ("技术咨询", "委托开发", "检验检测", "科技金融", "公证鉴证")
PLACES = ("江苏省", "四川省")
WORDS = ("注塑", "翘曲", "模流分析", "锂电池")

some = st.lists(st.sampled_from(LABELS), max_size=2, unique=True).map(tuple)
ways = st.lists(st.sampled_from(MODES), max_size=2, unique=True).map(tuple)
places = st.none() | st.sampled_from(PLACES)
sums = st.none() | st.integers(min_value=1, max_value=100).map(lambda tens: tens * 10_000)
budgets = st.none() | st.tuples(sums, sums).map(
    lambda ends: Budget(
        min=Decimal(min(one for one in ends if one)) if any(ends) else None,
        max=Decimal(ends[1]) if ends[1] else None,
        raw="预算",
    )
)
deadlines = st.none() | st.integers(min_value=-9, max_value=200).map(
    lambda days: Deadline(on=TODAY + timedelta(days=days), raw=f"{days}天")
)


@st.composite
def drafts_of(draw: st.DrawFn) -> NeedDraft:
    labels, place = draw(some), draw(places)
    return NeedDraft(
        problem="注塑件翘曲，良率低",
        industry=Industry(labels=labels) if labels else None,
        region=Region(province=place, raw=place) if place else None,
        modes=draw(ways),
        budget=draw(budgets),
        deadline=draw(deadlines),
    )


@st.composite
def records_of(draw: st.DrawFn) -> Record:
    least, most = sorted((draw(sums) or 0, draw(sums) or 0))
    return Record(
        library=Library.EXPERTS,
        external_id="x",
        title="专家",
        summary="研究模流分析，解决翘曲变形",
        keywords=draw(st.lists(st.sampled_from(WORDS), max_size=3, unique=True).map(tuple)),
        industries=draw(some),
        modes=draw(ways),
        region=draw(places),
        conditions=Conditions(
            consent=draw(st.none() | st.booleans()),
            budget_min=least or None,
            budget_max=most or None,
            accepts=draw(some),
            trl=draw(st.none() | st.integers(1, 9)),
            lead_days=draw(st.none() | st.integers(0, 300)),
        ),
    )


drafts, records = drafts_of(), records_of()
shares = st.floats(min_value=0, max_value=1)


def candidate(record: Record, relevance: float, related: float = 0.0) -> Candidate:
    return Candidate(record_id=record.id, relevance=relevance, terms=("翘曲",), related=related)


def found(
    draft: NeedDraft, record: Record, relevance: float = 0.5, *lessons: Lesson
) -> Match | None:
    return match(draft, record, candidate(record, relevance), RULES, today=TODAY, lessons=lessons)


def scored(draft: NeedDraft, record: Record, relevance: float = 0.5) -> Match:
    one = found(draft, record, relevance)
    assert one is not None
    return one


def open_to(draft: NeedDraft, record: Record) -> bool:
    return not shut(draft, record, RULES, TODAY)


@given(drafts, records, shares)
def test_a_gate_never_yields_and_a_score_lies_between_nothing_and_all(
    draft: NeedDraft, record: Record, relevance: float
) -> None:
    one = found(draft, record, relevance)
    assert (one is not None) == open_to(draft, record)
    assert one is None or 0 <= one.score <= 1


@given(drafts, records, st.sampled_from(["consent", "region", "budget", "deadline"]))
def test_what_shuts_a_gate_shuts_it_however_well_all_else_agrees(
    draft: NeedDraft, record: Record, gate: str
) -> None:
    conditions = record.conditions
    if gate == "consent":
        record = replace(record, conditions=replace(conditions, consent=False))
    elif gate == "region":
        draft = replace(draft, region=Region(province="江苏省"))
        record = replace(record, region="四川省")
    elif gate == "budget":
        draft = replace(draft, budget=Budget(max=Decimal(50_000)))
        record = replace(record, conditions=replace(conditions, budget_min=50_001))
    else:
        draft = replace(draft, deadline=Deadline(on=TODAY + timedelta(days=9)))
        record = replace(record, conditions=replace(conditions, lead_days=10))
    assert found(draft, record, 1.0) is None


@given(drafts, records, shares, st.tuples(st.sampled_from(LABELS), st.sampled_from(MODES)))
def test_agreeing_on_one_thing_more_never_lowers_the_score(
    draft: NeedDraft, record: Record, relevance: float, shared: tuple[str, str]
) -> None:
    if not open_to(draft, record):
        return
    before = scored(draft, record, relevance).score
    for more, other in _with_one_more(draft, record, *shared):
        if open_to(more, other):
            assert scored(more, other, relevance).score >= before


def _with_one_more(
    draft: NeedDraft, record: Record, label: str, mode: str
) -> Iterator[tuple[NeedDraft, Record]]:
    labels = (*(draft.industry.labels if draft.industry else ()), label)
    terms = record.conditions
    accepts = (*terms.accepts, label) if terms.accepts else ()
    yield (
        replace(draft, industry=Industry(labels=labels)),
        replace(
            record,
            industries=(*record.industries, label),
            conditions=replace(terms, accepts=accepts),
        ),
    )
    yield (
        replace(draft, modes=(*draft.modes, mode)),
        replace(record, modes=(*record.modes, mode)),
    )
    yield (
        replace(draft, region=Region(province="江苏省", raw="江苏")),
        replace(record, region="江苏省"),
    )
    yield draft, replace(record, keywords=(*record.keywords, "翘曲"))
    if draft.budget and draft.budget.max:
        yield (
            draft,
            replace(
                record,
                conditions=replace(terms, budget_min=None, budget_max=int(draft.budget.max)),
            ),
        )


@given(drafts, records, shares, shares)
def test_nearer_text_never_lowers_the_score(
    draft: NeedDraft, record: Record, one: float, other: float
) -> None:
    if open_to(draft, record):
        low, high = sorted((one, other))
        assert scored(draft, record, low).score <= scored(draft, record, high).score


@given(drafts, records)
def test_a_facet_is_never_both_a_reason_and_missing(draft: NeedDraft, record: Record) -> None:
    if open_to(draft, record):
        one = scored(draft, record)
        assert not {reason.facet for reason in one.reasons} & set(one.missing)


def texts(thing: object) -> str:
    """Everything a need or a record says, as one text."""
    return repr(thing)


@given(drafts, records)
def test_every_reason_is_backed_by_a_field_word_for_word(draft: NeedDraft, record: Record) -> None:
    one = found(draft, record)
    for reason in one.reasons if one else ():
        assert reason.evidence
        assert reason.record, reason
        for quoted, said in ((reason.need, texts(draft)), (reason.record, texts(record))):
            assert all(part in said for part in _parts(reason, quoted)), reason


def _parts(reason: Reason, quoted: str) -> list[str]:
    listed = {Facet.INDUSTRY, Facet.MODE, Facet.SPECIALITY, Facet.STAGE}
    if reason.facet is Facet.BUDGET:
        return quoted.split("-")
    return quoted.split("、") if reason.facet in listed else [quoted]


@given(drafts, records)
def test_without_anything_in_common_there_is_no_match(draft: NeedDraft, record: Record) -> None:
    stranger = Candidate(record_id=record.id, relevance=0.9)
    bare = replace(draft, industry=None)
    record = replace(record, keywords=())
    assert match(bare, record, stranger, RULES, today=TODAY) is None


@given(drafts, records)
def test_what_a_person_taught_lowers_a_match_and_is_said(draft: NeedDraft, record: Record) -> None:
    record = replace(record, region="江苏省")
    draft = replace(draft, region=Region(province="江苏省"))
    if not open_to(draft, record):
        return
    lesson = Lesson(facet=Facet.REGION, words=("江苏省",), because="太远的专家")
    before, after = scored(draft, record), found(draft, record, 0.5, lesson)
    assert after is not None
    assert after.score < before.score
    told = [one.evidence for one in after.against if one.told]
    assert told == ["太远的专家"]
    elsewhere = replace(lesson, words=("北京市",))
    assert found(draft, record, 0.5, elsewhere) == before


@pytest.mark.parametrize(
    ("wanted", "own", "score"),
    [
        ("新能源汽车", "新能源汽车产业", "same"),
        ("新能源汽车", "锂电池", "kin"),
        ("新能源", "锂电池", "kin"),
        ("锂电池", "新能源汽车", "kin"),
        ("装备制造", "高端装备制造产业", "same"),
        ("光伏", "太阳能", "same"),
        ("动力电池", "锂电池", "none"),
        ("新能源", "新能源汽车", "none"),
        ("没听说过的行业", "没听说过的行业", "same"),
    ],
)
def test_a_trade_counts_in_full_its_kin_in_part_and_others_not(
    wanted: str, own: str, score: str
) -> None:
    draft = NeedDraft(problem="翘曲", industry=Industry(labels=(wanted,)))
    record = Record(library=Library.EXPERTS, external_id="x", title="专家", industries=(own,))
    one = scored(draft, record)
    against = [objection.facet for objection in one.against]
    reasons = [reason for reason in one.reasons if reason.facet is Facet.INDUSTRY]
    assert (against == [Facet.INDUSTRY]) is (score == "none")
    assert bool(reasons) is (score != "none")
    if score == "kin":
        same = scored(draft, replace(record, industries=(wanted,)))
        none = scored(draft, replace(record, industries=("纺织",)))
        assert none.score < one.score < same.score
        assert reasons[0].evidence == f"{wanted} / {own}"


@pytest.mark.parametrize(
    ("wanted", "given", "passes"),
    [
        (("技术咨询",), ("联合研发",), True),
        (("检验检测",), ("委托开发",), True),
        (("科技金融",), ("委托开发",), False),
        (("委托开发",), ("公证鉴证",), False),
        (("科技金融",), ("知识产权质押",), True),
        (("科技金融", "委托开发"), ("检验检测",), True),
        ((), ("公证鉴证",), True),
    ],
)
def test_ways_of_working_shut_out_only_what_helps_nobody(
    wanted: tuple[str, ...], given: tuple[str, ...], *, passes: bool
) -> None:
    draft = NeedDraft(problem="翘曲", modes=wanted)
    record = Record(library=Library.EXPERTS, external_id="x", title="专家", modes=given)
    assert open_to(draft, record) is passes


def test_a_sum_said_to_be_about_may_be_a_little_off_and_another_currency_is_unknown() -> None:
    record = Record(
        library=Library.EXPERTS,
        external_id="x",
        title="专家",
        conditions=Conditions(budget_min=90_000),
    )
    exact = NeedDraft(problem="翘曲", budget=Budget(min=Decimal(80_000), max=Decimal(80_000)))
    assert exact.budget is not None
    about = replace(exact, budget=replace(exact.budget, approx=True))
    foreign = replace(exact, budget=replace(exact.budget, currency="USD"))
    assert [open_to(one, record) for one in (exact, about, foreign)] == [False, True, True]
    assert Facet.BUDGET in scored(foreign, record).missing


def test_a_time_that_has_run_out_is_said_and_shuts_nobody_out() -> None:
    draft = NeedDraft(problem="翘曲", deadline=Deadline(on=TODAY - timedelta(days=1)))
    record = Record(
        library=Library.EXPERTS,
        external_id="x",
        title="专家",
        conditions=Conditions(lead_days=30),
    )
    one = scored(draft, record)
    assert [objection.facet for objection in one.against] == [Facet.DEADLINE]
    assert Facet.DEADLINE in one.missing


def test_words_of_one_meaning_are_found_once_and_in_order() -> None:
    found = RULES.same_meaning("极片生锈")
    assert found[:4] == ["电极", "锈蚀", "腐蚀", "防腐"]
    assert len(found) == len(set(found))
    assert RULES.same_meaning("") == []


def test_what_people_say_brings_what_records_write_and_not_the_other_way_round() -> None:
    assert "故障诊断" in RULES.same_meaning("减速机出厂靠耳朵听异响")
    assert "耳朵听" not in RULES.same_meaning("轴承故障诊断")
    assert "网络安全" not in RULES.same_meaning("对虾白斑病毒")
