"""What is reckoned upon an answer just told: days, instalments, cuts, grades, sums."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from core.domain.documents import Answer, Exchange
from knowledge.base import IndexedKnowledgeBase
from knowledge.retrieval.search import Corpus, Hit
from tests.unit.knowledge.bases import base_of

NOW = datetime(2031, 4, 20, 2, 0, tzinfo=UTC)
RULES = """青岚市社区书屋建设管理办法

第一条　对新建书屋给予建设补贴50万元，分三次拨：开工后拨付20%，主体完工拨付50%，验收后拨付30%。

第二条　书屋年度考核分为四个等次：
（一）92分及以上为优等；
（二）80分及以上、不足92分为中等；
（三）不足80分为差等。

第三条　考核优等的，给予运行奖励6万元；考核中等的，给予运行奖励2万元。

第四条　评议会于2031年5月2日举行。
"""
COURSE = """# 青岚市图书馆员研修班通知

## 一、班次

| 班次 | 地点 | 收费标准 |
|---|---|---|
| 编目班 | 城东馆 | 900元/人 |
| 修复班 | 城西馆 | 2000元/人 |

## 二、优惠

1. 来自白石、柳河两县的学员，收费减免40%。
2. 同一单位4人及以上报名的，收费按8折收取。

## 三、名额

| 单位 | 编目班（人） | 修复班（人） |
|---|---|---|
| 南湖馆 | 11 | 5 |
| 北塔馆 | 7 | 4 |
"""


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[IndexedKnowledgeBase]:
    with base_of(
        {"rules.txt": RULES, "course.md": COURSE}, tmp_path_factory.mktemp("upon"), NOW
    ) as base:
        yield base


def talked(base: IndexedKnowledgeBase, *turns: str) -> Answer:
    history: list[Exchange] = []
    answer = Answer(question="", text="")
    for said in turns:
        answer = base.answer(said, now=NOW, history=tuple(history))
        history.append(Exchange(question=said, answer=answer.text))
    return answer


@pytest.mark.parametrize(
    ("turns", "told"),
    [
        (("社区书屋建设补贴一共多少钱", "第一笔拨多少"), "10万元"),
        (("社区书屋建设补贴一共多少钱", "验收完那笔能拿多少"), "15万元"),
        (("社区书屋建设补贴一共多少钱", "尾款是多少钱"), "15万元"),
        (("社区书屋考核优等奖励多少钱", "那85分的能奖多少"), "2万元"),
        (("社区书屋评议会是哪天", "离今天还有几天"), "12天"),
        (("图书馆员修复班收费多少", "我是柳河的，要交多少钱"), "1200元"),
        (("图书馆员修复班收费多少", "我们馆去5个人，每人交多少"), "1600元"),
        (("图书馆员编目班给南湖馆几个名额", "南湖馆和北塔馆一共几个"), "18"),
    ],
)
def test_a_question_is_reckoned_upon_the_answer_before(
    base: IndexedKnowledgeBase, turns: tuple[str, ...], told: str
) -> None:
    answer = talked(base, *turns)
    assert told in answer.text
    assert not answer.abstained
    assert answer.citations


@pytest.mark.parametrize(
    "turns",
    [
        ("图书馆员修复班收费多少", "我是红岩的，要交多少钱"),
        ("图书馆员修复班收费多少", "我们馆去2个人，每人交多少"),
        ("社区书屋考核优等奖励多少钱", "第二笔拨多少"),
    ],
)
def test_nothing_is_reckoned_without_a_rule(
    base: IndexedKnowledgeBase, turns: tuple[str, ...]
) -> None:
    assert "×" not in talked(base, *turns).text


def test_earlier_questions_are_not_asked_again_on_every_turn(
    base: IndexedKnowledgeBase, monkeypatch: pytest.MonkeyPatch
) -> None:
    turns = ["图书馆员修复班收费多少", "编目班呢", "第一笔拨多少", "有什么优惠", "修复班多少钱"]
    searched: list[str] = []
    search = Corpus.search

    def counted(corpus: Corpus, query: str, *, limit: int, within: object = None) -> list[Hit]:
        searched.append(query)
        return search(corpus, query, limit=limit, within=within)  # type: ignore[arg-type]

    history = [Exchange(question=one, answer=base.answer(one, now=NOW).text) for one in turns]
    monkeypatch.setattr(Corpus, "search", counted)
    base.answer("南湖馆编目班有几个名额", now=NOW, history=history)
    first = len(searched)
    searched.clear()
    base.answer("南湖馆编目班有几个名额", now=NOW, history=history)
    again = len(searched)
    searched.clear()
    base.answer("南湖馆编目班有几个名额", now=NOW)
    assert again <= 2 * len(searched) < first
