"""Worked-out answers over a call of another domain: the rule quoted, the calculation shown."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from core.domain.documents import Answer, Exchange
from knowledge.answers.working.reading.limits import shares
from knowledge.answers.working.reading.numbers import Bound, plain, quantities
from knowledge.base import IndexedKnowledgeBase
from tests.unit.knowledge.bases import base_of
from tests.unit.knowledge.worked_samples import CALL, SCORES, WRONG_TOTAL

NOW = datetime(2026, 4, 20, 2, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[IndexedKnowledgeBase]:
    with base_of(
        {"call.txt": CALL, "forest.txt": WRONG_TOTAL, "scores.txt": SCORES},
        tmp_path_factory.mktemp("worked"),
        NOW,
    ) as base:
        yield base


def told(base: IndexedKnowledgeBase, *turns: str, now: datetime = NOW) -> Answer:
    history: list[Exchange] = []
    answer = base.answer(turns[0], now=now)
    for turn in turns[1:]:
        history.append(Exchange(question=turns[len(history)], answer=answer.text))
        answer = base.answer(turn, now=now, history=history)
    return answer


@pytest.mark.parametrize(
    ("question", "facts"),
    [
        ("我们20个讲解员，大专以上的至少要几个", ("7人", "20 × 35% = 7")),
        ("讲解员队伍有15人，大专以上学历的最少几个", ("6人", "5.25", "向上取整")),
        ("讲解员队伍12人，其中大专以上4人，行吗", ("不符合", "33.33%", "还差1人")),
        ("老师，我们拉了15个讲解员，那大专以上的起码得几位", ("6人", "5.25")),
        (
            "讲解员一共14个，里头大专以上的4个，高中的9个，还有一个博士，这个占比够线吗",
            ("不符合", "4 ÷ 14", "还差1人"),
        ),
        ("大专以上的就7个，讲解员队伍顶多能拉到多少人", ("20人", "7 ÷ 35% = 20")),
        ("讲解员20个人，不是大专以上的最多几个", ("13人", "20 − 7 = 13")),
        ("合作社20户，脱贫户最多能有几户", ("6户", "20 × 30% = 6")),
        ("合作社有脱贫户6户，全社至少要有多少户", ("20户", "6 ÷ 30% = 20")),
        ("合作社评审自己打出来74，评下来是几档？理事长老说是优秀", ("合格", "75")),
        ("合作社评审第一类拿了16分，第二类30分，第三类40分，能评什么等级", ("86分", "良好")),
        ("合作社评审前两类拿满一共多少分", ("50分", "20 + 30 = 50")),
        (
            "合作社评审前两类都拿满，第三类只办了1场田间培训并形成教材，总分多少，是哪个等次",
            ("65分", "合格"),
        ),
        ("引进了3个新品种，只有2个形成品牌，能得几分", ("14分", "3 × 4 + 2 × 1")),
        ("田间培训办了2场，但是一个都没形成教材，拿几分", ("20分", "2 × 10")),
        ("湖滨市合作社已经有的加上还要新建的，总共会有多少家", ("14-16家", "12 + 2")),
        ("今年连续扶持的合作社占总数的百分之几", ("20%", "16 ÷ 80")),
        ("新建场馆的甲类乙类再加改造的，名额合一块几个", ("17个", "3 + 6 + 8 = 17")),
        ("讲解员只有10人可以吗", ("不符合", "不少于12人", "还差2人")),
        ("年度考核83分是什么等级", ("良好", "未到90分")),
        ("年度考核70分算什么等级", ("没有写清", "合格", "不合格")),
        ("考核76分离优秀还差几分", ("14分", "90 − 76 = 14")),
        ("年度考核130分是什么等级", ("超出",)),
        ("场馆建设一共多少个名额", ("17个", "3 + 6 + 8 = 17", "上限")),
        ("数字展厅比流动展览多几个", ("7个", "12 − 5 = 7")),
        ("展陈提升占总数的百分之几", ("50%", "17 ÷ 34")),
        ("东山区和西河区的造林面积一共多少亩", ("200亩", "不一致", "210亩")),
        ("我们的场馆2024年9月才建成，能申报吗", ("不可以", "2024年6月30日")),
        ("场馆2023年5月就建成开放了，可以申报吗", ("符合", "2024年6月30日")),
        ("非遗工坊和这个项目可以同时申报吗", ("不可以", "非遗工坊")),
        ("流动展览我们申报3项可以吗", ("不符合", "至多可申报2项")),
        ("现在还能报吗", ("来得及", "18天", "2026年5月8日18:00")),
        ("申报期一共多少天", ("29天",)),
        ("截止前一周是哪天", ("2026年5月1日",)),
        ("5月8日19点交材料算超时吗", ("18:00", "超时")),
        ("乡村博物馆和社区博物馆一共要建多少家", ("55家", "40 + 15 = 55")),
        ("5家博物馆每年一共至少办多少场活动", ("20场", "5 × 4 = 20")),
    ],
)
def test_what_the_rule_gives_is_worked_out(
    question: str, facts: tuple[str, ...], base: IndexedKnowledgeBase
) -> None:
    answer = told(base, question)
    assert not answer.abstained, answer.text
    assert [fact for fact in facts if fact not in answer.text] == [], answer.text


@pytest.mark.parametrize(
    "question",
    [
        "我们20个讲解员，至少要几个党员",
        "安全检查83分是什么等级",
        "场馆建设一共多少经费",
        "12个讲解员里几个会英语才合格",
        "讲解员队伍平均年龄多少",
    ],
)
def test_without_a_rule_nothing_is_worked_out(question: str, base: IndexedKnowledgeBase) -> None:
    assert "依据《" not in told(base, question).text


def test_the_rule_is_quoted_verbatim(base: IndexedKnowledgeBase) -> None:
    for question in ("我们20个讲解员，大专以上的至少要几个", "场馆建设一共多少个名额"):
        for one in told(base, question).citations:
            assert CALL[one.start : one.end] == one.quote


@pytest.mark.parametrize(
    ("turns", "facts"),
    [
        (("我们20个讲解员，大专以上的至少要几个", "那40个呢"), ("14人", "40 × 35% = 14")),
        (("年度考核83分是什么等级", "那91分呢"), ("优秀",)),
        (("5家博物馆每年一共至少办多少场活动", "再加2家呢"), ("28场",)),
        (("讲解员大专以上学历要占多少", "我们一共20个讲解员，那得有几个"), ("7人", "20 × 35%")),
        (("20人的讲解员队伍要几名大专以上", "那我们只有6名大专以上够不够"), ("不符合", "还差1人")),
        (("数字展厅有几个名额", "流动展览呢", "两者差几个"), ("7个", "12 − 5 = 7")),
        (("数字展厅有几个名额", "流动展览呢", "那这俩加起来呢"), ("17个", "12 + 5 = 17")),
        (("新建场馆甲类几个名额", "两类加一块呢"), ("9个", "3 + 6 = 9")),
        (("数字展厅给多少个名额", "不对，说错了，想问的是改造场馆"), ("8个",)),
        (("申报材料几点前提交", "换个话题，乡村博物馆要建成多少家"), ("40家",)),
    ],
)
def test_another_number_is_worked_out_again(
    turns: tuple[str, ...], facts: tuple[str, ...], base: IndexedKnowledgeBase
) -> None:
    answer = told(base, *turns)
    assert [fact for fact in facts if fact not in answer.text] == [], answer.text


def test_hours_count_on_the_last_day(base: IndexedKnowledgeBase) -> None:
    before = datetime(2026, 5, 8, 9, 59, tzinfo=UTC)
    after = datetime(2026, 5, 8, 10, 1, tzinfo=UTC)
    assert "来得及" in told(base, "现在还能报吗", now=before).text
    assert "来不及" in told(base, "现在还能报吗", now=after).text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("两百五十家", ("250", "家", Bound.EXACT)),
        ("近四千名", ("4000", "名", Bound.ABOUT)),
        ("总数达200支以上", ("200", "支", Bound.LEAST)),
        ("至多可申报1项", ("1", "项", Bound.MOST)),
        ("三分之一", ("0.33", "%", Bound.EXACT)),
        ("四成", ("0.4", "%", Bound.EXACT)),
        ("30万余条", ("300000", "条", Bound.ABOUT)),
    ],
)
def test_numbers_are_read_with_their_measures_and_limits(
    text: str, expected: tuple[str, str, Bound]
) -> None:
    (one,) = quantities(text)
    assert (plain(one.value), one.unit, one.bound) == expected


def test_a_date_is_no_quantity() -> None:
    assert quantities("2026年度") == ()


def test_a_share_knows_what_it_is_a_part_of() -> None:
    (one,) = shares("自筹资金不低于总预算的50%")
    assert (one.core, one.whole, one.bound) == ("自筹资金", "总预算", Bound.LEAST)
