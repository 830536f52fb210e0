"""Content for Feishu: whole characters, within its limits, no markup or mention of others."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channels.feishu.content import CARD_BYTES, TEXT_BYTES, escape, linked, render, render_robot
from channels.feishu.settings import FeishuRobotSettings
from core.domain.conversations import Button, Reply, ReplyKind
from tests.factories import make_citation, make_reply, make_rich_reply

WRITTEN = st.text(st.characters(exclude_categories=["Cs"]), max_size=300)
CONTINUED = "（未完待续）"


@settings(max_examples=60, deadline=None)
@given(WRITTEN, WRITTEN, st.integers(1, 400))
def test_whatever_is_said_fits_and_is_said_whole(text: str, other: str, times: int) -> None:
    button = Button(title=other[:80] or "好", payload=other or "好")
    long = text * times
    for reply, most in (
        (make_reply(long), TEXT_BYTES),
        (make_reply(long, buttons=(button,), citations=(make_citation(quote=other),)), CARD_BYTES),
    ):
        contents = render(reply, to="ou_li")
        assert all(one.size <= most for one in contents)
        assert all("<at" not in one.written for one in contents[:-1])
        assert json.loads(contents[-1].written) == contents[-1].body
    whole = "".join(str(one.body["text"]) for one in render(make_reply(long), to="ou_li"))
    kept = "".join(escape(long).split())
    assert "".join(whole.replace(CONTINUED, "").split()) == kept.replace(CONTINUED, "")


@settings(max_examples=200, deadline=None)
@given(st.text('<>at user_id="all"[]()*~`#/ \n!https:.x', max_size=60))
def test_nothing_that_is_written_becomes_a_mention_or_markup(text: str) -> None:
    for shown in (escape(text), linked(text)):
        assert "<" not in shown
        assert "**" not in shown
        assert "~~" not in shown
    assert "](" not in escape(text)


@pytest.mark.parametrize(
    ("written", "in_text", "in_card"),
    [
        ('<at user_id="all">所有人</at>', *['＜at user_id="all"＞所有人＜/at＞'] * 2),
        ("**粗** ~~删~~", "＊＊粗＊＊ ～～删～～", "＊＊粗＊＊ ～～删～～"),
        ("尺寸 3*4", "尺寸 3*4", "尺寸 3＊4"),
        ("# 标题", "# 标题", "＃ 标题"),
        (
            "见 https://x.example/a_b(1)?c=*d。",
            "见 https://x.example/a_b(1)?c=*d。",
            "见 [https://x.example/a_b%281%29?c=%2Ad](https://x.example/a_b%281%29?c=%2Ad)。",
        ),
    ],
)
def test_what_people_write_is_shown_as_they_wrote_it(
    written: str, in_text: str, in_card: str
) -> None:
    assert (escape(written), linked(written)) == (in_text, in_card)


def test_a_link_says_where_it_leads() -> None:
    shown = linked("[点我](https://evil.example)")
    assert shown == "[点我]（[https://evil.example](https://evil.example))"
    assert escape("[点我](https://evil.example)") == "[点我]（https://evil.example)"


def test_an_answer_is_a_card_with_its_sources_and_buttons() -> None:
    (card,) = render(make_rich_reply(), to="oc_team", on=7)
    text, line, note, action = card.body["elements"]
    assert (card.kind, text["content"], line) == ("interactive", "可以申报。", {"tag": "hr"})
    assert note["elements"][0]["content"].startswith(
        "依据：\n《示例办法》第一章 ＞ 第二条：“本办法"
    )
    (button,) = action["actions"]
    assert button["text"]["content"] == "转人工"
    assert button["value"] == {"say": "转人工", "at": "oc_team", "on": "7"}


def test_a_robot_says_sources_and_choices_in_words() -> None:
    (text,) = render_robot(make_rich_reply())
    assert text.body["text"].startswith("可以申报。\n\n依据：\n《示例办法》")
    assert "转人工" in text.body["text"]


def test_a_plain_reply_is_a_plain_text() -> None:
    (text,) = render(Reply(kind=ReplyKind.NOTICE, text="好的"), to="ou_li")
    assert (text.kind, text.written) == ("text", '{"text": "好的"}')


def test_settings_do_not_show_their_keys() -> None:
    shown = repr(FeishuRobotSettings(keys={"default": "k-123"}, secrets={"default": "s-123"}))
    assert "123" not in shown
