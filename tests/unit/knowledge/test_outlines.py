"""Lists of headings, keys of rows, outcomes and years that the documents do not reach."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from knowledge.base import IndexedKnowledgeBase
from tests.unit.knowledge.bases import base_of

LOADED = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)

PLAN = """湖南省科学技术协会文件

湘科协发〔2025〕17号

湖南省科技小院建设三年行动计划（2025—2027年）

一、重点任务

（一）建好驻村小院。三年建成60个科技小院，覆盖主要粮油产区。

（二）选派驻院专家。每个小院选派不少于3名专家，每年驻院不少于40天。

（三）推广适用技术。组织田间课堂200场，编印技术手册。

二、保障措施

（一）加强组织领导。省科协成立小院建设专班。

（二）加大经费投入。省科协每年安排小院专项工作经费，由市县配套。

湖南省科学技术协会
2025年3月6日
"""

REPORT = """云溪平台服务产业的做法

2020年以来，云溪平台已入驻服务机构两千余家，页面访问量达3.25亿。
"""

CALLS = {
    "older.txt": """福建省科学技术协会文件

关于组织申报2025年度科普教育基地的通知

一、申报条件

展厅面积不少于300平方米。

福建省科学技术协会
2025年3月9日
""",
    "newer.txt": """福建省科学技术协会文件

关于组织申报2026年度科普教育基地的通知

一、申报条件

展厅面积不少于500平方米。

福建省科学技术协会
2026年3月9日
""",
}


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[IndexedKnowledgeBase]:
    papers = {"plan.txt": PLAN, "report.txt": REPORT, **CALLS}
    with base_of(papers, tmp_path_factory.mktemp("outlines"), LOADED) as base:
        yield base


@pytest.mark.parametrize(
    ("question", "facts"),
    [
        ("湖南科技小院计划的重点任务有哪几项", ("驻村小院", "驻院专家", "适用技术")),
        ("湖南小院计划的保障措施讲了哪两方面？", ("组织领导", "经费投入")),
        ("湖南省科协每年有小院专项工作经费吗", ("每年安排",)),
        ("福建科普教育基地2026年展厅面积不少于多少平方米", ("500",)),
        ("福建科普教育基地2025年展厅面积不少于多少平方米", ("300",)),
    ],
)
def test_the_facts_are_told(
    question: str, facts: tuple[str, ...], base: IndexedKnowledgeBase
) -> None:
    answer = base.answer(question, now=LOADED)
    assert not answer.abstained, answer.text
    assert [one for one in facts if one not in answer.text] == [], answer.text


def test_no_other_edition_is_told(base: IndexedKnowledgeBase) -> None:
    answer = base.answer("福建科普教育基地今年展厅面积要多少平方米", now=LOADED)
    assert "300" not in answer.text


@pytest.mark.parametrize(
    "question",
    [
        "云溪平台2025年的页面访问量是多少",
        "湖南小院XY07的专家有几名",
        "湖南科技小院最后评上的都有哪些单位",
    ],
)
def test_what_is_not_stated_is_not_answered(question: str, base: IndexedKnowledgeBase) -> None:
    answer = base.answer(question, now=LOADED)
    assert answer.abstained, answer.text
