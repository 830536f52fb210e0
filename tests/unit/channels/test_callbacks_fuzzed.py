"""Whatever a callback's body holds, reading it gives fields or one clear error of ours.

KEQIAO_TEST_FUZZ says how many bodies are made; the seed is printed when one fails.
"""

import json
import random
from contextlib import suppress

from channels.bodies import BadBodyError, read_body
from channels.dingtalk.messages import parse as parse_dingtalk
from channels.envelopes import BadEnvelopeError, Envelopes, signature
from channels.errors import RefusedRequestError
from channels.feishu.messages import parse as parse_feishu
from channels.feishu.messages import read_event
from channels.feishu.stream.frames import read_frame
from channels.wechat.messages import parse, render_text
from channels.wecom.bot.messages import parse as parse_robot
from channels.wecom.messages import parse as parse_wecom
from tests.conftest import SETTINGS
from tests.fakes.clock import START, FakeClock
from tests.fakes.platforms.dingtalk import FakeDingTalk
from tests.fakes.platforms.dingtalk_events import Pusher
from tests.fakes.platforms.feishu_connections import written
from tests.fakes.platforms.feishu_events import Pusher as FeishuPusher
from tests.fakes.platforms.wechat import AES_KEY, APP_ID, TOKEN, FakeWeChat
from tests.fakes.platforms.wecom import AGENT, FakeWeComApp
from tests.fakes.platforms.wecom_bot import FakeWeComBot

MANY = int(SETTINGS.get("KEQIAO_TEST_FUZZ") or 5_000)
PIECES = (
    b"<xml>", b"</xml>", b"<a>", b"</a>", b"<![CDATA[", b"]]>", b"<!DOCTYPE x>", b"&amp;", b"&#0;",
    b"<?xml version='1.0' encoding='gbk'?>", b"{", b"}", b"[", b"]", b'"', b"\\u0000", b"\\ud800",
    b"null", b"1e999", b"\x00", b"\xff", b"\xef\xbb\xbf", "😀".encode(), b"MsgType", b"event",
)  # fmt: skip


def spoiled(body: bytes, by: random.Random) -> bytes:
    """The body with some of it cut, doubled, turned or replaced."""
    for _ in range(by.randint(1, 4)):
        at, end = sorted((by.randint(0, len(body)), by.randint(0, len(body))))
        body = by.choice(
            (
                body[:at] + body[end:],
                body[:end] + body[at:],
                body[:at] + by.choice(PIECES) + body[at:],
                body[:at] + by.randbytes(by.randint(1, 8)) + body[end:],
                body[:at] + by.choice(PIECES) * by.randint(1, 40) + body[at:],
            )
        )[: 96 * 1024]
    return body


def test_nothing_that_wecom_may_say_breaks_the_reader() -> None:
    seed = random.SystemRandom().randrange(2**32)
    by = random.Random(seed)  # noqa: S311 -- to be played again
    platform = FakeWeComApp()
    card = {
        "card_type": "button_interaction",
        "task_id": f"kq1-{'0' * 20}",
        "button_list": [{"key": "1:x"}],
    }
    acts = [
        platform.fields(Content="你好"),
        platform.fields("event", Event="click", EventKey="查政策"),
        platform.press(card, 1),
    ]
    read = 0
    for number in range(MANY):
        body = spoiled(platform.written(by.choice(acts)).encode(), by)
        try:
            with suppress(BadBodyError, RefusedRequestError):
                fields = read_body(body)
                incoming = parse_wecom(fields, now=START, greeting="你好", agent_id=AGENT)
                read += bool(incoming.message().message_id)
        except Exception as error:
            raise AssertionError(f"seed {seed}, body {number}: {body!r}") from error
    assert 0 < read < MANY


def test_nothing_that_dingtalk_may_say_breaks_the_reader() -> None:
    seed = random.SystemRandom().randrange(2**32)
    by = random.Random(seed)  # noqa: S311 -- to be played again
    parts = [{"text": "图"}, {"downloadCode": "x", "type": "picture"}]
    with FakeDingTalk(FakeClock(), secret="s") as fake:  # noqa: S106 -- no real one
        pusher = Pusher(fake=fake, secret="s")  # noqa: S106 -- no real one
        acts = [
            pusher.said("你好", group="cidTeam=="),
            pusher.said("", msgtype="audio", content={"recognition": "x"}),
            pusher.said("", msgtype="richText", content={"richText": parts}),
        ]
    read = 0
    for number in range(MANY):
        body = spoiled(json.dumps(by.choice(acts), ensure_ascii=False).encode(), by)
        try:
            with suppress(BadBodyError, RefusedRequestError):
                incoming = parse_dingtalk(read_body(body), now=START, greeting="你好")
                read += incoming is not None and bool(incoming.message().message_id)
        except Exception as error:
            raise AssertionError(f"seed {seed}, body {number}: {body!r}") from error
    assert 0 < read < MANY


def test_nothing_that_the_smart_robot_is_told_breaks_its_reader() -> None:
    seed = random.SystemRandom().randrange(2**32)
    by = random.Random(seed)  # noqa: S311 -- to be played again
    with FakeWeComBot() as platform:
        card = {
            "card_type": "button_interaction",
            "task_id": f"kq1-{'0' * 20}",
            "button_list": [{"key": "1:x"}],
        }
        acts = [
            platform.text("@科桥 你好", chat="wrk"),
            platform.fields("stream", stream={"id": "kq1"}),
            platform.press(card, 1),
            platform.event("feedback_event", {"id": "kq1", "type": 2}),
        ]
    read = 0
    for number in range(MANY):
        body = spoiled(json.dumps(by.choice(acts), ensure_ascii=False).encode(), by)
        try:
            with suppress(BadBodyError, RefusedRequestError):
                incoming = parse_robot(read_body(body), now=START, name="科桥", greeting="你好")
                read += bool(incoming.message().message_id)
        except Exception as error:
            raise AssertionError(f"seed {seed}, body {number}: {body!r}") from error
    assert 0 < read < MANY


def test_nothing_that_feishu_may_say_breaks_the_readers() -> None:
    seed = random.SystemRandom().randrange(2**32)
    by = random.Random(seed)  # noqa: S311 -- to be played again
    pusher = FeishuPusher(url="", clock=FakeClock(), encrypt_key="")
    us = {"key": "@_user_1", "id": {"open_id": "ou_bot"}, "name": "科桥"}
    post = json.dumps({"title": "x", "content": [[{"tag": "text", "text": "y"}]]})
    acts = [
        pusher.said("@_user_1 你好", group="oc_team", mentions=[us]),
        pusher.said("", message_type="post", content=post),
        pusher.pressed({"say": "转人工", "at": "ou_li", "on": "7"}),
    ]
    headers = {"type": "event", "message_id": "m", "sum": "1", "seq": "0"}
    read = 0
    for number in range(MANY):
        body = json.dumps(by.choice(acts), ensure_ascii=False).encode()
        framed = written(1, headers, spoiled(body, by))
        body = spoiled(framed, by) if by.random() < 0.5 else framed
        try:
            with suppress(BadBodyError, RefusedRequestError):
                event = read_event(read_body(read_frame(body).payload))
                incoming = parse_feishu(event, now=START, greeting="你好", me=lambda: "ou_bot")
                read += incoming is not None and bool(incoming.message().message_id)
        except Exception as error:
            raise AssertionError(f"seed {seed}, body {number}: {body!r}") from error
    assert 0 < read < MANY


def test_no_body_breaks_the_readers() -> None:
    seed = random.SystemRandom().randrange(2**32)
    by = random.Random(seed)  # noqa: S311 -- to be played again
    platform = FakeWeChat()
    envelopes = Envelopes(token=TOKEN, keys=[AES_KEY], receive_id=APP_ID)
    acts = [
        platform.fields(Content="你好"),
        platform.fields("voice", Recognition="x"),
        platform.fields("event", Event="subscribe", EventKey="qrscene_1"),
    ]
    read = 0
    for number in range(MANY):
        platform.as_json = by.random() < 0.5
        body = spoiled(platform.request(by.choice(acts))[1], by)
        at = {"timestamp": "1", "nonce": "n"}
        try:
            with suppress(BadBodyError, RefusedRequestError):
                incoming = parse(read_body(body), now=START, greeting="你好")
                incoming.message(incoming.text or "")
                answer = render_text(incoming, incoming.text or "", now=START, as_json=False)
                read += bool(read_body(answer))
            with suppress(BadEnvelopeError):
                encrypt = body.decode("latin-1")
                signed = signature(TOKEN, "1", "n", encrypt)
                envelopes.open(encrypt, signature=signed, **at)
        except Exception as error:
            raise AssertionError(f"seed {seed}, body {number}: {body!r}") from error
    assert 0 < read < MANY
