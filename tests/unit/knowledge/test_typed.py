"""The short answer in front of the evidence, and whom to ask when there is no answer."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from keqiao.example.load import render_documents
from knowledge.base import IndexedKnowledgeBase
from tests.unit.knowledge.bases import base_over
from tests.unit.knowledge.samples import PLAN

LOADED = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
EVIDENCE = "根据《"


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[IndexedKnowledgeBase]:
    home = tmp_path_factory.mktemp("typed")
    plan = home / "plan.txt"
    plan.write_text(PLAN, encoding="utf-8")
    with base_over([*render_documents(home / "documents", LOADED), plan], home, LOADED) as base:
        yield base


@pytest.mark.parametrize(
    ("question", "short"),
    [
        ("宋知夏的电话", "宋知夏，0320-5550202。"),
        ("云溪改造平台名额上限多少", "名额：上限6个。"),
        ("申报截止是哪天", "2026年11月16日至2026年12月16日。"),
        ("云溪的汇聚资源由哪个部门牵头", "牵头单位：企业服务部；配合单位：学会部、各市科协。"),
    ],
)
def test_the_short_answer_stands_before_its_evidence(
    question: str, short: str, base: IndexedKnowledgeBase
) -> None:
    first, evidence = base.answer(question, now=LOADED).text.split("\n", maxsplit=1)
    assert first == short
    assert evidence.startswith(EVIDENCE)


@pytest.mark.parametrize(
    "question",
    [
        "申报需要提交哪些材料？",
        "联系电话是多少？",
    ],
    ids=["a list", "people of two documents"],
)
def test_what_is_not_certain_has_its_evidence_alone(
    question: str, base: IndexedKnowledgeBase
) -> None:
    assert base.answer(question, now=LOADED).text.startswith(EVIDENCE)


def test_an_abstention_names_whom_to_ask(base: IndexedKnowledgeBase) -> None:
    answer = base.answer("揭榜挂帅项目管理办法的评审组去年实际评审了多少个项目", now=LOADED)
    assert answer.abstained
    assert ("联系人询问" in answer.text) is bool(answer.citations)


def test_an_abstention_without_anything_near_names_nobody(base: IndexedKnowledgeBase) -> None:
    answer = base.answer("红烧肉怎么做", now=LOADED)
    assert answer.abstained
    assert "联系人询问" not in answer.text
