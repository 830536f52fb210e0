"""How a question is read after those before it."""

import pytest

from knowledge.answers.talk.followups import Manner, Talk, senses

BEFORE = "平台运行成果一等有几个名额"


def texts(before: str, question: str, answer: str = "") -> list[str]:
    return [one.text for one in senses(Talk(whole=before, answer=answer), question)]


@pytest.mark.parametrize(
    ("before", "question", "whole"),
    [
        (BEFORE, "那二等呢？", "平台运行成果二等有几个名额"),
        ("江苏有多少支科技服务队", "重庆呢？", "重庆的有多少支科技服务队"),
        ("2021年要推出多少个枢纽城市", "那2022年呢", "2022年要推出多少个枢纽城市"),
        ("今年申报几号截止", "我说的是2021年的", "2021年申报几号截止"),
        ("重庆有几支专家服务队", "不是重庆，我问的是江苏", "江苏有几支专家服务队"),
        ("副高要占多少", "打错了，是正高", "正高要占多少"),
        ("企业联络员负责什么", "那学会联络员呢", "学会联络员负责什么"),
        ("专栏3讲什么", "专栏5呢", "专栏5讲什么"),
        ("领导小组组长是谁", "副组长呢", "领导小组副组长是谁"),
        ("领导小组组长是谁", "办公室的主任呢", "领导小组办公室的主任是谁"),
        ("山区学校联络员做什么", "企业的那种呢", "企业联络员做什么"),
        ("谁能申报乡村博物馆项目", "那数字展厅呢", "谁能申报数字展厅"),
        ("社区博物馆给多少个名额", "搞错了，想问的是数字展厅", "数字展厅给多少个名额"),
        ("交通不便的地区给什么补助", "人口稀少的地区呢", "人口稀少的地区给什么补助"),
        ("今年的馆藏指南要几张照片", "2024年那版呢", "2024年的馆藏指南要几张照片"),
        ("C类馆有几家", "E类呢", "e类馆有几家"),
        (
            "15人的讲解队要几名高工",
            "那我们只有7名高工够不够",
            "15人的讲解队,高工,我们只有7名高工够不够",
        ),
    ],
)
def test_what_is_said_stands_in_for_its_rival(before: str, question: str, whole: str) -> None:
    assert whole in texts(before, question)


def test_what_was_reached_is_not_asked_of_the_target() -> None:
    found = texts("展厅定的目标是多少个", "实际建成了多少")
    assert found[0] == "展厅 实际建成了多少"


def test_bounds_belong_to_what_was_asked() -> None:
    assert texts("讲解队最少几个人", "能报几个")[0] == "讲解队 能报几个"


def test_of_another_year_the_same_place_is_asked_last() -> None:
    talk = Talk(whole="2031年要办多少场展览", answer="根据《展览计划》：2031年，办9场展览。")
    last = senses(talk, "那2032年呢")[-1]
    assert (last.manner, last.must) == (Manner.BESIDE, ("2032年",))


def test_a_label_of_the_answer_is_a_name() -> None:
    answer = "根据《通知》：项目一览表：类别：展陈提升；子项：流动展览；数量：5个。"
    found = texts("流动展览给多少个名额", "那数字展厅呢", answer)
    assert found[0] == "数字展厅给多少个名额"


def test_another_region_leaves_nothing_of_the_first() -> None:
    assert not any("江苏" in one for one in texts("科创江苏有几支服务队", "那重庆呢"))


def test_what_is_asked_is_asked_of_the_subject_before() -> None:
    first = texts("科技服务队最少几个人", "职称呢")
    assert any("科技服务队" in one and "职称" in one for one in first)


def test_a_person_is_found_in_the_answer_before() -> None:
    answer = "根据《通知》：寄送至：某市某路1号（周明远收）。"
    assert "周明远" in texts("申报书寄给哪位", "他的电话是多少", answer)[0]


def test_a_question_that_stands_alone_is_left_alone() -> None:
    question = "全国学会要建立多少个专业评估机构"
    assert texts("领导小组组长是谁？", question) == [question]
    assert texts("", "联系电话是多少") == ["联系电话是多少"]


def test_a_change_of_topic_drops_what_was_said() -> None:
    assert texts(BEFORE, "换个话题，三库有多少条资源") == ["三库有多少条资源"]


@pytest.mark.parametrize(
    ("question", "manner"),
    [
        ("还有呢", Manner.REST),
        ("还有别的吗", Manner.REST),
        ("另一位联系人呢", Manner.REST),
        ("依据是什么", Manner.EVIDENCE),
        ("原文怎么说的", Manner.EVIDENCE),
        ("一共多少呢", Manner.TOTAL),
        ("差多少", Manner.DIFFERENCE),
    ],
)
def test_words_that_turn_to_the_answers_before(question: str, manner: Manner) -> None:
    both = ("一等几个", "二等几个")
    talk = Talk(whole="二等几个", run=both, asked=both)
    assert senses(talk, question)[0].manner is manner


def test_what_is_added_comes_on_top_of_what_there_is() -> None:
    asked = ("现在有几支讲解队", "还要再建几支讲解队")
    (sense,) = senses(Talk(whole=asked[-1], asked=asked), "那最多会有几支")
    assert (sense.manner, sense.over) == (Manner.OUTCOME, asked)


def test_the_answer_before_says_in_which_document_to_look() -> None:
    talk = Talk(whole=BEFORE, answer="根据《申报指南》：一等3个。")
    assert senses(talk, "联系电话呢")[0].titles == ("申报指南",)
