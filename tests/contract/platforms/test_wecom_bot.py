"""The smart robot called back: sealed JSON over HTTP, answered by streams and cards."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from fastapi.testclient import TestClient
from wechatpy.crypto import WeChatCrypto

from channels.gateway.app import make_app
from channels.wecom.settings import WeComBotSettings
from core.domain.conversations import Address, Button
from core.domain.deliveries import DeliveryState
from core.domain.documents import Verdict
from core.persistence import SqlUnits
from tests.contract.platforms.robots import call, handle, inbox, post, visiting
from tests.factories import make_outbound, make_reply
from tests.fakes.clock import FakeClock
from tests.fakes.platforms.wecom_bot import AES_KEY, BOT_NAME, MEMBER, TOKEN, FakeWeComBot
from tests.unit.channels.running import Site, make_settings

PERSON = Address(channel="wecom-bot", user=MEMBER)
GROUP = Address(channel="wecom-bot", user="chat/wrkSFfCgAA")
CHOICES = (Button(title="查看", payload="查看详情"), Button(title="算了", payload="不感兴趣"))


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def platform(clock: FakeClock) -> Iterator[FakeWeComBot]:
    with FakeWeComBot(clock=clock) as fake:
        yield fake


@pytest.fixture
def settings(platform: FakeWeComBot) -> WeComBotSettings:
    return WeComBotSettings(
        token=TOKEN, aes_keys=(AES_KEY,), name=BOT_NAME, api_base=platform.url, timeout=0.5
    )


@pytest.fixture
def site(sqlite_units: SqlUnits, clock: FakeClock) -> Site:
    return Site(units=sqlite_units, clock=clock)


@pytest.fixture
def client(site: Site, settings: WeComBotSettings) -> Iterator[TestClient]:
    with visiting(site, settings) as made:
        yield made


def states(site: Site) -> dict[DeliveryState, int]:
    with site.units() as unit:
        return unit.outbox.count_by_state()


def test_the_address_is_verified_by_opening_what_is_sealed(
    client: TestClient, platform: FakeWeComBot
) -> None:
    query, echo = platform.sealed("1288432023552776189")
    response = client.get(f"/wecom-bot?{urlencode({**query, 'echostr': echo})}")
    assert (response.status_code, response.text) == (200, "1288432023552776189")
    assert client.get(f"/wecom-bot?{urlencode(query)}").status_code == 401


def test_a_question_is_looked_up_and_its_answer_comes_when_it_is_asked_for_again(
    client: TestClient, site: Site, platform: FakeWeComBot
) -> None:
    first = call(client, platform, platform.text("有什么政策？"))
    assert first["msgtype"] == "stream"
    assert (first["stream"]["content"], first["stream"]["finish"]) == ("正在查询…", False)
    assert call(client, platform, platform.asked_again(first)) == first
    handle(site, make_reply("可以申报。"), make_reply("还有一条。"))
    for _ in range(2):
        last = call(client, platform, platform.asked_again(first))
        assert last["stream"]["id"] == first["stream"]["id"]
        assert last["stream"]["finish"] is True
        assert last["stream"]["content"] == "可以申报。\n\n还有一条。"
    assert states(site) == {DeliveryState.SENT: 2}


def test_the_same_message_again_is_the_same_stream(
    client: TestClient, site: Site, platform: FakeWeComBot
) -> None:
    fields = platform.text("有什么政策？")
    assert call(client, platform, fields) == call(client, platform, fields)
    assert [message.text for message in inbox(site)] == ["有什么政策？"]


def test_what_was_waiting_for_the_person_comes_with_the_stream(
    client: TestClient, site: Site, platform: FakeWeComBot
) -> None:
    gone = site.clock.now() - timedelta(seconds=1)
    with site.units() as unit:
        unit.outbox.put(make_outbound("提醒", address=PERSON, key="p1"), site.clock.now())
        old = replace(make_outbound("过时", address=PERSON, key="p2"), expires_at=gone)
        unit.outbox.put(old, site.clock.now())
        unit.commit()
    first = call(client, platform, platform.text("你好"))
    assert (first["stream"]["content"], first["stream"]["finish"]) == ("提醒", False)
    handle(site, make_reply("您好"))
    last = call(client, platform, platform.asked_again(first))
    assert (last["stream"]["content"], last["stream"]["finish"]) == ("提醒\n\n您好", True)


def test_choices_are_a_card_below_the_answer(
    client: TestClient, site: Site, platform: FakeWeComBot
) -> None:
    first = call(client, platform, platform.text("匹配"))
    handle(site, make_reply("有一条新匹配", buttons=CHOICES))
    last = call(client, platform, platform.asked_again(first))
    assert last["msgtype"] == "stream_with_template_card"
    card = last["template_card"]
    assert [one["text"] for one in card["button_list"]] == ["查看", "算了"]
    updated = call(client, platform, platform.press(card, 1))
    assert updated["response_type"] == "update_template_card"
    assert updated["template_card"]["task_id"] == card["task_id"]
    assert updated["template_card"]["button_list"][0]["text"] == "已选：查看"
    assert call(client, platform, platform.press(card, 1)) is None, "updated once"
    assert call(client, platform, platform.press(card, 2)) is None
    assert call(client, platform, platform.press(updated["template_card"], 1)) is None
    assert [message.text for message in inbox(site)] == ["查看详情"]
    with site.units() as unit:
        (told,) = unit.outbox.queued(PERSON)
    assert "已经选过" in told.message.reply.text


def test_who_enters_is_welcomed_at_once(
    client: TestClient, site: Site, platform: FakeWeComBot
) -> None:
    answer = call(client, platform, platform.event("enter_chat"))
    assert answer["msgtype"] == "text"
    assert "科桥" in answer["text"]["content"]
    assert inbox(site) == []


@pytest.mark.parametrize(("kind", "verdict"), [(1, Verdict.GOOD), (2, Verdict.BAD)])
def test_what_people_think_of_an_answer_is_kept_and_a_bad_one_queues_its_question(
    client: TestClient, site: Site, platform: FakeWeComBot, *, kind: int, verdict: Verdict
) -> None:
    first = call(client, platform, platform.text("有什么政策？"))
    handle(site, make_reply("可以申报。"))
    last = call(client, platform, platform.asked_again(first))
    feedback = {"id": last["stream"]["feedback"]["id"], "type": kind, "content": "不准确"}
    fields = platform.event("feedback_event", feedback)
    for _ in range(2):
        assert call(client, platform, fields) is None
    with site.units() as unit:
        questions = unit.questions.open()
    assert len(questions) == (verdict is Verdict.BAD)
    assert all("有什么政策？" in one.question for one in questions)


@pytest.mark.parametrize("stream", ["kq999999", "other", "", "kq" + "9" * 40])
def test_a_stream_or_judgement_of_something_else_is_ended(
    client: TestClient, platform: FakeWeComBot, stream: str
) -> None:
    answer = call(client, platform, platform.fields("stream", stream={"id": stream}))
    assert answer["stream"]["finish"] is True
    feedback = {"id": stream, "type": 2}
    assert call(client, platform, platform.event("feedback_event", feedback)) is None
    mine = call(client, platform, platform.text("你好"))
    theirs = call(client, platform, platform.asked_again(mine, user="SomebodyElse"))
    assert "结束" in theirs["stream"]["content"]


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ("@科桥 有什么政策？", "有什么政策？"),
        ("请问 @科桥 有什么政策？", "请问 有什么政策？"),
        ("@科桥 发给 a@b.cn", "发给 a@b.cn"),
        ("@科桥", "你好"),
    ],
)
def test_in_a_group_the_mention_is_no_part_of_what_is_said(
    client: TestClient, site: Site, platform: FakeWeComBot, *, said: str, text: str
) -> None:
    call(client, platform, platform.text(said, chat="wrkSFfCgAA"))
    (message,) = inbox(site)
    assert message.address == GROUP
    assert " ".join(message.text.split()) == text


def test_without_the_robots_name_the_first_mention_is_dropped(
    site: Site, platform: FakeWeComBot, settings: WeComBotSettings
) -> None:
    with visiting(site, replace(settings, name="")) as client:
        call(client, platform, platform.text("@RobotA hello robot", chat="wrkSFfCgAA"))
    (message,) = inbox(site)
    assert message.text == "hello robot"


@pytest.mark.parametrize(
    ("kind", "inner", "text"),
    [
        ("voice", {"content": "有什么路演"}, "有什么路演"),
        ("image", {"url": "http://127.0.0.1/p"}, ""),
        ("file", {"url": "http://127.0.0.1/f"}, ""),
        (
            "mixed",
            {"msg_item": [{"msgtype": "text", "text": {"content": "看图"}}, {"msgtype": "image"}]},
            "看图",
        ),
        ("mixed", {"msg_item": [7, {"msgtype": "text", "text": 7}]}, ""),
        ("new", {}, ""),
    ],
)
def test_other_kinds_are_taken_as_far_as_they_can_be_read(
    client: TestClient,
    site: Site,
    platform: FakeWeComBot,
    *,
    kind: str,
    inner: dict[str, Any],
    text: str,
) -> None:
    call(client, platform, {**platform.fields(kind), kind: inner})
    (message,) = inbox(site)
    assert (message.text, message.kind) == (text, "text" if text else "other")


def test_a_handoff_in_which_the_bot_is_silent_ends_the_stream_with_a_word(
    client: TestClient, site: Site, platform: FakeWeComBot
) -> None:
    first = call(client, platform, platform.text("转人工"))
    handle(site)
    last = call(client, platform, platform.asked_again(first))
    assert last["stream"]["finish"] is True
    assert "工作人员" in last["stream"]["content"]


def test_an_answer_longer_than_a_stream_takes_says_so(
    client: TestClient, site: Site, platform: FakeWeComBot
) -> None:
    first = call(client, platform, platform.text("全文"))
    handle(site, make_reply("为了示例，制定本办法。" * 1000))
    last = call(client, platform, platform.asked_again(first))
    assert "只显示前一部分" in last["stream"]["content"]


def test_a_text_too_long_to_be_kept_is_answered(
    client: TestClient, site: Site, platform: FakeWeComBot
) -> None:
    answer = call(client, platform, platform.text("长" * 4_001))
    assert "太长" in answer["stream"]["content"]
    assert answer["stream"]["finish"] is True
    assert inbox(site) == []


def test_what_wechatpy_seals_is_heard_and_what_we_seal_it_opens(
    client: TestClient, site: Site, platform: FakeWeComBot, clock: FakeClock
) -> None:
    theirs = WeChatCrypto(TOKEN, AES_KEY, "")
    at = str(int(clock.now().timestamp()))
    body = theirs.encrypt_message(json.dumps(platform.text("由别的库加密😀")), "n-1", at)
    encrypt = body.split("<Encrypt><![CDATA[")[1].split("]]>")[0]
    signed = hashlib.sha1("".join(sorted([TOKEN, at, "n-1", encrypt])).encode()).hexdigest()  # noqa: S324 -- WeCom's choice
    signs = urlencode({"msg_signature": signed, "timestamp": at, "nonce": "n-1"})
    answer = client.post(f"/wecom-bot?{signs}", content=json.dumps({"encrypt": encrypt})).json()
    opened = theirs.decrypt_message(
        f"<xml><Encrypt>{answer['encrypt']}</Encrypt></xml>",
        answer["msgsignature"],
        str(answer["timestamp"]),
        answer["nonce"],
    )
    assert json.loads(opened)["stream"]["content"] == "正在查询…"
    assert [message.text for message in inbox(site)] == ["由别的库加密😀"]


@pytest.mark.parametrize("name", ["msg_signature", "timestamp", "nonce"])
def test_without_a_parameter_or_with_another_nothing_is_taken(
    client: TestClient, site: Site, platform: FakeWeComBot, name: str
) -> None:
    query, body = platform.request(platform.text("你好"))
    pairs = dict(pair.split("=", 1) for pair in query.split("&"))
    for value in (None, "", "0", "9" * 200, "%00"):
        changed = {key: one for key, one in pairs.items() if key != name or value is not None}
        if value is not None:
            changed[name] = value
        said = "&".join(f"{key}={one}" for key, one in changed.items())
        assert client.post(f"/wecom-bot?{said}", content=body).status_code == 401
    assert inbox(site) == []


def test_a_nonce_is_for_one_message_alone_and_a_signature_for_five_minutes(
    client: TestClient, site: Site, platform: FakeWeComBot, clock: FakeClock
) -> None:
    for said, status in (("你好", 200), ("退订", 401)):
        query, encrypt = platform.sealed(json.dumps(platform.text(said)), nonce="n-1")
        body = json.dumps({"encrypt": encrypt}).encode()
        assert client.post(f"/wecom-bot?{urlencode(query)}", content=body).status_code == status
    late, body = platform.request(platform.text("晚了"))
    clock.advance(timedelta(seconds=301))
    assert client.post(f"/wecom-bot?{late}", content=body).status_code == 401
    assert [message.text for message in inbox(site)] == ["你好"]


def test_while_the_key_is_being_changed_both_are_heard(
    site: Site, platform: FakeWeComBot, settings: WeComBotSettings
) -> None:
    both = replace(settings, aes_keys=(AES_KEY[::-1], AES_KEY))
    with visiting(site, both) as client:
        assert post(client, platform, platform.text("旧")).status_code == 200
        platform.aes_key = AES_KEY[::-1]
        assert call(client, platform, platform.text("新"))["stream"]["finish"] is False
    assert [message.text for message in inbox(site)] == ["旧", "新"]


@pytest.mark.parametrize(
    "inner",
    [
        "",
        "x",
        "[]",
        "{}",
        '{"msgid": "1", "from": {"userid": "a"}, "chattype": "group", "msgtype": "text"}',
        '{"msgid": "1", "from": "a", "msgtype": "text"}',
        '{"msgid": "1", "from": {"userid": "a"}, "msgtype": "event"}',
        '{"msgid": "1", "from": {"userid": "a b"}, "msgtype": "text"}',
        '{"msgid": "", "from": {"userid": "a"}, "msgtype": "text"}',
        '{"a": ' + "[" * 30 + "]" * 30 + "}",
        '<!DOCTYPE x [<!ENTITY y "z">]><xml><a>&y;</a></xml>',
    ],
)
def test_sealed_nonsense_is_refused(
    client: TestClient, site: Site, platform: FakeWeComBot, inner: str
) -> None:
    query, encrypt = platform.sealed(inner)
    body = json.dumps({"encrypt": encrypt}).encode()
    assert client.post(f"/wecom-bot?{urlencode(query)}", content=body).status_code == 400
    assert inbox(site) == []


def test_a_body_over_the_cap_is_refused(client: TestClient, platform: FakeWeComBot) -> None:
    query, body = platform.request(platform.text("长" * 30_000))
    assert client.post(f"/wecom-bot?{query}", content=body).status_code == 413


def test_without_a_robot_in_the_settings_there_is_no_entrance(site: Site) -> None:
    app = make_app(make_settings(), accept=site.accept, units=site.units)
    with TestClient(app) as client:
        assert client.post("/wecom-bot", content=b"{}").status_code == 404
