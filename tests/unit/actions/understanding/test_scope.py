"""What of a message is not about the need itself: other needs of a list, choices left empty."""

from decimal import Decimal

import pytest

from actions.understanding.extract import extract
from tests.unit.actions.stage import SAID_AT


@pytest.mark.parametrize(
    "text",
    [
        "我们有两个需求：1. 铝合金焊接变形大，想找专家 2. 污水站氨氮超标，预算50万",
        "1、铝合金焊接变形大，想找专家\n2、想招一个染整工程师\n3、问下绿色工厂补贴怎么申报",
    ],
)
def test_only_the_first_need_of_a_numbered_list_is_read(text: str) -> None:
    draft = extract(text, SAID_AT)

    assert draft.problem is not None
    assert "焊接变形大" in draft.problem
    assert not any(word in draft.problem for word in ("氨氮", "工程师", "补贴"))
    assert draft.modes == ("技术咨询",)
    assert draft.budget is None


def test_numbered_sides_of_one_problem_stay_together() -> None:
    draft = extract("主要问题：1.精度不够；2.噪音大；3.寿命短，想联合研发", SAID_AT)

    assert draft.problem is not None
    assert all(word in draft.problem for word in ("精度不够", "噪音大", "寿命短"))


def test_choices_of_a_form_that_were_left_empty_are_not_read() -> None:
    text = "难题：焊缝开裂\n合作方式：□联合研发 ☑委托开发 □技术转移\n预算：□10万以下 ☑50-100万"

    draft = extract(text, SAID_AT)

    assert draft.modes == ("委托开发",)
    assert draft.budget is not None
    assert (draft.budget.min, draft.budget.max) == (Decimal(500_000), Decimal(1_000_000))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("联系人：方敏 13812340008", "方敏"),
        ("我姓危危险的危，13812340008", "危"),
        ("有事找段姐，13812340008", "段姐"),
        ("联系人：赫连铁\n电话：13812340008", "赫连铁"),
        ("我是安阳的，13812340008", None),
        ("想换个新的方案，13812340008", None),
    ],
)
def test_names_that_are_words_too_are_read_where_a_name_is_expected(
    text: str, name: str | None
) -> None:
    contact = extract(text, SAID_AT).contact

    assert contact is not None
    assert contact.name == name


@pytest.mark.parametrize("char", [" ", "\n", "一", "张", "1", "□", "("])
def test_a_character_said_a_thousand_times_is_no_need(char: str) -> None:
    draft = extract(char * 1000, SAID_AT)

    assert (draft.region, draft.budget, draft.deadline, draft.modes) == (None, None, None, ())
