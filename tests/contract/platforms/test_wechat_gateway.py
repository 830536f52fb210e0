"""The Official Account's way in: signed callbacks over HTTP, plain and sealed, XML and JSON."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient

from channels.envelopes import Envelopes, Sealed
from channels.gateway.app import make_app
from channels.wechat.settings import WeChatSettings
from core.domain.conversations import Address, InboundMessage
from core.domain.records import Library
from core.domain.reminders import ReminderState
from core.domain.subscriptions import Interest
from core.persistence import SqlUnits
from core.services.subscriptions import Subscribe
from tests.factories import make_event, make_outbound, make_reminder
from tests.fakes.clock import FakeClock
from tests.fakes.platforms.wechat import (
    ACCOUNT,
    AES_KEY,
    APP_ID,
    FAN,
    SECRET,
    TOKEN,
    FakeWeChat,
)
from tests.unit.channels.running import Site, make_settings

PERSON = Address(channel="wechat", user=FAN)
SETTINGS = WeChatSettings(app_id=APP_ID, token=TOKEN, secret=SECRET)
SAFE = replace(SETTINGS, aes_keys=(AES_KEY,))


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def platform(clock: FakeClock) -> FakeWeChat:
    return FakeWeChat(clock=clock)


@pytest.fixture
def site(sqlite_units: SqlUnits, clock: FakeClock) -> Site:
    return Site(units=sqlite_units, clock=clock)


@contextmanager
def visiting(site: Site, settings: WeChatSettings = SETTINGS) -> Iterator[TestClient]:
    whole = replace(make_settings(), wechat=settings)
    app = make_app(whole, accept=site.accept, units=site.units, bell=site.bell)
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def client(site: Site) -> Iterator[TestClient]:
    with visiting(site) as made:
        yield made


def call(client: TestClient, platform: FakeWeChat, fields: dict[str, Any]) -> Any:
    query, body = platform.request(fields)
    return client.post(f"/wechat?{query}", content=body)


def inbox(site: Site) -> list[InboundMessage]:
    with site.units() as unit:
        entries = unit.inbox.claim(site.clock.now(), timedelta(seconds=1))
    return [entry.message for entry in entries]


def texts(site: Site) -> list[str]:
    return [message.text for message in inbox(site)]


def allowed(site: Site) -> dict[str, int]:
    with site.units() as unit:
        return {one.name: one.left for one in unit.allowances.of(PERSON, site.clock.now())}


def test_the_address_is_verified_by_echo(client: TestClient, platform: FakeWeChat) -> None:
    query, _ = platform.request(platform.fields())
    response = client.get(f"/wechat?{query}&echostr=5927782489442352469")
    assert (response.status_code, response.text) == (200, "5927782489442352469")
    assert response.headers["content-type"].startswith("text/plain")
    assert client.get(f"/wechat?{query}").status_code == 401
    wrong = query.replace("signature=", "signature=0")
    assert client.get(f"/wechat?{wrong}&echostr=1").status_code == 401


@pytest.mark.parametrize("as_json", [False, True])
@pytest.mark.parametrize("aes_key", [None, AES_KEY])
def test_a_text_is_accepted_and_acknowledged(
    site: Site, platform: FakeWeChat, *, as_json: bool, aes_key: str | None
) -> None:
    platform.as_json, platform.aes_key = as_json, aes_key
    with visiting(site, SAFE if aes_key else SETTINGS) as client:
        response = call(client, platform, platform.fields(Content="有什么政策？"))
    assert (response.status_code, response.text) == (200, "success")
    (message,) = inbox(site)
    assert (message.address, message.text) == (PERSON, "有什么政策？")
    assert allowed(site) == {"message": 5}


def test_the_same_message_again_is_the_same_also_hours_later(
    client: TestClient, site: Site, platform: FakeWeChat, clock: FakeClock
) -> None:
    fields = platform.fields(Content="你好")
    for wait in (0, 5, 5, 8 * 3600):
        clock.advance(timedelta(seconds=wait))
        assert call(client, platform, fields).text == "success"
    assert texts(site) == ["你好"]


def test_the_same_event_again_is_the_same(
    client: TestClient, site: Site, platform: FakeWeChat
) -> None:
    fields = platform.fields("event", Event="CLICK", EventKey="查政策")
    for _ in range(3):
        call(client, platform, fields)
    assert texts(site) == ["查政策"]
    assert allowed(site) == {"menu": 3}


def test_a_message_said_again_allows_no_more_than_once(
    client: TestClient, site: Site, platform: FakeWeChat
) -> None:
    fields = platform.fields(Content="你好")
    call(client, platform, fields)
    with site.units() as unit:
        unit.allowances.take(PERSON, ["message"], 2, site.clock.now())
        unit.commit()
    call(client, platform, fields)
    assert allowed(site) == {"message": 3}


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"Event": "subscribe", "EventKey": ""}, "你好"),
        ({"Event": "subscribe", "EventKey": "qrscene_路演报名"}, "路演报名"),
        ({"Event": "subscribe", "EventKey": "qrscene_1234"}, "你好"),
        ({"Event": "SCAN", "EventKey": "查政策"}, "查政策"),
        ({"Event": "CLICK", "EventKey": "登记需求"}, "登记需求"),
    ],
)
def test_what_a_person_does_says_something_in_their_name(
    client: TestClient, site: Site, platform: FakeWeChat, *, fields: dict[str, str], text: str
) -> None:
    call(client, platform, platform.fields("event", **fields))
    assert texts(site) == [text]


@pytest.mark.parametrize("event", ["VIEW", "LOCATION", "TEMPLATESENDJOBFINISH", "whatever"])
def test_events_that_say_nothing_are_acknowledged(
    client: TestClient, site: Site, platform: FakeWeChat, event: str
) -> None:
    response = call(client, platform, platform.fields("event", Event=event, EventKey="x"))
    assert (response.status_code, response.text) == (200, "success")
    assert inbox(site) == []


@pytest.mark.parametrize(
    ("kind", "fields", "text"),
    [
        ("voice", {"MediaId": "m", "Format": "amr", "Recognition": "有什么路演"}, "有什么路演"),
        ("voice", {"MediaId": "m", "Format": "amr"}, ""),
        ("image", {"PicUrl": "http://127.0.0.1/p", "MediaId": "m"}, ""),
        ("location", {"Location_X": "31.2", "Location_Y": "121.4", "Label": "上海"}, ""),
        ("link", {"Title": "t", "Url": "http://127.0.0.1/"}, ""),
        ("text", {"Content": "  "}, ""),
    ],
)
def test_other_kinds_of_messages_are_taken_as_far_as_they_can_be_read(
    client: TestClient,
    site: Site,
    platform: FakeWeChat,
    *,
    kind: str,
    fields: dict[str, str],
    text: str,
) -> None:
    assert call(client, platform, platform.fields(kind, **fields)).text == "success"
    (message,) = inbox(site)
    assert (message.text, message.kind) == (text, "text" if text else "other")


def test_who_leaves_is_sent_nothing_more(
    client: TestClient, site: Site, platform: FakeWeChat
) -> None:
    call(client, platform, platform.fields(Content="你好"))
    event = make_event()
    Subscribe(units=site.units, clock=site.clock)(PERSON, [Interest(libraries=(Library.EVENTS,))])
    with site.units() as unit:
        unit.records.put(event)
        reminder, _ = unit.reminders.put(make_reminder(event, address=PERSON))
        unit.outbox.put(make_outbound(address=PERSON, key="push:1"), site.clock.now())
        unit.commit()
    for _ in range(2):
        call(client, platform, platform.fields("event", Event="unsubscribe", EventKey=""))
    with site.units() as unit:
        assert unit.subscriptions.of(PERSON) == []
        assert unit.reminders.planned(PERSON) == []
        assert unit.outbox.queued(PERSON) == []
        found = unit.reminders.find(reminder.key)
        assert found is not None
        assert found.state is ReminderState.CANCELLED
    assert allowed(site) == {}
    assert texts(site) == ["你好"]


@pytest.mark.parametrize("name", ["signature", "timestamp", "nonce"])
def test_without_a_parameter_or_with_another_nothing_is_taken(
    client: TestClient, site: Site, platform: FakeWeChat, name: str
) -> None:
    query, body = platform.request(platform.fields(Content="你好"))
    pairs = dict(pair.split("=", 1) for pair in query.split("&"))
    for value in (None, "", "0", "9" * 200, "%00", "%F0%9F%98%80"):
        changed = {key: one for key, one in pairs.items() if key != name or value is not None}
        if value is not None:
            changed[name] = value
        said = "&".join(f"{key}={one}" for key, one in changed.items())
        assert client.post(f"/wechat?{said}", content=body).status_code == 401
    assert inbox(site) == []


@pytest.mark.parametrize(("seconds", "status"), [(-301, 401), (-299, 200), (299, 200), (301, 401)])
def test_a_signature_holds_for_five_minutes(
    client: TestClient, platform: FakeWeChat, clock: FakeClock, *, seconds: int, status: int
) -> None:
    query, body = platform.request(platform.fields(Content="你好"))
    clock.advance(timedelta(seconds=seconds))
    assert client.post(f"/wechat?{query}", content=body).status_code == status


def test_who_overheard_a_signature_cannot_say_something_else_with_it(
    client: TestClient, site: Site, platform: FakeWeChat
) -> None:
    query, body = platform.request(platform.fields(Content="你好"))
    _, other = platform.request(platform.fields(Content="退订"))
    assert client.post(f"/wechat?{query}", content=body).status_code == 200
    assert client.post(f"/wechat?{query}", content=other).status_code == 401
    assert client.post(f"/wechat?{query}", content=body).status_code == 200, "said again"
    assert texts(site) == ["你好"]


def test_with_a_key_nothing_unsealed_is_taken_and_what_was_changed_neither(
    site: Site, platform: FakeWeChat
) -> None:
    fields = platform.fields(Content="你好")
    with visiting(site, SAFE) as client:
        assert call(client, platform, fields).status_code == 401
        platform.aes_key = AES_KEY
        query, body = platform.request(fields)
        assert client.post(f"/wechat?{query}", content=body[:-80] + body[-79:]).status_code != 200
        other = replace(platform, aes_key=AES_KEY[::-1])
        assert call(client, other, fields).status_code == 401
    assert inbox(site) == []


def test_while_the_key_is_being_changed_both_are_heard(site: Site, platform: FakeWeChat) -> None:
    both = replace(SETTINGS, aes_keys=(AES_KEY[::-1], AES_KEY))
    platform.aes_key = AES_KEY
    with visiting(site, both) as client:
        assert call(client, platform, platform.fields(Content="你好")).status_code == 200
    assert texts(site) == ["你好"]


@pytest.mark.parametrize(
    "body",
    [b"", b"x", b"<xml></xml>", b"{}", b"<xml>" * 20, b"<xml><MsgType>text</MsgType></xml>"],
)
def test_a_body_that_says_nothing_is_refused(
    client: TestClient, site: Site, platform: FakeWeChat, body: bytes
) -> None:
    query, _ = platform.request(platform.fields())
    assert client.post(f"/wechat?{query}", content=body).status_code == 400
    assert inbox(site) == []


def test_a_body_over_the_cap_is_refused(client: TestClient, platform: FakeWeChat) -> None:
    query, body = platform.request(platform.fields(Content="长" * 30_000))
    assert client.post(f"/wechat?{query}", content=body).status_code == 413


def test_a_text_too_long_to_be_kept_is_answered_not_dropped(
    client: TestClient, site: Site, platform: FakeWeChat
) -> None:
    response = call(client, platform, platform.fields(Content="长" * 4_001))
    assert response.status_code == 200
    assert "太长" in response.text
    assert f"<ToUserName><![CDATA[{FAN}]]></ToUserName>" in response.text
    assert f"<FromUserName><![CDATA[{ACCOUNT}]]></FromUserName>" in response.text
    assert inbox(site) == []


def test_an_answer_in_the_request_is_sealed_when_the_request_was(
    site: Site, platform: FakeWeChat
) -> None:
    platform.aes_key, platform.as_json = AES_KEY, True
    with visiting(site, SAFE) as client:
        answer = call(client, platform, platform.fields(Content="长" * 4_001)).json()
    sealed = Sealed(
        encrypt=answer["Encrypt"],
        signature=answer["MsgSignature"],
        timestamp=str(answer["TimeStamp"]),
        nonce=answer["Nonce"],
    )
    envelopes = Envelopes(token=TOKEN, keys=[AES_KEY], receive_id=APP_ID)
    text = envelopes.open(
        sealed.encrypt,
        signature=sealed.signature,
        timestamp=sealed.timestamp,
        nonce=sealed.nonce,
    )
    assert "太长" in text.decode()


def test_strangers_are_held_to_a_rate(client: TestClient, platform: FakeWeChat) -> None:
    query, body = platform.request(platform.fields())
    wrong = query.replace("signature=", "signature=0")
    statuses = {client.post(f"/wechat?{wrong}", content=body).status_code for _ in range(130)}
    assert statuses == {401, 429}


def test_without_an_account_in_the_settings_there_is_no_entrance(site: Site) -> None:
    app = make_app(make_settings(), accept=site.accept, units=site.units)
    with TestClient(app) as client:
        assert client.post("/wechat", content=b"<xml/>").status_code == 404
