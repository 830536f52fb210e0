"""Regions are compared level by level."""

import pytest

from core.domain.matching.gates import shut
from core.domain.matching.matches import Candidate, Facet, Match
from core.domain.matching.scoring import match
from core.domain.needs import NeedDraft, Region
from core.domain.records import Library, Record
from core.services.matching.rules import standard_rules
from tests.fakes.clock import START

TODAY = START.date()
SUZHOU = Region(province="江苏省", city="苏州市", county="昆山市")
WUXI = Region(province="江苏省", city="无锡市")
JIANGSU = Region(province="江苏省")
CHAOYANG = Region(province="北京市", city="北京市", county="朝阳区")


def open_to(draft: NeedDraft, record: Record) -> bool:
    return not shut(draft, record, standard_rules(), TODAY)


def scored(draft: NeedDraft, record: Record) -> Match:
    near = Candidate(record_id=record.id, relevance=0.5, terms=("翘曲",))
    one = match(draft, record, near, standard_rules(), today=TODAY)
    assert one is not None
    return one


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
    assert open_to(draft, record) is (expected is not False)
    if expected is False:
        return
    one = scored(draft, record)
    assert (Facet.REGION in {reason.facet for reason in one.reasons}) is (expected is True)
    assert (Facet.REGION in one.missing) is (expected is None)
