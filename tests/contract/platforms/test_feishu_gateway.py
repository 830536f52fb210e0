"""Feishu's way in, as strangers and a careless platform use it."""

import json
import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient

from channels.bodies import BadBodyError
from channels.feishu.messages import Event, Incoming, parse, read_event
from channels.feishu.sealing import Seal
from channels.feishu.settings import FeishuSettings
from channels.gateway.app import make_app
from core.domain.errors import BadInputError
from core.persistence import SqlUnits
from tests.fakes.clock import START, FakeClock
from tests.fakes.platforms.feishu import BOT
from tests.fakes.platforms.feishu_events import Pusher, encrypt
from tests.unit.channels.running import Site, make_settings

KEY = "encrypt key of the tests"
TOKEN = "verification token of the tests"  # noqa: S105 -- no real one
PATH = "/feishu"


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def pusher(clock: FakeClock) -> Pusher:
    return Pusher(url="", clock=clock, encrypt_key=KEY, verification_token=TOKEN)


def make_feishu(**changes: Any) -> FeishuSettings:
    settings = FeishuSettings(
        app_id="cli_1",
        app_secret="s",  # noqa: S106 -- no real one
        encrypt_key=KEY,
        verification_token=TOKEN,
        api_base="http://127.0.0.1:9",
    )
    return replace(settings, **changes)


@pytest.fixture
def site(sqlite_units: SqlUnits, clock: FakeClock) -> Site:
    settings = replace(make_settings(), feishu=make_feishu())
    return Site(units=sqlite_units, clock=clock, settings=settings)


@pytest.fixture
def client(site: Site) -> Iterator[TestClient]:
    with visiting(site) as made:
        yield made


def visiting(site: Site) -> TestClient:
    app = make_app(site.settings, accept=site.accept, units=site.units, bell=site.bell)
    return TestClient(app, raise_server_exceptions=False)


def inbox(site: Site) -> list[str]:
    with site.units() as unit:
        entries = unit.inbox.claim(site.clock.now(), timedelta(seconds=1))
    return [entry.message.text for entry in entries]


def test_a_challenge_is_said_back_at_once_sealed_or_not(
    client: TestClient, pusher: Pusher
) -> None:
    asked = {"type": "url_verification", "challenge": "c-1", "token": TOKEN}
    for body in (json.dumps(asked).encode(), pusher.sealed(asked)):
        for headers in ({}, pusher.headers(body)):
            response = client.post(PATH, content=body, headers=headers)
            assert (response.status_code, response.json()) == (200, {"challenge": "c-1"})


def test_a_challenge_of_somebody_else_is_not(
    client: TestClient, site: Site, pusher: Pusher
) -> None:
    asked = {"type": "url_verification", "challenge": "c-1", "token": "wrong"}
    strange = json.dumps({"encrypt": encrypt("other key", json.dumps(asked))}).encode()
    for body in (
        json.dumps(asked).encode(),
        pusher.sealed(asked),
        strange,
        b'{"encrypt": "AA=="}',
    ):
        assert client.post(PATH, content=body).status_code == 401
    site.settings = replace(site.settings, feishu=make_feishu(verification_token=None))
    with visiting(site) as other:
        assert other.post(PATH, content=json.dumps(asked).encode()).status_code == 401
        assert other.post(PATH, content=pusher.sealed(asked)).status_code == 200


def test_whatever_is_wrong_with_a_signature_the_event_is_refused(
    client: TestClient, site: Site, pusher: Pusher, clock: FakeClock
) -> None:
    body = pusher.sealed(pusher.said("你好"))
    good = pusher.headers(body)
    changes: list[dict[str, str | None]] = [
        dict.fromkeys(good),
        {"X-Lark-Signature": None},
        {"X-Lark-Signature": ""},
        {"X-Lark-Signature": "0" * 64},
        {"X-Lark-Signature": good["X-Lark-Signature"].upper()},
        {"X-Lark-Request-Timestamp": None},
        {"X-Lark-Request-Timestamp": "nan"},
        {"X-Lark-Request-Timestamp": "-1"},
        {"X-Lark-Request-Timestamp": "9" * 12},
        {"X-Lark-Request-Timestamp": "9" * 40},
        {"X-Lark-Request-Nonce": None},
        {"X-Lark-Request-Nonce": "other"},
        {"X-Lark-Request-Nonce": "n" * 200},
    ]
    for change in changes:
        headers = {name: value for name, value in {**good, **change}.items() if value is not None}
        response = client.post(PATH, content=body, headers=headers)
        assert (response.status_code, response.json()["error"]) == (401, "signature_wrong"), change
    assert client.post(PATH, content=body + b" ", headers=good).status_code == 401
    for seconds, status in ((-301, 401), (301, 401), (-299, 200), (299, 200)):
        headers = pusher.headers(body, at=clock.now() + timedelta(seconds=seconds))
        assert client.post(PATH, content=body, headers=headers).status_code == status
    assert inbox(site) == ["你好"]


def test_an_event_without_the_verification_token_is_refused(
    client: TestClient, site: Site, pusher: Pusher
) -> None:
    pusher.verification_token = "other"  # noqa: S105 -- no real one
    body = pusher.sealed(pusher.said("你好"))
    assert client.post(PATH, content=body, headers=pusher.headers(body)).status_code == 401
    assert inbox(site) == []


def test_a_request_heard_before_says_nothing_again_and_its_nonce_serves_no_other(
    client: TestClient, site: Site, pusher: Pusher, clock: FakeClock
) -> None:
    body = pusher.sealed(pusher.said("你好"))
    headers = pusher.headers(body, nonce="n1")
    assert client.post(PATH, content=body, headers=headers).status_code == 200
    assert client.post(PATH, content=body, headers=headers).status_code == 200
    other = pusher.sealed(pusher.said("别的"))
    assert client.post(PATH, content=other, headers=pusher.headers(other, nonce="n1")).is_error
    assert inbox(site) == ["你好"]
    clock.advance(timedelta(minutes=11))
    again = pusher.headers(other, nonce="n1")
    assert client.post(PATH, content=other, headers=again).status_code == 200


def test_the_first_version_of_events_is_understood(
    client: TestClient, site: Site, pusher: Pusher
) -> None:
    inner = {
        "type": "message",
        "msg_type": "text",
        "chat_type": "private",
        "open_id": "ou_li",
        "open_message_id": "om_1",
        "open_chat_id": "oc_p2p",
        "text": "你好",
        "text_without_at_bot": "你好",
    }
    event = {"uuid": "u-1", "token": TOKEN, "ts": "1", "type": "event_callback", "event": inner}
    for change in ({}, {}, {"chat_type": "group", "is_mention": False, "open_message_id": "om_2"}):
        event["event"] = {**inner, **change}
        event["uuid"] = "u-2" if change else "u-1"
        body = pusher.sealed(event)
        assert client.post(PATH, content=body, headers=pusher.headers(body)).status_code == 200
    assert inbox(site) == ["你好"]


def malformed(pusher: Pusher) -> list[object]:
    """Events that are signed and none."""
    said = pusher.said("你好")
    message = said["event"]["message"]

    def with_message(**changes: object) -> dict[str, Any]:
        return {**said, "event": {**said["event"], "message": {**message, **changes}}}

    return [
        {},
        {"schema": "2.0"},
        {"event": []},
        {"header": {}, "event": {}},
        {"uuid": "u"},
        {**said, "header": {**said["header"], "event_id": "a b"}},
        {**said, "header": {**said["header"], "event_id": "e" * 101}},
        {**said, "event": {"message": message}},
        {**said, "event": {"message": message, "sender": {"sender_type": "user"}}},
        {**said, "event": {**said["event"], "message": 5}} | {"event": {"message": []}, "x": 1},
        with_message(content="{"),
        with_message(content="[]"),
        with_message(content="[" * 50),
        with_message(message_id=""),
        with_message(chat_type="group", chat_id="", mentions=[{}]),
        with_message(chat_type="group", mentions=["x"]),
        pusher.pressed(5),
        pusher.pressed("no json"),
        pusher.event("card.action.trigger", {"action": {"value": {"say": "a"}}}),
        pusher.event("im.chat.member.bot.added_v1", {}),
        pusher.event("im.chat.access_event.bot_p2p_chat_entered_v1", {"operator_id": {}}),
    ]


def test_a_signed_body_of_another_form_is_refused_clearly(
    client: TestClient, site: Site, pusher: Pusher
) -> None:
    bodies = [pusher.sealed(one) for one in malformed(pusher)]
    bodies += [json.dumps({"encrypt": encrypt(KEY, "[" * 9999)}).encode()]
    bodies += [
        b"",
        b"{",
        b"[]",
        b"[" * 9999,
        b"\xff\xfe",
        b'{"a":' * 50 + b"1" + b"}" * 50,
        b"<a/>",
    ]
    for body in bodies:
        response = client.post(PATH, content=body, headers=pusher.headers(body))
        opened = Seal(key=KEY).open(json.loads(body)["encrypt"]) if b"encrypt" in body else body
        assert 400 <= response.status_code < 500, (opened, response.status_code)
        assert response.json()["message"]
    huge = b'{"encrypt": "' + b"A" * 70_000 + b'"}'
    assert client.post(PATH, content=huge, headers=pusher.headers(huge)).status_code == 413
    assert inbox(site) == []


def test_what_is_nothing_to_us_is_acknowledged(
    client: TestClient, site: Site, pusher: Pusher
) -> None:
    events = [
        pusher.event("im.message.reaction.created_v1", {}),
        pusher.event("", {}),
        pusher.pressed({"key": "of another card"}),
    ]
    of_a_bot = pusher.said("你好")
    of_a_bot["event"]["sender"]["sender_type"] = "app"
    for event in [*events, of_a_bot]:
        body = pusher.sealed(event)
        assert client.post(PATH, content=body, headers=pusher.headers(body)).status_code == 200
    assert inbox(site) == []


def test_who_cannot_sign_is_limited_by_the_address_and_holds_nobody_up(
    client: TestClient, pusher: Pusher
) -> None:
    codes = [client.post(PATH, content=b'{"encrypt": "AA=="}').status_code for _ in range(122)]
    assert codes == [401] * 120 + [429] * 2
    body = pusher.sealed(pusher.said("你好"))
    assert client.post(PATH, content=body, headers=pusher.headers(body)).status_code == 200


def test_one_person_is_limited_and_feishu_brings_the_rest_again(
    client: TestClient, pusher: Pusher
) -> None:
    codes = []
    for _ in range(31):
        body = pusher.sealed(pusher.said("你好"))
        codes.append(client.post(PATH, content=body, headers=pusher.headers(body)).status_code)
    assert codes == [200] * 30 + [429]


def test_a_post_is_flattened_and_a_picture_is_no_text(pusher: Pusher) -> None:
    rows = [
        [
            {"tag": "text", "text": "请看"},
            {"tag": "a", "text": "通知", "href": "https://x.example/1"},
        ],
        [{"tag": "at", "user_id": "@_user_1"}, {"tag": "img", "image_key": "k"}],
        [{"tag": "at", "user_id": "@_user_2", "user_name": "王工"}],
        [{"tag": "code_block", "text": "a = 1"}, 5, {"tag": "emotion", "emoji_type": "OK"}],
    ]
    mentions = [
        {"key": "@_user_1", "id": {"open_id": BOT}, "name": "科桥"},
        {"key": "@_user_2", "id": {"open_id": "ou_wang"}, "name": "王工"},
    ]
    for post in (
        {"title": "标题", "content": rows},
        {"zh_cn": {"title": "标题", "content": rows}},
    ):
        event = pusher.said(
            "", group="oc_1", message_type="post", content=json.dumps(post), mentions=mentions
        )
        heard = understood(read_event(event))
        assert heard is not None
        assert heard.text == "标题\n请看通知（https://x.example/1）\n@王工\na = 1"
    picture = understood(read_event(pusher.said("", message_type="image", content="{}")))
    assert picture is not None
    assert (picture.text, picture.message().kind.value) == (None, "other")


def understood(event: Event) -> Incoming | None:
    return parse(event, now=START, greeting="你好", me=lambda: BOT)


def test_five_thousand_broken_events_are_understood_or_refused_and_nothing_else(
    pusher: Pusher,
) -> None:
    draw = random.Random(7)  # noqa: S311 -- the same every time
    odd: list[Any] = [
        None,
        True,
        0,
        -1,
        1e308,
        "",
        "x" * 300,
        "\ud800",
        "\x00",
        [],
        {},
        [[]],
        {"a": 1},
    ]
    kinds = [
        pusher.said("@_user_1 你好", group="oc_1", mentions=[{"key": "@_user_1", "id": {}}]),
        pusher.said("你好"),
        pusher.pressed({"say": "好", "at": "ou_li"}),
        pusher.event("im.chat.member.bot.added_v1", {"chat_id": "oc_1"}),
        {"uuid": "u", "event": {"type": "message", "open_id": "ou_1", "msg_type": "text"}},
    ]
    understood_ones = 0
    for _ in range(5000):
        event = json.loads(json.dumps(draw.choice(kinds)))
        for _ in range(draw.randint(1, 3)):
            break_one(event, draw, odd)
        try:
            heard = understood(read_event(event))
            if heard is not None:
                heard.message()
                understood_ones += 1
        except BadInputError:
            continue
    assert understood_ones > 100


def break_one(event: Any, draw: random.Random, odd: list[Any]) -> None:
    """Put something odd somewhere, or take something away."""
    place: Any = event
    while isinstance(place, dict | list) and place:
        key = draw.choice(list(place) if isinstance(place, dict) else range(len(place)))
        if not isinstance(place[key], dict | list) or not place[key] or draw.random() < 0.2:
            if draw.random() < 0.3:
                del place[key]
            else:
                place[key] = draw.choice(odd)
            return
        place = place[key]


def test_what_is_sealed_opens_again_and_with_no_other_key() -> None:
    for text in (b"{}", "科桥".encode() * 100, b"x" * 16):
        assert Seal(key=KEY).open(Seal(key=KEY).seal(text)) == text
    with pytest.raises(BadInputError):
        Seal(key="")
    assert not issubclass(BadBodyError, KeyError)
    assert KEY not in repr(make_feishu())
