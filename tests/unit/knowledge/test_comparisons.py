"""Comparisons over made-up documents: each side from its own document, then what follows."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from core.domain.documents import Answer
from knowledge.base import IndexedKnowledgeBase
from tests.unit.knowledge.bases import base_of

NOW = datetime(2024, 6, 1, 2, 0, tzinfo=UTC)

PLAN = """云台市科协关于印发《云台市惠农科技三年行动计划（2023-2025年）》的通知

各区县科协：

现将《云台市惠农科技三年行动计划（2023-2025年）》印发你们，请遵照执行。

云台市科协

2023年3月6日

云台市惠农科技三年行动计划（2023-2025年）

一、工作目标

到2025年，全市建设40个惠农驿站，培育60名田间导师。

二、重点任务

1.组建专家小分队。组建30支惠农专家小分队，深入乡镇开展服务。

2.办好交流活动。每年举办6场田间课堂，举办2场丰收论坛。
"""

POINTS = """关于印发《2024年惠农科技工作要点》的通知

各区县科协：

现将《2024年惠农科技工作要点》印发给你们。

云台市科协

2024年1月15日

2024年惠农科技工作要点

一、建好惠农驿站。全年新选址改造，使惠农驿站达到55个。

二、做强专家小分队。争取惠农专家小分队总数达45支以上。
"""

REPORT = """惠农科技现场推进会召开

去年以来，云台市科协联合高校院所，已组建18支惠农专家小分队，首批12个惠农驿站挂牌运行。
田间导师走村入户，受到群众欢迎。
"""


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[IndexedKnowledgeBase]:
    with base_of(
        {"plan.txt": PLAN, "points.txt": POINTS, "report.txt": REPORT},
        tmp_path_factory.mktemp("comparing"),
        NOW,
    ) as base:
        yield base


def ask(base: IndexedKnowledgeBase, question: str) -> Answer:
    answer = base.answer(question, now=NOW)
    assert not answer.abstained, answer.text
    return answer


@pytest.mark.parametrize(
    ("question", "told"),
    [
        (
            "惠农驿站的数量，三年计划里的目标和2024年工作要点里写的一致吗？",
            ("两边不同", "40个", "55个"),
        ),
        ("惠农驿站：三年计划想建几个，2024年要点里又是几个，差多少", ("40个", "55个", "15个")),
        ("田间课堂和丰收论坛，每年各办几场？哪个多", ("6场", "2场", "田间课堂多4场")),
        ("专家小分队的数量：报道里已经组建的和2024年要达到的，各是多少？", ("18支", "45支")),
        (
            "三年行动计划和2024年工作要点，哪份文件先出？",
            ("2023年3月6日", "2024年1月15日", "在先"),
        ),
    ],
)
def test_sides_are_told_and_compared(
    question: str, told: tuple[str, ...], base: IndexedKnowledgeBase
) -> None:
    text = ask(base, question).text
    assert [one for one in told if one not in text] == [], text


def test_every_side_quotes_its_own_document(base: IndexedKnowledgeBase) -> None:
    answer = ask(base, "惠农驿站的数量，三年计划里的和2024年工作要点里的一样吗？")
    assert {one.source for one in answer.citations} == {"plan.txt", "points.txt"}


def test_what_is_not_stated_of_one_side_is_said_of_that_side_only(
    base: IndexedKnowledgeBase,
) -> None:
    text = ask(base, "田间课堂和冬季论坛，各办几场").text
    assert "6场" in text
    assert "冬季论坛：现有文件" in text


def test_nothing_is_compared_of_which_nothing_is_stated(base: IndexedKnowledgeBase) -> None:
    assert base.answer("田间导师和丰收论坛的预算，分别是多少", now=NOW).abstained
