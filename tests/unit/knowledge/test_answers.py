"""Answers over the bundled example: lists in full, limits, contacts, windows, silence."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from core.domain.documents import Answer
from keqiao.example.load import render_documents
from knowledge.base import IndexedKnowledgeBase
from tests.unit.knowledge.bases import base_over

LOADED = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[IndexedKnowledgeBase]:
    home = tmp_path_factory.mktemp("example")
    with base_over(render_documents(home / "documents", LOADED), home, LOADED) as base:
        yield base


def ask(base: IndexedKnowledgeBase, question: str, now: datetime = LOADED) -> Answer:
    answer = base.answer(question, now=now)
    assert not answer.abstained, answer.text
    return answer


@pytest.mark.parametrize(
    ("question", "items"),
    [
        ("申报需要提交哪些材料？", ("自筹资金承诺书", "合作意向书", "身份证明")),
        ("支持哪些方向？", ("精密模具", "动力电池", "农产品", "机器视觉", "绿色环保")),
        ("发榜方需要什么条件", ("成立满1年", "30万元", "50%", "失信被执行人")),
        ("揭榜方要满足什么条件", ("省级以上学会", "60周岁", "关联关系")),
        ("哪些情况不能申报", ("财政资金", "逾期未验收", "虚假材料")),
        ("申报资金最高能给多少？", ("80万元", "40万元", "15万元")),
        ("谁可以申报？", ("企业", "高校", "学会")),
        ("验收要交什么材料", ("验收报告", "经费决算", "使用意见")),
    ],
)
def test_a_list_is_told_in_full(
    question: str, items: tuple[str, ...], base: IndexedKnowledgeBase
) -> None:
    text = ask(base, question).text
    assert [item for item in items if item not in text] == []


@pytest.mark.parametrize(
    ("question", "fact"),
    [
        ("联系电话是多少？", "0320-5550126"),
        ("临湖市科协联系人是谁", "宋知夏"),
        ("系统打不开找谁", "何嘉言"),
        ("个体户能申报吗", "不得作为发榜方"),
        ("2027年要服务多少家企业", "2027年：1000"),
        ("技术路演每个项目展示多长时间", "10分钟"),
        ("申报流程是什么", "评审立项"),
        ("第十三条说的是什么", "公示期为5个工作日"),
    ],
)
def test_the_fact_is_told(question: str, fact: str, base: IndexedKnowledgeBase) -> None:
    assert fact in ask(base, question).text


def test_the_materials_are_not_what_false_materials_lead_to(base: IndexedKnowledgeBase) -> None:
    assert "虚假" not in ask(base, "申报需要提交哪些材料？").text


def test_no_answer_ends_in_what_only_leads_in(base: IndexedKnowledgeBase) -> None:
    for question in ("支持哪些方向？", "资助标准是什么", "申报条件是什么", "申报材料"):
        text = ask(base, question).text
        assert text.endswith("。")
        assert "：。" not in text


def test_a_closed_call_is_said_to_be_closed(base: IndexedKnowledgeBase) -> None:
    assert ask(base, "截止到什么时候？").notes == ()
    later = ask(base, "截止到什么时候？", now=LOADED + timedelta(days=60))
    assert "2026年12月16日" in later.notes[0]


@pytest.mark.parametrize(
    "question",
    ["专家的加班费多少钱", "顾明川是什么学历", "一支服务团最多多少人", "公示的网址是什么"],
)
def test_what_is_not_stated_is_not_answered(question: str, base: IndexedKnowledgeBase) -> None:
    assert base.answer(question, now=LOADED).abstained
