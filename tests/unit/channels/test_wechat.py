"""The Official Account's texts: cut, composed, escaped, written and read."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.bodies import read_body
from channels.texts import split
from channels.wechat.content import MOST_BYTES, compose, escape, labels, render
from channels.wechat.menu import read_menu
from channels.wechat.messages import parse, render_text
from channels.wechat.settings import WeChatSettings
from core.domain.conversations import Button
from core.domain.errors import BadInputError
from tests.factories import make_reply, make_rich_reply
from tests.fakes.clock import START
from tests.fakes.platforms.wechat import FakeWeChat

CONTINUED = "（未完待续）"
LINK = "https://example.org/a?b=c&d=%E4%BD%A0#e"
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=300)
worded = st.lists(st.one_of(texts, st.just(LINK), st.just("政策。")), max_size=12)


@given(worded, st.integers(80, 300))
def test_parts_fit_and_cut_neither_a_character_nor_a_link(words: list[str], limit: int) -> None:
    text = "，".join(words)
    parts = split(text, limit, CONTINUED)
    assert all(len(part.encode()) <= limit for part in parts)
    assert all(part.endswith(CONTINUED) for part in parts[:-1])
    assert sum(part.count(LINK) for part in parts) == text.count(LINK)


@given(st.lists(st.text(max_size=1500), min_size=1, max_size=5))
def test_one_text_holds_what_fits_and_says_that_there_is_more(said: list[str]) -> None:
    replies = [make_reply(text.replace("\ud800", "")) for text in said]
    composed = compose(replies)
    assert len(composed.text.encode("utf-8", "replace")) <= MOST_BYTES
    assert 1 <= composed.taken <= len(replies)
    more = composed.taken < len(replies) or bool(composed.rest)
    assert composed.text.endswith(labels()["continued_on_request"]) == more or not more


@given(texts)
def test_what_is_written_in_xml_is_read_back(text: str) -> None:
    incoming = parse(
        FakeWeChat().fields(Content="x"),
        now=START,
        greeting="你好",
    )
    answer = read_body(render_text(incoming, f"|{text}|", now=START, as_json=False))
    kept = "".join(c for c in text if c >= " " or c in "\t\n\r")
    wanted = kept.replace("\r\n", "\n").replace("\r", "\n")
    assert str(answer["Content"])[1:-1] == "".join(c for c in wanted if c not in "\ufffe\uffff")


@given(texts)
def test_nobody_makes_a_link_of_what_they_write(text: str) -> None:
    shown = escape(f'<a href="https://evil.example">{text}</a>')
    assert "<" not in shown
    assert ">" not in shown


def test_an_answer_brings_its_sources_and_numbered_choices() -> None:
    told, sources, choices = render(make_rich_reply()).split("\n\n")
    assert told == "可以申报。"
    assert sources == "依据：\n《示例办法》第一章 ＞ 第二条"
    assert choices == "回复序号选择：\n1. 转人工"
    assert render(make_reply("好", buttons=(Button(title="<b>", payload="b"),))).endswith("＜b＞")


def test_settings_do_not_show_their_secrets() -> None:
    settings = WeChatSettings(app_id="wx1", token="t-123", secret="s-123", aes_keys=("k-123",))  # noqa: S106 -- no real ones
    assert not any(word in repr(settings) for word in ("t-123", "s-123", "k-123"))


def test_a_menu_is_read(tmp_path: Path) -> None:
    file = tmp_path / "menu.yml"
    file.write_text(
        "- {name: 查政策, says: 我要查政策}\n"
        "- name: 服务\n  items:\n  - {name: 官网, url: 'https://example.org/'}\n",
        encoding="utf-8",
    )
    assert read_menu(file) == {
        "button": [
            {"name": "查政策", "type": "click", "key": "我要查政策"},
            {
                "name": "服务",
                "sub_button": [{"name": "官网", "type": "view", "url": "https://example.org/"}],
            },
        ]
    }


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("", "list"),
        ("{a: 1}", "list"),
        ("[{name: a, says: b}, {name: a, says: b}, {name: a, says: b}, {name: a, says: b}]", "3"),
        ("[1]", r"\[1\]"),
        ("[{name: a}]", "one of"),
        ("[{name: a, says: b, url: 'https://x/'}]", "one of"),
        ("[{name: 名字太长了实在太长, says: b}]", "name"),
        ("[{name: a, says: ''}]", "says"),
        ("[{name: a, url: 'javascript:alert(1)'}]", "url"),
        ("[{name: a, items: []}]", "items"),
        ("[{name: a, items: [{name: b, items: []}]}]", "items"),
        ("[{name: a, say: b}]", "only"),
        ("[{name: [a], says: b}]", "name"),
        ("{", "cannot be read"),
    ],
)
def test_a_menu_that_the_platform_would_not_take_is_said_with_its_place(
    tmp_path: Path, text: str, where: str
) -> None:
    file = tmp_path / "menu.yml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(BadInputError, match=where):
        read_menu(file)
