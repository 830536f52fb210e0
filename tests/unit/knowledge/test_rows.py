"""Rows of one table asked about one after another, over a made-up document."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from core.domain.documents import Answer, Exchange
from knowledge.base import IndexedKnowledgeBase
from tests.unit.knowledge.bases import base_of

NOW = datetime(2026, 6, 1, 2, 0, tzinfo=UTC)

RULES = """滨海市科协潮汐观测站资助办法

第一条 为支持潮汐观测站建设，制定本办法。

第二条 潮汐观测站分为骨干站、重点站、一般站三类，资助标准如下：

| 类别 | 建设总投资 | 资助比例 | 最高资助额 | 建设期限 |
|---|---|---|---|---|
| 骨干站 | 300万元以上 | 不超过总投资的40% | 90万元 | 不超过30个月 |
| 重点站 | 100万元以上、不足300万元 | 不超过总投资的35% | 50万元 | 不超过20个月 |
| 一般站 | 30万元以上、不足100万元 | 不超过总投资的20% | 12万元 | 不超过10个月 |

第三条 本办法由滨海市科协负责解释。
"""


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[IndexedKnowledgeBase]:
    with base_of({"rules.md": RULES}, tmp_path_factory.mktemp("rows"), NOW) as base:
        yield base


def second_of(base: IndexedKnowledgeBase, first: str, second: str) -> Answer:
    before = Exchange(question=first, answer=base.answer(first, now=NOW).text)
    return base.answer(second, now=NOW, history=(before,))


def test_a_question_whole_in_itself_is_not_asked_of_the_row_before(
    base: IndexedKnowledgeBase,
) -> None:
    answer = second_of(base, "重点站最高资助多少？", "一般站最高资助多少钱")
    assert "12万元" in answer.text
    assert "50万元" not in answer.text


def test_headers_are_no_answer_beside_their_rows(base: IndexedKnowledgeBase) -> None:
    answer = second_of(base, "潮汐观测站最高资助多少？", "那一般站呢")
    assert "12万元" in answer.text
    assert "类别、" not in answer.text
    assert not any("最高资助额" in one.quote for one in answer.citations)
