"""Laws of scoring, whatever the need and the record."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.matches import Candidate, Facet, Match, match, serves
from core.domain.needs import Industry, NeedDraft, Region
from core.domain.records import Library, Record

LABELS = ("新材料产业", "生物产业", "新能源产业")
MODES = ("技术咨询", "委托开发", "联合研发")
PLACES = ("江苏省", "四川省")

some = st.lists(st.sampled_from(LABELS), max_size=2, unique=True).map(tuple)
ways = st.lists(st.sampled_from(MODES), max_size=2, unique=True).map(tuple)
places = st.none() | st.sampled_from(PLACES)

drafts = st.builds(
    lambda labels, modes, place: NeedDraft(
        problem="翘曲",
        industry=Industry(labels=labels) if labels else None,
        region=Region(province=place) if place else None,
        modes=modes,
    ),
    some,
    ways,
    places,
)
records = st.builds(
    lambda labels, modes, place: Record(
        library=Library.EXPERTS,
        external_id="x",
        title="专家",
        industries=labels,
        modes=modes,
        region=place,
    ),
    some,
    ways,
    places,
)
relevances = st.floats(min_value=0, max_value=1)


def candidate(record: Record, relevance: float) -> Candidate:
    return Candidate(record_id=record.id, relevance=relevance, terms=("翘曲",))


def scored(draft: NeedDraft, record: Record, relevance: float) -> Match:
    found = match(draft, record, candidate(record, relevance))
    assert found is not None
    return found


@given(drafts, records, relevances)
def test_a_score_lies_between_nothing_and_all(
    draft: NeedDraft, record: Record, relevance: float
) -> None:
    found = match(draft, record, candidate(record, relevance))
    assert (found is not None) == serves(record, draft)
    assert found is None or 0 <= found.score <= 1


@given(drafts, records, relevances, st.tuples(st.sampled_from(LABELS), st.sampled_from(MODES)))
def test_agreeing_on_one_thing_more_never_lowers_the_score(
    draft: NeedDraft, record: Record, relevance: float, more: tuple[str, str]
) -> None:
    label, mode = more
    if not serves(record, draft):
        return
    before = scored(draft, record, relevance)
    labels = (*(draft.industry.labels if draft.industry else ()), label)
    industry = scored(
        replace(draft, industry=Industry(labels=labels)),
        replace(record, industries=(*record.industries, label)),
        relevance,
    )
    way = scored(
        replace(draft, modes=(*draft.modes, mode)),
        replace(record, modes=(*record.modes, mode)),
        relevance,
    )
    assert industry.score >= before.score
    assert way.score >= before.score


@given(drafts, records, relevances, relevances)
def test_nearer_text_never_lowers_the_score(
    draft: NeedDraft, record: Record, one: float, other: float
) -> None:
    if serves(record, draft):
        low, high = sorted((one, other))
        assert scored(draft, record, low).score <= scored(draft, record, high).score


@given(drafts, records)
def test_a_facet_is_never_both_a_reason_and_missing(draft: NeedDraft, record: Record) -> None:
    if serves(record, draft):
        found = scored(draft, record, 0.5)
        assert not {reason.facet for reason in found.reasons} & set(found.missing)


@given(drafts, records)
def test_without_anything_in_common_there_is_no_match(draft: NeedDraft, record: Record) -> None:
    stranger = Candidate(record_id=record.id, relevance=0.9)
    bare = replace(draft, industry=None, region=None, modes=())
    assert match(bare, record, stranger) is None


SUZHOU = Region(province="江苏省", city="苏州市", county="昆山市")
WUXI = Region(province="江苏省", city="无锡市")
JIANGSU = Region(province="江苏省")
CHAOYANG = Region(province="北京市", city="北京市", county="朝阳区")


@pytest.mark.parametrize(
    ("scope", "region", "expected"),
    [
        ("苏州市", JIANGSU, None),
        ("苏州市", SUZHOU, True),
        ("苏州", SUZHOU, True),
        ("昆山市", SUZHOU, True),
        ("苏州市", WUXI, False),
        ("江苏省南京市", WUXI, False),
        ("江苏南京", WUXI, False),
        ("江苏无锡", WUXI, True),
        ("江苏", WUXI, True),
        ("江苏省", Region(province="四川省", city="成都市"), False),
        ("四川、江苏", WUXI, True),
        ("四川/浙江", WUXI, False),
        ("江苏省苏州市", JIANGSU, True),
        ("青澜省", Region(province="青澜省", city="云川市"), True),
        ("北京", CHAOYANG, True),
        ("北京市海淀区", CHAOYANG, False),
        ("重庆市", CHAOYANG, False),
        ("广西", Region(province="广西壮族自治区", city="南宁市"), True),
        ("内蒙古自治区锡林郭勒盟", Region(province="内蒙古自治区", city="锡林郭勒盟"), True),
        ("吉林市", Region(province="吉林省", city="长春市"), False),
        ("湖北恩施", Region(province="湖北省", city="恩施土家族苗族自治州"), True),
        ("江苏省", Region(raw="华东"), None),
    ],
)
def test_regions_are_compared_level_by_level(
    scope: str, region: Region, *, expected: bool | None
) -> None:
    record = Record(library=Library.EXPERTS, external_id="x", title="专家", region=scope)
    draft = NeedDraft(problem="翘曲", region=region)
    assert serves(record, draft) is (expected is not False)
    if expected is False:
        assert match(draft, record, candidate(record, 0.5)) is None
        return
    found = scored(draft, record, 0.5)
    assert (Facet.REGION in {reason.facet for reason in found.reasons}) is (expected is True)
    assert (Facet.REGION in found.missing) is (expected is None)
