"""How something is done is told by its steps; one of two rows is not told as their sum."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from core.domain.documents import Answer, Exchange
from knowledge.base import IndexedKnowledgeBase
from tests.unit.knowledge.bases import base_of

NOW = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)

GUIDE = """# 浙江省科学技术协会文件

## 2026年浙江省科普工坊申报指南

一、申报条件

申报单位须注册满2年。

二、申报程序

（一）网上填报。申报单位于2026年6月1日至6月30日登录“浙里科普”平台填写申报书。
（二）材料寄送。纸质材料一式2份寄送至省科协科普部。

三、已建工坊

| 地区 | 工坊数量（个） | 接待（人次） |
|---|---|---|
| 温岭 | 14 | 3200 |
| 瑞安 | 9 | 2100 |
| 义乌 | 11 | 2500 |
"""


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[IndexedKnowledgeBase]:
    with base_of({"guide.md": GUIDE}, tmp_path_factory.mktemp("steps"), NOW) as base:
        yield base


def talked(base: IndexedKnowledgeBase, *turns: str) -> Answer:
    history: list[Exchange] = []
    answer = Answer(question="", text="")
    for said in turns:
        answer = base.answer(said, now=NOW, history=tuple(history))
        history.append(Exchange(question=said, answer=answer.text))
    return answer


@pytest.mark.parametrize(
    "turns",
    [
        ("浙江科普工坊怎么申报",),
        ("浙江科普工坊什么时候截止申报", "它怎么弄"),
    ],
    ids=["asked", "asked after the closing day"],
)
def test_how_to_apply_is_told_by_all_its_steps(
    turns: tuple[str, ...], base: IndexedKnowledgeBase
) -> None:
    told = talked(base, *turns).text
    assert "浙里科普" in told
    assert "一式2份" in told


@pytest.mark.parametrize("last", ["加起来呢", "这两个市加起来有多少", "两地一共多少"])
def test_one_of_two_rows_is_never_told_as_their_sum(last: str, base: IndexedKnowledgeBase) -> None:
    told = talked(base, "温岭有几个工坊", "瑞安呢", last)
    assert told.abstained or "23" in told.text.splitlines()[0], told.text
