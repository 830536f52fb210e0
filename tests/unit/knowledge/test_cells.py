"""Cells of tables by row and column, and editions set side by side, over made-up documents."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from knowledge.base import IndexedKnowledgeBase
from tests.unit.knowledge.bases import base_of

NOW = datetime(2026, 6, 1, 2, 0, tzinfo=UTC)

GUIDE = """江西省科学技术协会关于申报{year}年度江西省天文营地的通知

各设区市科协：

现将有关事项通知如下。

一、营地指标

| 指标 | 山地型 | 湖畔型 |
|---|---|---|
| 观星台面积 | {hill} | 不少于60平方米 |
| 讲解员人数 | 不少于3人 | {guides} |

二、管理

营地命名有效期{term}年。

江西省科学技术协会
{year}年3月2日
"""

LIST = """关于发布灯塔企业难题的公告

一、难题

| 编号 | 难题 | 榜额（万元） | 周期 |
|---|---|---|---|
| DT07 | 潮汐闸门防腐 | 160 | 14个月 |
| DT08 | 海缆接头检漏 | 95 | 9个月 |

二、奖励

| 等次 | 初创企业组（数量/奖金） | 成长企业组（数量/奖金） |
|---|---|---|
| 金奖 | 1个/7万元 | 2个/9万元 |
| 银奖 | 3个/4万元 | 3个/5万元 |
"""


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[IndexedKnowledgeBase]:
    older = GUIDE.format(year=2025, hill="不少于80平方米", guides="不少于1人", term=3)
    newer = GUIDE.format(year=2026, hill="不少于80平方米", guides="不少于2人", term=4)
    texts = {"older.txt": older, "newer.txt": newer, "list.md": LIST}
    with base_of(texts, tmp_path_factory.mktemp("cells"), NOW) as base:
        yield base


@pytest.mark.parametrize(
    ("question", "short"),
    [
        ("DT07的榜额是多少", "榜额：160万元。"),
        ("海缆接头检漏周期多久", "周期：9个月。"),
        ("灯塔难题金奖成长组奖金多少", "成长企业组：9万元。"),
    ],
    ids=["unit of the header", "kind of its own", "part of a cell, a name cut short"],
)
def test_the_asked_cell_is_told_first(
    question: str, short: str, base: IndexedKnowledgeBase
) -> None:
    assert base.answer(question, now=NOW).text.split("\n")[0] == short


def test_a_code_that_stands_nowhere_has_no_cell(base: IndexedKnowledgeBase) -> None:
    assert not base.answer("DT99的榜额是多少", now=NOW).text.startswith("榜额")


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("江西天文营地的有效期，去年和今年两版比一比", ("3年", "4年")),
        ("江西天文营地山地型的观星台面积，2026年比2025年有变化吗", ("两边相同", "80平方米")),
        ("江西天文营地湖畔型讲解员人数，2025年和2026年差几人", ("1人", "2人")),
    ],
)
def test_editions_stand_side_by_side(
    question: str, told: tuple[str, ...], base: IndexedKnowledgeBase
) -> None:
    answer = base.answer(question, now=NOW)
    assert all(one in answer.text for one in told), answer.text
    assert {one.source for one in answer.citations} == {"older.txt", "newer.txt"}


def test_a_matter_behind_two_things_is_asked_of_both(base: IndexedKnowledgeBase) -> None:
    answer = base.answer("灯塔难题金奖初创组和成长组奖金对比一下", now=NOW)
    assert "7万元" in answer.text
    assert "9万元" in answer.text
