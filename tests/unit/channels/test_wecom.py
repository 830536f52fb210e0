"""Content for WeCom groups: whole characters, no markup of others, no mention of all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.texts import split
from channels.wecom.bot.content import MOST_BYTES, markdown_of
from channels.wecom.cards import pressed
from channels.wecom.content import MARKDOWN_BYTES, TEXT_BYTES, escape, render
from channels.wecom.sender import render as render_app
from channels.wecom.settings import WeComRobotSettings
from core.domain.conversations import Button
from core.domain.deliveries import Delivery, OutboxId
from tests.factories import make_outbound, make_reply, make_rich_reply
from tests.fakes.clock import START

CONTINUED = "（未完待续）"
WORDS = {
    "sources": "依据：",
    "source": "《{document}》{section}",
    "choices": "可以回复：",
    "continued": CONTINUED,
}


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=400), st.integers(40, 200))
def test_parts_fit_and_together_say_everything(text: str, limit: int) -> None:
    parts = split(text, limit, CONTINUED)
    assert all(len(part.encode()) <= limit for part in parts)
    assert all(part.endswith(CONTINUED) for part in parts[:-1])
    whole = "".join(part.removesuffix(CONTINUED) for part in parts)
    assert "".join(whole.split()) == "".join(text.removesuffix(CONTINUED).split()) or (
        "".join(whole.split()) == "".join(text.split())
    )


def test_a_text_of_just_the_limit_stays_one_part() -> None:
    assert split("a" * 4096, MARKDOWN_BYTES, CONTINUED) == ["a" * 4096]
    assert len(split("a" * 4097, MARKDOWN_BYTES, CONTINUED)) == 2


def test_a_long_text_is_cut_at_the_end_of_a_line() -> None:
    text = "\n".join(f"第{n}条 " + "规定" * 20 for n in range(1, 60))
    parts = split(text, MARKDOWN_BYTES, CONTINUED)
    assert len(parts) > 1
    for part in parts[1:]:
        assert part.startswith("第")


def test_a_limit_without_room_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="no room"):
        split("字" * 20, 10, CONTINUED)


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("<@all> 快看", "＜@all＞ 快看"),
        ("<@zhangsan>", "＜@zhangsan＞"),
        ('<font color="warning">红</font>', '＜font color="warning"＞红＜/font＞'),
        ("[点我](https://evil.example)", "[点我]（https://evil.example)"),
        ("# 标题\n正文 # 号", "＃ 标题\n正文 # 号"),
        ("> 引用", "＞ 引用"),
        ("**粗** `码`", "＊＊粗＊＊ ｀码｀"),
        ("https://meeting.example/a_b_c#d", "https://meeting.example/a_b_c#d"),
        ("尺寸 3*4，(见附件)", "尺寸 3*4，(见附件)"),
    ],
)
def test_what_people_write_is_shown_as_they_wrote_it(written: str, shown: str) -> None:
    assert escape(written) == shown


def test_an_answer_brings_its_sources_and_choices() -> None:
    text = render(make_rich_reply(), WORDS)
    assert text.startswith("可以申报。\n\n依据：\n> 《示例办法》第一章 ＞ 第二条")
    assert text.endswith("可以回复：转人工")
    assert render(make_reply("好"), WORDS) == "好"


def test_settings_do_not_show_their_keys() -> None:
    assert "k-123" not in repr(WeComRobotSettings(keys={"default": "k-123"}))


@given(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=3000),
    st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=30), max_size=9),
)
def test_whatever_is_said_the_app_sends_only_what_wecom_takes_whole(
    text: str, titles: list[str]
) -> None:
    buttons = tuple(Button(title=one, payload=f"说{one}") for one in titles)
    message = make_outbound(reply=make_reply(text, buttons=buttons))
    delivery = Delivery(id=OutboxId(7), message=message, created_at=START)
    for content in render_app(delivery):
        if content["msgtype"] == "text":
            said = content["text"]["content"]
            assert 0 < len(said.encode()) <= TEXT_BYTES
            assert "<" not in said
        else:
            card = content["template_card"]
            assert 0 < len(card["button_list"]) <= 6
            assert all(len(one["key"].encode()) <= 1024 for one in card["button_list"])
            pressed_back = [
                pressed(card["task_id"], one["key"], "c") for one in card["button_list"]
            ]
            assert [one and one.payload for one in pressed_back] == [
                one.payload for one in buttons
            ]


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=9000), max_size=3))
def test_whatever_is_said_a_stream_takes_it(texts: list[str]) -> None:
    said = markdown_of([make_reply(text) for text in texts])
    assert len(said.encode()) <= MOST_BYTES
    assert "<@" not in said
