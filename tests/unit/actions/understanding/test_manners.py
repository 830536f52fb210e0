"""Yes, no, skip, change, ask."""

import pytest

from actions.understanding import manners


@pytest.mark.parametrize(
    "text", ["确认提交", "好的，提交吧", "没问题", "是的", "OK", "对，就这样", "嗯嗯", "可以的"]
)
def test_a_plain_yes_is_a_yes(text: str) -> None:
    assert manners.affirms(text)


@pytest.mark.parametrize(
    "text",
    [
        "不对",
        "好像不对",
        "预算不对",
        "可以改成80万吗",
        "是无锡",
        "对不起",
        "不是",
        "好贵",
        "行业是注塑",
    ],
)
def test_what_says_more_than_yes_is_no_yes(text: str) -> None:
    assert not manners.affirms(text)


@pytest.mark.parametrize(
    "text",
    [
        "跳过",
        "不知道",
        "这个不方便说",
        "还没想好",
        "没有",
        "先不填",
        "暂时不清楚。",
        "无",
        "保密",
        "看情况吧",
    ],
)
def test_declining_is_understood(text: str) -> None:
    assert manners.skips(text)


@pytest.mark.parametrize(
    "text", ["不知道怎么解决翘曲", "没有空气压缩机", "无锡", "不超过50万", "保密协议要签"]
)
def test_what_says_more_than_no_is_not_declining(text: str) -> None:
    assert not manners.skips(text)


@pytest.mark.parametrize(
    "text", ["能申报吗？", "什么条件", "怎么报名", "截止到几号", "有没有路演", "多少钱呢"]
)
def test_questions_are_questions(text: str) -> None:
    assert manners.asks(text)


@pytest.mark.parametrize(
    "text", ["我们在苏州", "预算80万", "产品怎么都不合格", "张工 13800001234"]
)
def test_statements_are_not(text: str) -> None:
    assert not manners.asks(text)


def test_a_field_to_change_is_named() -> None:
    assert manners.named_field("修改预算") == "budget"
    assert manners.named_field("联系方式要换一下") == "contact"
    assert manners.named_field("预算80万") == ""
