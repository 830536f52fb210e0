"""Claims put to documents of another domain: yes, no, or the evidence alone."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from knowledge.base import IndexedKnowledgeBase
from tests.unit.knowledge.bases import base_of

NOW = datetime(2026, 4, 20, 2, 0, tzinfo=UTC)

PLAN = """苍溪市图书馆事业发展行动计划（2025-2027年）

一、组织领导

市文化局成立图书馆发展领导小组，周明远局长亲自担任组长。

二、工作目标

2025年，实现乡镇图书室“应建尽建”。

遴选20家左右示范图书室给予5年及以上稳定支持。

新建30个社区图书角、12个校园图书角。

实现市属高校阅读推广组织全覆盖。

作为全国首批阅读示范城市，东湖区将办好年度读书节。
"""


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[IndexedKnowledgeBase]:
    with base_of({"plan.txt": PLAN}, tmp_path_factory.mktemp("premise"), NOW) as base:
        yield base


@pytest.mark.parametrize(
    ("claim", "verdict", "fact"),
    [
        ("周明远在图书馆发展领导小组里当副组长，是不是", "不是", "“组长”"),
        ("乡镇图书室到2027年才“应建尽建”，对吗", "不是", "2025年"),
        ("示范图书室只给3年支持吗", "不是", "5年及以上"),
        ("要新建20个校园图书角，对吧", "不是", "12个"),
        ("要新建12个校园图书角，对吧", "是。", "12个"),
        ("听说东湖区是头一批阅读示范城市，没记错吧", "是。", "首批"),
        ("市属高校阅读推广组织是不是全都要建起来", "是。", "全覆盖"),
    ],
)
def test_a_claim_is_compared_with_what_is_stated(
    claim: str, verdict: str, fact: str, base: IndexedKnowledgeBase
) -> None:
    answer = base.answer(claim, now=NOW)
    assert not answer.abstained, answer.text
    assert answer.text.startswith(verdict), answer.text
    assert fact in answer.text


@pytest.mark.parametrize(
    "claim",
    [
        "周明远是图书馆馆长，对吧",
        "示范图书室都给5年支持，是这样吗",
        "读书节2027年才办，对吗",
    ],
)
def test_what_one_sentence_does_not_decide_has_no_verdict(
    claim: str, base: IndexedKnowledgeBase
) -> None:
    assert not base.answer(claim, now=NOW).text.startswith(("是。", "不是"))
