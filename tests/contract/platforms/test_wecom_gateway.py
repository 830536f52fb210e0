"""The app's way in: sealed callbacks over HTTP, as WeCom sends them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from fastapi.testclient import TestClient
from wechatpy.enterprise.crypto import WeChatCrypto

from channels.gateway.app import make_app
from channels.wecom.settings import WeComSettings
from core.domain.conversations import Address, Button, InboundMessage
from core.persistence import SqlUnits
from tests.factories import make_outbound, make_reply
from tests.fakes.clock import FakeClock
from tests.fakes.platforms.wecom import (
    AES_KEY,
    AGENT,
    CORP,
    MEMBER,
    SECRET,
    TOKEN,
    FakeWeComApp,
)
from tests.unit.channels.running import Site, make_settings

PERSON = Address(channel="wecom", user=MEMBER)
SETTINGS = WeComSettings(
    corp_id=CORP, agent_id=AGENT, secret=SECRET, token=TOKEN, aes_keys=(AES_KEY,)
)
CARD: dict[str, Any] = {
    "card_type": "button_interaction",
    "task_id": "kq7-" + "0" * 20,
    "button_list": [{"key": "1:查看详情"}, {"key": "2:不感兴趣"}],
}


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def platform(clock: FakeClock) -> Iterator[FakeWeComApp]:
    with FakeWeComApp(clock=clock) as fake:
        yield fake


@pytest.fixture
def site(sqlite_units: SqlUnits, clock: FakeClock) -> Site:
    return Site(units=sqlite_units, clock=clock)


@contextmanager
def visiting(site: Site, settings: WeComSettings) -> Iterator[TestClient]:
    whole = replace(make_settings(), wecom=settings)
    app = make_app(whole, accept=site.accept, units=site.units, bell=site.bell)
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def client(site: Site, platform: FakeWeComApp) -> Iterator[TestClient]:
    with visiting(site, replace(SETTINGS, api_base=platform.url)) as made:
        yield made


def call(client: TestClient, platform: FakeWeComApp, fields: dict[str, Any]) -> Any:
    query, body = platform.request(fields)
    return client.post(f"/wecom?{query}", content=body)


def inbox(site: Site) -> list[InboundMessage]:
    with site.units() as unit:
        entries = unit.inbox.claim(site.clock.now(), timedelta(seconds=1))
    return [entry.message for entry in entries]


def texts(site: Site) -> list[str]:
    return [message.text for message in inbox(site)]


def queued(site: Site) -> list[str]:
    with site.units() as unit:
        return [one.message.reply.text for one in unit.outbox.queued(PERSON)]


def test_the_address_is_verified_by_opening_what_is_sealed(
    client: TestClient, platform: FakeWeComApp
) -> None:
    query, echo = platform.sealed("1288432023552776189")
    response = client.get(f"/wecom?{urlencode({**query, 'echostr': echo})}")
    assert (response.status_code, response.text) == (200, "1288432023552776189")
    assert response.headers["content-type"].startswith("text/plain")
    assert client.get(f"/wecom?{urlencode(query)}").status_code == 401
    wrong = {**query, "msg_signature": "0" * 40, "echostr": echo}
    assert client.get(f"/wecom?{urlencode(wrong)}").status_code == 401


def test_a_text_is_accepted_and_acknowledged_with_nothing(
    client: TestClient, site: Site, platform: FakeWeComApp
) -> None:
    response = call(client, platform, platform.fields(Content="有什么政策？"))
    assert (response.status_code, response.content) == (200, b"")
    (message,) = inbox(site)
    assert (message.address, message.text) == (PERSON, "有什么政策？")


def test_what_wechatpy_seals_is_heard(
    client: TestClient, site: Site, platform: FakeWeComApp, clock: FakeClock
) -> None:
    fields = platform.fields(Content="由别的库加密😀")
    inner = "".join(f"<{name}>{value}</{name}>" for name, value in fields.items())
    at = str(int(clock.now().timestamp()))
    theirs = WeChatCrypto(TOKEN, AES_KEY, CORP)
    body = theirs.encrypt_message(f"<xml>{inner}</xml>", "n-1", at)
    signed = body.split("<MsgSignature><![CDATA[")[1].split("]]>")[0]
    query = urlencode({"msg_signature": signed, "timestamp": at, "nonce": "n-1"})
    assert client.post(f"/wecom?{query}", content=body.encode()).status_code == 200
    assert texts(site) == ["由别的库加密😀"]


def test_the_same_message_again_is_the_same_also_hours_later(
    client: TestClient, site: Site, platform: FakeWeComApp, clock: FakeClock
) -> None:
    fields = platform.fields(Content="你好")
    for wait in (0, 5, 5, 8 * 3600):
        clock.advance(timedelta(seconds=wait))
        assert call(client, platform, fields).status_code == 200
    assert texts(site) == ["你好"]


def test_a_tap_in_the_menu_says_its_key_once_however_often_it_is_told(
    client: TestClient, site: Site, platform: FakeWeComApp
) -> None:
    fields = platform.fields("event", Event="click", EventKey="查政策")
    for _ in range(3):
        call(client, platform, fields)
    assert texts(site) == ["查政策"]


def test_who_opens_the_app_is_greeted_the_first_time_alone(
    client: TestClient, site: Site, platform: FakeWeComApp, clock: FakeClock
) -> None:
    for _ in range(3):
        call(client, platform, platform.fields("event", Event="enter_agent", EventKey=""))
        clock.advance(timedelta(days=1))
    assert texts(site) == ["你好"]


@pytest.mark.parametrize("event", ["subscribe", "view", "LOCATION", "batch_job_result", "new"])
def test_events_that_say_nothing_are_acknowledged(
    client: TestClient, site: Site, platform: FakeWeComApp, event: str
) -> None:
    response = call(client, platform, platform.fields("event", Event=event, EventKey="x"))
    assert (response.status_code, response.content) == (200, b"")
    assert inbox(site) == []


@pytest.mark.parametrize("kind", ["image", "voice", "video", "location", "link", "text"])
def test_what_is_no_text_is_taken_as_something_else(
    client: TestClient, site: Site, platform: FakeWeComApp, kind: str
) -> None:
    call(client, platform, platform.fields(kind, MediaId="m", Label="上海"))
    (message,) = inbox(site)
    assert (message.text, message.kind) == ("", "other")


def test_who_leaves_is_sent_nothing_more(
    client: TestClient, site: Site, platform: FakeWeComApp
) -> None:
    with site.units() as unit:
        unit.outbox.put(make_outbound(address=PERSON, key="push:1"), site.clock.now())
        unit.commit()
    for _ in range(2):
        call(client, platform, platform.fields("event", Event="unsubscribe", EventKey=""))
    assert queued(site) == []
    assert inbox(site) == []


def test_a_button_says_its_payload_and_the_card_is_updated_once(
    client: TestClient, site: Site, platform: FakeWeComApp
) -> None:
    button = Button(title="查看", payload="查看详情")
    with site.units() as unit:
        reply = make_reply("有一条新匹配", buttons=(button,))
        outbound = make_outbound(address=PERSON, reply=reply)
        delivery = unit.outbox.put(outbound, site.clock.now())
        unit.commit()
    card = {**CARD, "task_id": f"kq{delivery.id}-" + "0" * 20}
    pressed = platform.press(card, 1)
    for fields in (pressed, pressed, platform.press(card, 1)):
        assert call(client, platform, fields).status_code == 200
    assert texts(site) == ["查看详情"]
    (update,) = platform.updates
    assert update["button"]["replace_name"] == "已选：查看"
    assert update["userids"] == [MEMBER]
    assert update["response_code"] == pressed["ResponseCode"]


def test_another_button_of_the_same_card_is_answered_and_changes_nothing(
    client: TestClient, site: Site, platform: FakeWeComApp
) -> None:
    for number in (1, 2, 2):
        call(client, platform, platform.press(CARD, number))
    assert texts(site) == ["查看详情"]
    assert len(platform.updates) == 1
    (told,) = queued(site)
    assert "已经选过" in told


def test_a_press_counts_also_when_the_card_cannot_be_updated(
    client: TestClient, site: Site, platform: FakeWeComApp
) -> None:
    platform.answers = [-1]
    assert call(client, platform, platform.press(CARD, 1)).status_code == 200
    assert texts(site) == ["查看详情"]


@pytest.mark.parametrize(
    "fields", [{"TaskId": "other"}, {"EventKey": "x"}, {"EventKey": "9:x"}, {"TaskId": ""}]
)
def test_a_card_that_is_none_of_ours_says_nothing(
    client: TestClient, site: Site, platform: FakeWeComApp, fields: dict[str, str]
) -> None:
    assert call(client, platform, platform.press(CARD, 1, **fields)).status_code == 200
    assert inbox(site) == []


@pytest.mark.parametrize("name", ["msg_signature", "timestamp", "nonce"])
def test_without_a_parameter_or_with_another_nothing_is_taken(
    client: TestClient, site: Site, platform: FakeWeComApp, name: str
) -> None:
    query, body = platform.request(platform.fields(Content="你好"))
    pairs = dict(pair.split("=", 1) for pair in query.split("&"))
    for value in (None, "", "0", "9" * 200, "%00", "%F0%9F%98%80"):
        changed = {key: one for key, one in pairs.items() if key != name or value is not None}
        if value is not None:
            changed[name] = value
        said = "&".join(f"{key}={one}" for key, one in changed.items())
        assert client.post(f"/wecom?{said}", content=body).status_code == 401
    assert inbox(site) == []


@pytest.mark.parametrize(("seconds", "status"), [(-301, 401), (-299, 200), (299, 200), (301, 401)])
def test_a_signature_holds_for_five_minutes(
    client: TestClient, platform: FakeWeComApp, clock: FakeClock, *, seconds: int, status: int
) -> None:
    query, body = platform.request(platform.fields(Content="你好"))
    clock.advance(timedelta(seconds=seconds))
    assert client.post(f"/wecom?{query}", content=body).status_code == status


def test_a_nonce_is_for_one_message_alone(
    client: TestClient, site: Site, platform: FakeWeComApp
) -> None:
    query, body = platform.request(platform.fields(Content="你好"), nonce="n-1")
    other, changed = platform.request(platform.fields(Content="退订"), nonce="n-1")
    assert client.post(f"/wecom?{query}", content=body).status_code == 200
    assert client.post(f"/wecom?{query}", content=changed).status_code == 401
    assert client.post(f"/wecom?{other}", content=changed).status_code == 401
    assert client.post(f"/wecom?{query}", content=body).status_code == 200, "said again"
    assert texts(site) == ["你好"]


def test_what_is_for_another_corporation_app_or_key_is_refused(
    site: Site, client: TestClient, platform: FakeWeComApp
) -> None:
    assert call(client, platform, platform.fields(AgentID=7)).status_code == 400
    other = replace(platform, aes_key=AES_KEY[::-1])
    assert call(client, other, platform.fields(Content="你好")).status_code == 401
    elsewhere = replace(SETTINGS, corp_id="wwfedcba9876543210")
    with visiting(site, elsewhere) as their:
        assert call(their, platform, platform.fields(Content="你好")).status_code == 401
    assert inbox(site) == []


def test_while_the_key_is_being_changed_both_are_heard(site: Site, platform: FakeWeComApp) -> None:
    both = replace(SETTINGS, aes_keys=(AES_KEY[::-1], AES_KEY))
    with visiting(site, both) as client:
        assert call(client, platform, platform.fields(Content="旧")).status_code == 200
        platform.aes_key = AES_KEY[::-1]
        assert call(client, platform, platform.fields(Content="新")).status_code == 200
    assert texts(site) == ["旧", "新"]


@pytest.mark.parametrize(
    "inner",
    [
        "",
        "x",
        "<xml></xml>",
        "{}",
        "<a>" * 20 + "</a>" * 20,
        '<!DOCTYPE x [<!ENTITY y "z">]><xml><FromUserName>&y;</FromUserName></xml>',
        '<!DOCTYPE x SYSTEM "http://127.0.0.1:1/x.dtd"><xml><a>1</a></xml>',
        "<xml><FromUserName>LiLei</FromUserName><MsgType>text</MsgType></xml>",
        "<xml><FromUserName>@all</FromUserName><MsgId>1</MsgId></xml>",
        "<xml><FromUserName>a|b</FromUserName><MsgId>1</MsgId></xml>",
    ],
)
def test_sealed_nonsense_is_refused(
    client: TestClient, site: Site, platform: FakeWeComApp, inner: str
) -> None:
    query, encrypt = platform.sealed(inner)
    body = f"<xml><Encrypt>{encrypt}</Encrypt></xml>"
    response = client.post(f"/wecom?{urlencode(query)}", content=body.encode())
    assert response.status_code == 400
    assert inbox(site) == []


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"<xml>" * 20, 400),
        (b'<!DOCTYPE x [<!ENTITY y "z">]><xml><Encrypt>&y;</Encrypt></xml>', 400),
        (b"<xml></xml>", 400),
        (b"<xml><Encrypt></Encrypt></xml>", 401),
        (b"<xml><Encrypt>AAAA</Encrypt></xml>", 401),
        (b"<xml><a>" + b"x" * 66_000 + b"</a></xml>", 413),
    ],
)
def test_a_body_that_is_not_sealed_is_refused(
    client: TestClient, platform: FakeWeComApp, *, body: bytes, status: int
) -> None:
    query, _ = platform.request(platform.fields())
    assert client.post(f"/wecom?{query}", content=body).status_code == status


def test_a_text_too_long_to_be_kept_is_answered_not_dropped(
    client: TestClient, site: Site, platform: FakeWeComApp
) -> None:
    fields = platform.fields(Content="长" * 4_001)
    for _ in range(2):
        assert call(client, platform, fields).status_code == 200
    (told,) = queued(site)
    assert "太长" in told
    assert inbox(site) == []


def test_strangers_are_held_to_a_rate(client: TestClient, platform: FakeWeComApp) -> None:
    query, body = platform.request(platform.fields())
    wrong = query.replace("msg_signature=", "msg_signature=0")
    statuses = {client.post(f"/wecom?{wrong}", content=body).status_code for _ in range(130)}
    assert statuses == {401, 429}


def test_without_an_app_in_the_settings_there_is_no_entrance(site: Site) -> None:
    app = make_app(make_settings(), accept=site.accept, units=site.units)
    with TestClient(app) as client:
        assert client.post("/wecom", content=b"<xml/>").status_code == 404
