"""What every reading keeps to, and the JSON of `keqiao extract`."""

from datetime import datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from actions.understanding.extract import extract, read, to_json

SAID_AT = datetime.fromisoformat("2026-11-21T10:00:00+08:00")
PIECES = (
    *[
        "预算",
        "80万",
        "三四十万",
        "左右",
        "以内",
        "不超过",
        "月底前",
        "下周五",
        "之前",
        "2027年",
        "3月",
        "31日",
        "半年内",
    ],
    *[
        "苏州",
        "鼓楼区",
        "张工",
        "138",
        "0000",
        "1234",
        "一二三",
        "幺三八",
        "微信",
        "找专家",
        "联合研发",
        "我们",
        "做",
        "注塑",
    ],
    *[
        "的",
        "老是",
        "变形",
        "，",
        "。",
        "、",
        "第",
        "个",
        "十",
        "百",
        "千",
        "亿",
        "元",
        "%",
        "-",
        "~",
        "到",
        "/",
        ".",
        "明年",
        "二季度",
        "元旦",
        "(",
        ")",
        "￥",
    ],
    *[
        "13800001234",
        "a@b.cn",
        "同号",
        "改成",
        "不是",
        "是",
        "在",
        "零",
        "两",
        "多",
        "来",
        "几",
        "年",
        "月",
        "日",
        "天",
        "周",
        "前",
        "①",
        "㎡",
    ],
)


@settings(max_examples=300, deadline=None)
@given(
    text=st.lists(st.sampled_from(PIECES), max_size=20).map("".join),
    asked=st.sampled_from(["", "problem", "region", "budget", "deadline", "contact"]),
)
def test_any_text_is_read_and_nothing_is_found_that_does_not_stand_there(
    text: str, asked: str
) -> None:
    draft = read(text, SAID_AT, asked=asked).draft

    for value in (draft.budget, draft.deadline, draft.region):
        assert value is None or value.raw in text
    assert draft.problem is None or draft.problem in text
    assert draft.deadline is None or draft.deadline.on >= SAID_AT.date()
    assert draft.budget is None or draft.budget.min or draft.budget.max


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200))
def test_no_text_breaks_a_reader(text: str) -> None:
    to_json(extract(text, SAID_AT))


def test_the_json_has_money_in_yuan_and_null_for_what_was_not_said() -> None:
    text = (
        "我们在苏州昆山做注塑的，产品老是翘曲变形，想联合研发，"
        "预算80万左右，12月15日前，张三 13800001234"
    )

    assert to_json(extract(text, SAID_AT)) == {
        "industry": {
            "labels": ["高端装备制造", "新材料"],
            "sei_2018": [
                {"code": "2", "name": "高端装备制造"},
                {"code": "3", "name": "新材料"},
            ],
            "raw": "注塑",
        },
        "problem": "产品老是翘曲变形",
        "indicators": [],
        "region": {
            "province": "江苏省",
            "city": "苏州市",
            "county": "昆山市",
            "raw": "苏州昆山",
        },
        "budget": {
            "min": 800_000,
            "max": 800_000,
            "currency": "CNY",
            "raw": "80万左右",
            "approx": True,
        },
        "deadline": {"iso": "2026-12-15", "raw": "12月15日前", "kind": "date"},
        "cooperation_mode": ["联合研发"],
        "contact": {"name": "张三", "phone": "13800001234", "wechat": None, "email": None},
        "missing": [],
    }


def test_an_empty_text_is_missing_everything() -> None:
    found = to_json(extract("", SAID_AT))

    assert found.pop("missing") == [
        "problem",
        "industry",
        "region",
        "cooperation_mode",
        "budget",
        "deadline",
        "contact",
    ]
    assert found.pop("indicators") == []
    assert set(found.values()) == {None}
