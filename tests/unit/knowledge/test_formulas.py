"""Formulas of rules carried out step by step, over rules of another domain."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from knowledge.base import IndexedKnowledgeBase
from tests.unit.knowledge.bases import base_of
from tests.unit.knowledge.formula_samples import COURSE, PRIZE

MONDAY = datetime(2026, 4, 20, 2, 0, tzinfo=UTC)
TUESDAY = datetime(2026, 4, 21, 2, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[IndexedKnowledgeBase]:
    with base_of(
        {"prize.md": PRIZE, "course.md": COURSE}, tmp_path_factory.mktemp("formulas"), MONDAY
    ) as base:
        yield base


@pytest.mark.parametrize(
    ("question", "facts"),
    [
        ("阅读推广人评选，笔试75、试讲90，总评多少分", ("84分", "75 × 40% + 90 × 60% = 84")),
        ("笔试70分、试讲80分，能授予推广人称号吗", ("不可以", "76分", "不到80分")),
        ("推广人考评打了78分，算哪一等，津贴多少", ("银牌", "2万元")),
        ("有30个人参加推广人考评，最多几个人能评金牌", ("6人", "30 × 20% = 6")),
        ("新建书屋，开工后那一期拨多少钱", ("7万元", "10万元 × 70%")),
        ("县里给新建书屋的建屋补贴承担多少钱", ("4万元",)),
        ("松岭县建书屋，建屋补贴县里承担多少钱", ("2万元", "20%")),
        ("柏川的书屋，建屋补贴市里那份是多少万", ("8万元", "80%")),
        ("村民合作社建书屋，自有资金最少要安排多少万", ("至少5万元",)),
        ("示范书屋支持周期拿满一共多少钱", ("20万元", "4年")),
        ("两个特色书屋三年一共支持多少钱", ("12万元",)),
        ("TS11这个选题，市图书馆奖补多少", ("10万元", "40万元 × 25%")),
        ("古籍残页那个选题，市图书馆奖补多少万", ("30万元", "上限")),
        ("离盲文有声读物那个选题截止还剩几天", ("30天", "2026年5月20日")),
        ("一个单位5个人上朗诵研修提高班，一共交多少研修费", ("3600元", "8折")),
        ("我是松岭的，上朗诵研修入门班要交多少研修费", ("300元", "减免40%")),
        ("今天去借阅大厅，开门吗", ("不能办", "星期一")),
    ],
)
def test_a_formula_is_carried_out_with_its_rule(
    question: str, facts: tuple[str, ...], base: IndexedKnowledgeBase
) -> None:
    answer = base.answer(question, now=MONDAY)
    assert [fact for fact in facts if fact not in answer.text] == [], answer.text
    assert answer.citations


def test_a_place_is_open_on_its_weekdays(base: IndexedKnowledgeBase) -> None:
    assert "可以：" in base.answer("今天去借阅大厅，开门吗", now=TUESDAY).text


@pytest.mark.parametrize(
    ("question", "never"),
    [
        ("阅读推广人评选，笔试75，总评多少分", "= "),
        ("TS99这个选题，市图书馆奖补多少", "万元 ×"),
        ("博士后书屋基金，县里承担多少钱", "万元 ×"),
        ("示范书屋六年一共支持多少钱", "= 30万元"),
    ],
)
def test_a_step_that_is_not_bound_is_not_worked_out(
    question: str, never: str, base: IndexedKnowledgeBase
) -> None:
    assert never not in base.answer(question, now=MONDAY).text
