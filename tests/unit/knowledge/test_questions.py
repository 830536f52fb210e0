"""What questions ask for."""

import pytest

from knowledge.answers.holding import holds
from knowledge.answers.kinds import Kind
from knowledge.answers.question import understand


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("申报什么时候截止？", Kind.DATE),
        ("联系电话是多少", Kind.PHONE),
        ("发到哪个邮箱", Kind.EMAIL),
        ("材料寄到哪里", Kind.PLACE),
        ("每个项目补助多少钱", Kind.MONEY),
        ("给多少专项经费", Kind.MONEY),
        ("要组建几支服务队", Kind.NUMBER),
        ("谁可以申报", Kind.CONDITION),
        ("哪个部门牵头", Kind.PERSON),
        ("介绍一下指导思想", None),
        ("科普热线是多少", Kind.PHONE),
        ("12345热线提供多少种外语服务", Kind.NUMBER),
        ("名单内的重点企业有哪些政策", Kind.LIST),
        ("入选名单", Kind.MEMBERS),
        ("检测收费标准降低多少", Kind.NUMBER),
    ],
)
def test_the_kind_of_answer_is_read_from_the_question(question: str, kind: Kind | None) -> None:
    assert understand(question, 2026).kind is kind


def test_regions_are_provinces_whatever_city_is_named() -> None:
    assert understand("南京和重庆的项目", 2026).regions == {"江苏", "重庆"}


def test_years_are_read_but_not_those_of_a_plan_s_name() -> None:
    assert understand("行动计划（2021-2023年）里2022年的目标", 2026).years == {2022}
    assert understand("去年的申报", 2026).years == {2025}


@pytest.mark.parametrize(
    ("kind", "unit", "text", "held"),
    [
        (Kind.NUMBER, "人", "组成人员不少于7人", True),
        (Kind.NUMBER, "人", "成立一个服务队", False),
        (Kind.NUMBER, "", "1、汇聚资源", False),
        (Kind.NUMBER, "支", "2021年组建百支服务团", True),
        (Kind.MONEY, "", "根据评估等次确定项目经费", False),
        (Kind.MONEY, "", "首批20亿元基金", True),
        (Kind.DATE, "日", "每年召开", False),
        (Kind.DATE, "日", "5月30日17:00前", True),
        (Kind.PHONE, "", "025-83319802", True),
        (Kind.PHONE, "", "可拨打12399科普热线", True),
        (Kind.PHONE, "", "受理咨询12345件", False),
        (Kind.NUMBER, "家", "惠及企业超过2000家", True),
        (Kind.NUMBER, "家", "该中心2000年成立", False),
    ],
)
def test_evidence_must_hold_what_is_asked(kind: Kind, unit: str, text: str, *, held: bool) -> None:
    assert holds(kind, unit, text) is held


def test_round_numbers_are_read_in_either_writing() -> None:
    assert understand("打算建一百个左右吗", 2026).amounts == ("100个",)


@pytest.mark.parametrize(
    ("question", "polar"), [("有奖金么", True), ("用途是什么", False), ("该怎么", False)]
)
def test_what_is_no_word_of_yes_or_no(question: str, *, polar: bool) -> None:
    assert understand(question, 2026).polar is polar


def test_the_sort_of_answer_is_not_its_subject() -> None:
    asked = understand("张华是什么学历", 2026)
    assert asked.sorts == {"学历"}
    assert asked.words["学历"] < asked.words["张华"]
