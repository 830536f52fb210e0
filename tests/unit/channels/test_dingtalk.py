"""Content for DingTalk: whole characters, within its limits, no markup or mention of others."""

import json
from urllib.parse import unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channels.dingtalk.content import (
    MOST_BYTES,
    SAY,
    Content,
    escape,
    linked,
    render,
    render_robot,
)
from channels.dingtalk.settings import DingTalkRobotSettings, DingTalkSettings
from core.domain.conversations import Button
from tests.factories import make_citation, make_reply, make_rich_reply

WRITTEN = st.text(st.characters(exclude_categories=["Cs"]), max_size=300)
CONTINUED = "（未完待续）"


@settings(max_examples=60, deadline=None)
@given(WRITTEN, WRITTEN, st.integers(1, 200), st.integers(0, 7))
def test_whatever_is_said_fits_and_is_said_whole(
    text: str, other: str, times: int, many: int
) -> None:
    buttons = tuple(Button(title=other[:80], payload=f"{n}{other}") for n in range(many))
    long = text * times
    rich = make_reply(long, buttons=buttons, citations=(make_citation(quote=other),))
    for contents in (render(make_reply(long)), render(rich), render_robot(rich)):
        for one in contents:
            assert len(one.param.encode()) <= MOST_BYTES
            assert len(json.dumps(one.for_robots, ensure_ascii=False).encode()) <= MOST_BYTES
            assert json.loads(one.param)
    said = [button for one in render(rich) for button in one.buttons]
    assert [one.payload for one in said] == [
        one.payload for one in buttons[: 5 if many < 6 else 0]
    ]
    whole = "".join(one.text for one in render(make_reply(long)))
    kept = "".join(escape(long).split())
    assert "".join(whole.replace(CONTINUED, "").split()) == kept.replace(CONTINUED, "")


@settings(max_examples=200, deadline=None)
@given(st.text("<>@all 1[]()*~`#/ \n!https:.xdtm", max_size=60))
def test_nothing_that_is_written_becomes_a_mention_or_markup(text: str) -> None:
    shown = linked(text)
    for mark in ("<", ">", "*", "`", "](d"):
        assert mark not in shown
    assert "](" not in escape(text)
    for either in (escape(text), shown):
        assert "dtmd:" not in either.lower()
        assert not either.startswith("@")
        assert " @" not in either


@pytest.mark.parametrize(
    ("written", "in_text", "in_markdown"),
    [
        ("@all 请看 @13800000000", *["＠all 请看 ＠13800000000"] * 2),
        ("写信到 kx@example.org。", *["写信到 kx@example.org。"] * 2),
        ("**粗** <b>", "**粗** <b>", "＊＊粗＊＊ ＜b＞"),
        ("# 标题", "# 标题", "＃ 标题"),
        (
            "[点我](dtmd://dingtalkclient/sendMessage?content=1)",
            "[点我]（dtmd：//dingtalkclient/sendMessage?content=1)",
            "[点我]（dtmd：//dingtalkclient/sendMessage?content=1)",
        ),
        (
            "见 https://x.example/a_b(1)。",
            "见 https://x.example/a_b(1)。",
            "见 [https://x.example/a_b%281%29](https://x.example/a_b%281%29)。",
        ),
    ],
)
def test_what_people_write_is_shown_as_they_wrote_it(
    written: str, in_text: str, in_markdown: str
) -> None:
    assert (escape(written), linked(written)) == (in_text, in_markdown)


def test_a_card_keeps_its_lines_and_says_its_sources() -> None:
    reply = make_rich_reply()
    (card,) = render(
        make_reply("第一行\n第二行", buttons=reply.buttons, citations=reply.citations)
    )
    assert card.text.startswith("第一行  \n第二行  \n  \n依据：")
    assert card.title == "第一行 第二行"
    assert card.key == "sampleActionCard"
    (link,) = card.for_robots["actionCard"]["btns"]
    assert unquote(link["actionURL"]) == f"{SAY}{reply.buttons[0].payload}"
    assert json.loads(card.param)["singleURL"] == link["actionURL"]


def test_a_plain_reply_is_a_plain_text() -> None:
    (text,) = render(make_reply("好的"))
    assert (text.key, text.param) == ("sampleText", '{"content": "好的"}')
    assert text.for_robots == {"msgtype": "text", "text": {"content": "好的"}}


def test_half_of_a_pair_of_surrogates_breaks_no_button() -> None:
    card = Content(text="x", title="x", buttons=(Button(title="好", payload="\ud800"),))
    assert card.for_robots["actionCard"]["btns"][0]["actionURL"] == f"{SAY}%3F"


def test_settings_do_not_show_their_keys() -> None:
    robots = DingTalkRobotSettings(tokens={"default": "k-123"}, secrets={"default": "s-123"})
    app = DingTalkSettings(app_key="k", app_secret="s-123", robot_code="k")  # noqa: S106 -- no real one
    assert "123" not in f"{robots!r}{app!r}"
