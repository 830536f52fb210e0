"""Running prose: a sentence is told with what follows it, and quoted verbatim."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from knowledge.base import IndexedKnowledgeBase
from tests.unit.knowledge.bases import base_of

NOW = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
TEXT = (
    "云溪市图书馆推出夜间开放服务。云溪市图书馆夜间开放服务有三项便民举措。"
    "读者可以凭身份证直接进馆。馆内提供免费热水。周边公交延长到二十二时。"
)


FAQ = """# 云溪市科协服务指南

【一、窗口】

问：服务窗口在哪里？什么时候上班？
答：窗口设在云溪市清水路19号一楼大厅。工作日上午9:00至12:00办理。

问：窗口电话是多少？
答：综合咨询0999-8001001。投诉电话0999-8001009，由陈立同志负责。

【二、项目】

问：小项目资助怎么分档？
答：分两档：一类不超过5万元，二类不超过3万元。每家单位每年限报1项。
"""


@pytest.fixture
def knowledge(tmp_path: Path) -> Iterator[IndexedKnowledgeBase]:
    with base_of({"library.txt": TEXT, "faq.md": FAQ}, tmp_path, NOW) as base:
        yield base


def test_prose_is_told_with_what_follows(knowledge: IndexedKnowledgeBase) -> None:
    answer = knowledge.answer("云溪市图书馆夜间开放服务有哪些便民举措？", now=NOW)
    assert not answer.abstained
    assert "免费热水" in answer.text
    assert [one.quote for one in answer.citations if TEXT[one.start : one.end] != one.quote] == []


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("云溪市科协的服务窗口在哪条路上？", ("清水路19号", "9:00至12:00")),
        ("窗口投诉电话是多少", ("0999-8001009",)),
        ("小项目资助分几档，各多少钱？", ("5万元", "3万元", "限报1项")),
    ],
)
def test_a_list_of_questions_gives_whole_answers_and_never_a_question(
    knowledge: IndexedKnowledgeBase, question: str, told: tuple[str, ...]
) -> None:
    answer = knowledge.answer(question, now=NOW)
    assert [one for one in told if one not in answer.text] == []
    assert [one.quote for one in answer.citations if one.quote.startswith("问")] == []
    assert [one.quote for one in answer.citations if FAQ[one.start : one.end] != one.quote] == []
