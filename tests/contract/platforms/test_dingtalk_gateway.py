"""DingTalk's way in, as strangers and a careless platform use it."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from channels.dingtalk.settings import DingTalkSettings
from channels.dingtalk.signing import sign, signed
from channels.gateway.app import make_app
from core.persistence import SqlUnits
from tests.fakes.clock import FakeClock
from tests.fakes.platforms.dingtalk import APP_KEY, FakeDingTalk
from tests.fakes.platforms.dingtalk_events import Pusher
from tests.unit.channels.running import Site, make_settings

SECRET = "app secret of the tests"  # noqa: S105 -- no real one
PATH = "/dingtalk"


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def pusher(clock: FakeClock) -> Iterator[Pusher]:
    with FakeDingTalk(clock, secret=SECRET) as fake:
        yield Pusher(fake=fake, secret=SECRET)


@pytest.fixture
def site(sqlite_units: SqlUnits, clock: FakeClock) -> Site:
    app = DingTalkSettings(
        app_key=APP_KEY,
        app_secret=SECRET,
        robot_code=APP_KEY,
        api_base="http://127.0.0.1:9",
        oapi_base="http://127.0.0.1:9",
    )
    return Site(units=sqlite_units, clock=clock, settings=replace(make_settings(), dingtalk=app))


@pytest.fixture
def client(site: Site) -> Iterator[TestClient]:
    app = make_app(site.settings, accept=site.accept, units=site.units, bell=site.bell)
    with TestClient(app, raise_server_exceptions=False) as made:
        yield made


def inbox(site: Site) -> list[str]:
    with site.units() as unit:
        entries = unit.inbox.claim(site.clock.now(), timedelta(seconds=1))
    return [entry.message.text for entry in entries]


def body_of(message: Any) -> bytes:
    return json.dumps(message).encode()


def test_whatever_is_wrong_with_a_signature_the_message_is_refused(
    client: TestClient, site: Site, pusher: Pusher, clock: FakeClock
) -> None:
    body, good = body_of(pusher.said("你好")), pusher.headers()
    changes: list[dict[str, str | None]] = [
        {"timestamp": None, "sign": None},
        {"sign": None},
        {"sign": ""},
        {"sign": "0" * 44},
        {"sign": good["sign"].swapcase()},
        {"timestamp": None},
        {"timestamp": "nan"},
        {"timestamp": "-1"},
        {"timestamp": "9" * 15},
        {"timestamp": "9" * 40},
        {"timestamp": str(int(good["timestamp"]) + 1)},
    ]
    for change in changes:
        headers = {name: value for name, value in {**good, **change}.items() if value is not None}
        response = client.post(PATH, content=body, headers=headers)
        assert (response.status_code, response.json()["error"]) == (401, "signature_wrong"), change
    other = replace(pusher, secret="another")  # noqa: S106 -- no real one
    assert client.post(PATH, content=body, headers=other.headers()).status_code == 401
    for seconds, status in ((-301, 401), (301, 401), (-3599, 401), (-299, 200), (299, 200)):
        headers = pusher.headers(at=clock.now() + timedelta(seconds=seconds))
        assert client.post(PATH, content=body, headers=headers).status_code == status
    assert inbox(site) == ["你好"]


def test_what_is_heard_again_is_the_same(client: TestClient, site: Site, pusher: Pusher) -> None:
    body, headers = body_of(pusher.said("你好")), pusher.headers()
    for _ in range(3):
        assert client.post(PATH, content=body, headers=headers).status_code == 200
    assert inbox(site) == ["你好"]


def test_bodies_that_cannot_be_understood_are_refused_in_one_shape(
    client: TestClient, pusher: Pusher
) -> None:
    good = pusher.said("你好")
    bodies = [
        b"",
        b"[]",
        b"null",
        b'{"msgtype": ',
        b'{"a": ' * 5000 + b"1" + b"}" * 5000,
        b"\xff\xfe",
        *(
            body_of({**good, **change})
            for change in (
                {"msgId": ""},
                {"msgId": {"a": 1}},
                {"msgId": "x" * 300},
                {"msgId": "a b"},
                {"conversationType": "3"},
                {"conversationType": None},
                {"senderStaffId": "", "senderId": ""},
                {"conversationType": "2", "conversationId": "号"},
            )
        ),
    ]
    for body in bodies:
        response = client.post(PATH, content=body, headers=pusher.headers())
        assert (response.status_code, response.json()["error"]) == (400, "body_unreadable"), body
    big = body_of(pusher.said("长" * 40_000))
    assert client.post(PATH, content=big, headers=pusher.headers()).status_code == 413
    for strange in (
        {**good, "msgId": "m1", "text": None},
        {**good, "msgId": "m2", "msgtype": "richText", "content": {"richText": [1, None, {}]}},
        {**good, "msgId": "m3", "sessionWebhookExpiredTime": "9" * 30, "createAt": "x"},
        {"eventType": "robot_added"},
    ):
        response = client.post(PATH, content=body_of(strange), headers=pusher.headers())
        assert response.status_code == 200, strange


def test_a_wrong_signature_tells_nothing_of_the_body(client: TestClient, pusher: Pusher) -> None:
    headers = {**pusher.headers(), "sign": "x"}
    answers = {client.post(PATH, content=one, headers=headers).text for one in (b"{", b"{}", b"")}
    assert len(answers) == 1


def test_each_person_and_each_stranger_is_held_to_a_rate(
    client: TestClient, pusher: Pusher, clock: FakeClock
) -> None:
    def say(by: str) -> int:
        body = body_of(pusher.said("你好", by=by))
        return client.post(PATH, content=body, headers=pusher.headers()).status_code

    said = [say("zhang") for _ in range(40)]
    assert (said.count(200), said.count(429)) == (30, 10)
    assert say("li") == 200
    forged = [client.post(PATH, content=b"{}").status_code for _ in range(200)]
    assert forged[0] == 401
    assert forged[-1] == 429
    clock.advance(timedelta(seconds=60))
    assert say("zhang") == 200


def test_without_an_app_there_is_no_entrance(site: Site, pusher: Pusher) -> None:
    site.settings = replace(site.settings, dingtalk=None)
    app = make_app(site.settings, accept=site.accept, units=site.units, bell=site.bell)
    with TestClient(app) as closed:
        body = body_of(pusher.said("你好"))
        assert closed.post(PATH, content=body, headers=pusher.headers()).status_code == 404


def test_the_signature_is_that_of_the_vectors(shared: Path, clock: FakeClock) -> None:
    vectors = json.loads((shared / "vectors" / "platforms.json").read_text("utf-8"))
    found = [one for one in vectors["webhook_signs"] if "timestamp_ms" in one]
    assert found
    for one in found:
        assert sign(one["secret"], one["timestamp_ms"]) == one["sign"]
    made = signed("s", clock.now())
    assert sign("s", made["timestamp"]) == made["sign"]
