"""Whatever a reply is made of, no channel drops a word of it."""

import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from html import unescape
from urllib.parse import unquote

import pytest

from channels.choices import told_choices
from channels.dingtalk.content import Content as DingTalkContent
from channels.dingtalk.content import render as dingtalk
from channels.dingtalk.content import render_robot as dingtalk_robot
from channels.feishu.content import Content
from channels.feishu.content import render as feishu
from channels.feishu.content import render_robot as feishu_robot
from channels.mail.messages import compose as mail
from channels.mail.settings import MailSettings
from channels.parts import told
from channels.web.messages import render_reply as web
from channels.webhook.messages import render as webhook
from channels.wechat.content import render as wechat
from channels.wechat.sender import render_bodies
from channels.wecom.robot import shown as wecom
from channels.wecom.sender import render as wecom_app
from core.domain.conversations import Button, Reply, ReplyKind
from core.domain.deliveries import Delivery, OutboxId
from core.domain.errors import BadInputError
from core.domain.parts import (
    Appointment,
    Attachment,
    Entry,
    Link,
    Listing,
    Part,
    Picture,
    Words,
    is_address,
)
from tests.factories import make_outbound, make_reply
from tests.fakes.clock import START
from tests.fakes.smtp import text_of

STARTS = datetime(2026, 12, 2, 23, 30, tzinfo=UTC)  # the 3rd, 07:30 in Shanghai
URL = "https://example.org/a?b=1&c=%E4%BD%A0"


def made(*parts: Part, text: str = "请看：", **changes: object) -> Reply:
    return make_reply(text, parts=parts, **changes)


def delivery_of(reply: Reply) -> Delivery:
    return Delivery(id=OutboxId(7), message=make_outbound(reply=reply), created_at=START)


MAIL = MailSettings(host="x", sender="notice@example.org")


def html_of(reply: Reply) -> str:
    body = mail(delivery_of(reply), "li@example.org", MAIL).get_body(("html",))
    assert body is not None
    return str(body.get_content())


def of_feishu(contents: list[Content]) -> str:
    return "\n".join(one.written for one in contents)


def of_dingtalk(contents: list[DingTalkContent]) -> str:
    """Choices that are links stand in their addresses, as DingTalk says them."""
    return "\n".join(f"{one.param} {unquote(one.param)}" for one in contents)


RENDERERS: Mapping[str, Callable[[Reply], str]] = {
    "words": lambda reply: f"{told(reply)}\n{told_choices(reply)}",
    "web": lambda reply: json.dumps(web(reply), ensure_ascii=False),
    "web, without drawing": lambda reply: f"{web(reply)['text']} {web(reply)['buttons']}",
    "webhook": lambda reply: webhook(delivery_of(reply), START).decode(),
    "wechat, passive": wechat,
    "wechat": lambda reply: json.dumps(render_bodies(delivery_of(reply)), ensure_ascii=False),
    "wecom": lambda reply: json.dumps(wecom_app(delivery_of(reply)), ensure_ascii=False),
    "wecom robot": wecom,
    "mail": lambda reply: text_of(mail(delivery_of(reply), "li@example.org", MAIL)),
    "mail, as html": lambda reply: unescape(html_of(reply)),
    "dingtalk": lambda reply: of_dingtalk(dingtalk(reply)),
    "dingtalk robot": lambda reply: of_dingtalk(dingtalk_robot(reply)),
    "feishu": lambda reply: of_feishu(feishu(reply, to="ou_li")),
    "feishu robot": lambda reply: of_feishu(feishu_robot(reply)),
}

DATE = Appointment(
    uid="u1@keqiao",
    sequence=2,
    title="新材料路演",
    starts_at=STARTS,
    ends_at=STARTS + timedelta(hours=2),
    place="科技馆二楼",
    url="https://example.org/event",
    alarms=(timedelta(hours=1),),
    file="https://keqiao.example.org/calendar/records/events/r1.ics",
)
FACTS = ("新材料路演", "科技馆二楼", "https://example.org/event", DATE.file)
DAY = "2026年12月3日（星期四）"
PARTS: Mapping[str, tuple[Part, tuple[str, ...]]] = {
    "words": (Words(text="回复“退订”不再接收。"), ("回复“退订”不再接收。",)),
    "list": (
        Listing(
            entries=(
                Entry(title="甲项目", line="注塑仿真", url=URL),
                Entry(title="乙专家", line="南京"),
            )
        ),
        ("甲项目", "注塑仿真", URL, "乙专家", "南京"),
    ),
    "choice": (
        Listing(entries=(Entry(title="甲项目", payload="要甲"), Entry(title="乙专家"))),
        ("甲项目", "乙专家"),
    ),
    "link": (Link(title="申报指南", url=URL), ("申报指南", URL)),
    "file": (Attachment(name="申报书.docx", url=URL), ("申报书.docx", URL)),
    "image": (Picture(title="活动海报", url=URL), ("活动海报", URL)),
    "event": (DATE, (*FACTS, f"{DAY}07:30", f"{DAY}09:30")),
    "deadline": (
        Appointment(uid="u", sequence=1, title="揭榜申报", starts_at=STARTS, deadline=True),
        ("揭榜申报", "截止", f"{DAY}07:30"),
    ),
    "cancelled": (
        Appointment(uid="u", sequence=3, title="路演", starts_at=None, cancelled=True),
        ("已取消", "路演"),
    ),
}


@pytest.fixture(params=RENDERERS)
def render(request: pytest.FixtureRequest) -> Callable[[Reply], str]:
    return RENDERERS[request.param]


@pytest.mark.parametrize("name", PARTS)
def test_a_part_is_told_in_full(render: Callable[[Reply], str], name: str) -> None:
    part, facts = PARTS[name]
    said = render(made(part))
    missing = [fact for fact in ("请看：", *facts) if fact not in said]
    assert not missing


def test_everything_at_once_is_told_in_order(render: Callable[[Reply], str]) -> None:
    said = render(made(*(part for part, _ in PARTS.values()), text="请看："))
    places = [said.index(word) for word in ("请看：", "退订", "甲项目", "申报指南", "海报")]
    assert places == sorted(places)


def test_a_reminder_says_nothing_twice() -> None:
    text = f"提醒：新材料路演\n{DAY}07:30 到 {DAY}09:30\n科技馆二楼\nhttps://example.org/event"
    said = told(made(DATE, text=text))
    assert said == f"{text}\n加入日历 {DATE.file}"


def test_what_may_be_chosen_has_one_number_wherever_it_stands() -> None:
    reply = made(
        Listing(entries=(Entry(title="甲", payload="要甲"), Entry(title="乙", payload="要乙"))),
        buttons=(Button(title="都不要", payload="都不要"),),
    )
    assert [one.payload for one in reply.choices] == ["要甲", "要乙", "都不要"]
    lines = wechat(reply).splitlines()
    assert [line for line in lines if re.match(r"\d", line)] == ["1. 甲", "2. 乙", "3. 都不要"]


def test_no_part_leads_anywhere_but_to_the_web() -> None:
    for url in (
        "javascript:alert(1)",
        "data:text/html,x",
        "//evil.example",
        "",
        'https://x/"><b>',
    ):
        assert not is_address(url)
        with pytest.raises(BadInputError):
            Link(title="看", url=url)
        if url:
            with pytest.raises(BadInputError):
                Entry(title="看", url=url)


def test_markup_in_titles_stays_words() -> None:
    reply = made(Link(title="](https://evil.example) <at user_id='all'>**", url=URL))
    for name in ("wecom robot", "feishu"):
        said = RENDERERS[name](reply)
        assert "](https://evil.example" not in said
        assert "<at" not in said


def test_a_reply_of_no_parts_is_the_text_it_was() -> None:
    reply = Reply(kind=ReplyKind.NOTICE, text="好的")
    assert told(reply) == "好的"
    assert wechat(reply) == "好的"
    assert wecom(reply) == "好的"
