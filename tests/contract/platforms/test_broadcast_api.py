"""The API of broadcasts over real HTTP, as a console uses it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx2
import pytest

from core.domain.subscriptions import Interest
from core.persistence import SqlUnits
from core.services.subscriptions import Subscribe
from keqiao.audiences import make_broadcasting
from keqiao.clock import SystemClock
from keqiao.desks.tokens import make_token
from keqiao.settings import Settings
from tests.factories import LI, WANG
from tests.fakes.wakeups import RecordingWakeups
from tests.unit.channels.running import Site, make_settings


@dataclass(kw_only=True)
class Console:
    """Asks in the name of whoever a token speaks for."""

    base: str
    home: Path
    units: SqlUnits

    def token(self, name: str, *desks: str) -> str:
        """A new token."""
        return make_token(self.home, name, frozenset(desks) or None)

    def call(self, method: str, path: str, token: str = "", json: Any = None) -> httpx2.Response:
        """One request."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        with httpx2.Client(base_url=self.base, timeout=10, trust_env=False) as client:
            return client.request(method, f"/broadcasts{path}", headers=headers, json=json)


@pytest.fixture
def console(sqlite_units: SqlUnits, tmp_path: Path) -> Iterator[Console]:
    home, clock = tmp_path / "var", SystemClock()
    broadcasts = make_broadcasting(
        Settings(home=home, broadcast_alone=1),
        units=sqlite_units,
        clock=clock,
        wakeups=RecordingWakeups(),
    )
    settings = replace(make_settings(), broadcasts=broadcasts)
    for one in (LI, WANG):
        Subscribe(units=sqlite_units, clock=clock)(one, [Interest(region="常州")])
    site = Site(units=sqlite_units, clock=clock, settings=settings)
    with site.serving():
        yield Console(base=site.base, home=home, units=sqlite_units)


ROUTES = [
    ("GET", ""),
    ("POST", ""),
    ("GET", "/1"),
    ("POST", "/1/try"),
    ("POST", "/1/send"),
    ("POST", "/1/approve"),
    ("POST", "/1/stop"),
]
BODIES = {"": {"text": "通知"}, "/1/try": {"to": "web:li"}}


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_only_tokens_for_every_desk_open_it(console: Console, method: str, path: str) -> None:
    body = BODIES.get(path) if method == "POST" else None
    assert console.call(method, path, json=body).status_code == 404
    narrow = console.token("narrow", "常州企业联络台")
    for token in ("", "wrong", narrow):
        refused = console.call(method, path, token, json=body)
        assert (refused.status_code, refused.json()["error"]) == (401, "token_wrong")


def test_from_a_draft_to_a_stop_by_two_people(console: Console) -> None:
    zhao, qian = console.token("zhao"), console.token("qian")
    draft = {"text": "周三停电", "region": "江苏省", "key": "power-1"}
    made = console.call("POST", "", zhao, draft).json()
    assert console.call("POST", "", zhao, draft).json()["number"] == made["number"] == 1
    assert (made["state"], made["people"]) == ("draft", {"web": 2})
    assert made["preview"]["web"].startswith("周三停电\n回复“退订群发”")
    assert console.call("POST", "/1/try", zhao, {"to": "web:zhao"}).status_code == 200
    assert console.call("POST", "/1/send", zhao).json()["state"] == "waiting"
    assert console.call("POST", "/1/approve", zhao).status_code == 409
    assert console.call("POST", "/1/approve", qian).json()["state"] == "sending"
    stopped = console.call("POST", "/1/stop", qian).json()
    assert stopped["state"] == "stopped"
    told = [(one["by"], one["step"]) for one in stopped["events"]]
    assert told == [
        ("zhao", "made"),
        ("zhao", "tried"),
        ("zhao", "waiting"),
        ("qian", "sending"),
        ("qian", "stopped"),
    ]
    listed = console.call("GET", "", zhao).json()["broadcasts"]
    assert [one["number"] for one in listed] == [1]


@pytest.mark.parametrize(
    "body",
    [
        {"text": ""},
        {"text": "通知", "roles": ["外星人"]},
        {"text": "通知", "region": "火星"},
        {"text": "通知", "industries": ["占星"]},
        {"text": "通知", "until": "2020-01-01T00:00:00+08:00"},
        {"text": "通知", "until": "2099-01-01T00:00:00"},
        {"text": 7},
        {},
        {"text": "通知", "more": 1},
    ],
)
def test_what_cannot_be_sent_makes_no_draft(console: Console, body: dict[str, Any]) -> None:
    zhao = console.token("zhao")
    assert console.call("POST", "", zhao, body).status_code == 422
    assert console.call("GET", "", zhao).json() == {"broadcasts": []}


def test_an_empty_audience_and_an_unknown_number_are_refused(console: Console) -> None:
    zhao = console.token("zhao")
    console.call("POST", "", zhao, {"text": "通知", "roles": ["政府"]})
    assert console.call("POST", "/1/send", zhao).status_code == 409
    assert console.call("GET", "/9", zhao).status_code == 404
    assert console.call("POST", "/0/stop", zhao).status_code == 404
