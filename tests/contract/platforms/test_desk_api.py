"""The desk's API over real HTTP, as a console uses it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx2
import pytest

from channels.desk.settings import DeskSettings
from core.persistence import SqlUnits
from core.services.handoffs.liaisons import HandBack, ReplyToPerson, TakeHandoff
from core.services.handoffs.office import Office
from keqiao.clock import SystemClock
from keqiao.desks.office import make_opening
from keqiao.desks.tokens import make_token, tokens
from tests.factories import LI, WANG
from tests.offices import CAMPUS, FRONT, make_office
from tests.unit.channels.running import Site, make_settings


@dataclass(kw_only=True)
class Console:
    """Asks in the name of whoever a token speaks for."""

    base: str
    home: Path
    office: Office

    def token(self, name: str, *desks: str) -> str:
        """A new token."""
        return make_token(self.home, name, frozenset(desks) or None)

    def call(
        self,
        method: str,
        path: str,
        token: str | None = None,
        *,
        key: str | None = None,
        json: Any = None,
        **headers: str,
    ) -> httpx2.Response:
        """One request."""
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        if key is not None:
            headers["Idempotency-Key"] = key
        with httpx2.Client(base_url=self.base, timeout=10, trust_env=False) as client:
            return client.request(method, f"/desk/handoffs{path}", headers=headers, json=json)

    def ask(self, text: str, *, user: str = "li", message_id: str = "1") -> int:
        """Somebody asks for a person."""
        address = replace(LI, user=user)
        opened = make_opening(self.office)(text, address=address, message_id=message_id)
        return opened.handoff.id

    def told(self, user: str = "li") -> list[str]:
        """What is queued for a person."""
        with self.office.units() as unit:
            queued = unit.outbox.queued(replace(LI, user=user))
        return [delivery.message.reply.text for delivery in queued]


@pytest.fixture
def console(sqlite_units: SqlUnits, tmp_path: Path) -> Iterator[Console]:
    home = tmp_path / "var"
    clock = SystemClock()
    office = make_office(sqlite_units, clock)
    desk = DeskSettings(
        tokens=lambda: tokens(home),
        take=TakeHandoff(office=office),
        reply=ReplyToPerson(office=office),
        hand_back=HandBack(office=office),
    )
    site = Site(units=sqlite_units, clock=clock, settings=replace(make_settings(), desk=desk))
    with site.serving():
        yield Console(base=site.base, home=home, office=office)


def error(response: httpx2.Response) -> tuple[int, str]:
    body = response.json()
    assert body["message"], "every refusal says something"
    return response.status_code, body["error"]


ROUTES = [
    ("GET", ""),
    ("GET", "/1"),
    ("POST", "/1/take"),
    ("POST", "/1/replies"),
    ("POST", "/1/return"),
]


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_without_any_token_there_is_no_api(console: Console, method: str, path: str) -> None:
    console.ask("转人工")
    response = console.call(method, path, "anything", key="k", json={"text": "您好"})
    assert error(response) == (404, "not_found")


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_a_wrong_token_opens_nothing(console: Console, method: str, path: str) -> None:
    console.ask("转人工")
    token = console.token("anna")
    wrong: tuple[dict[str, str], ...] = (
        {},
        {"Authorization": token},
        {"Authorization": "Bearer"},
        {"Authorization": f"Basic {token}"},
        {"Authorization": f"Bearer {token}x"},
        {"Authorization": f"Bearer {token[:-1]}"},
        {"Authorization": "Bearer \xe9"},
    )
    for headers in wrong:
        encoded = {name: value.encode("latin-1") for name, value in headers.items()}
        response = console.call(method, path, key="k", json={"text": "您好"}, **encoded)  # type: ignore[arg-type] # bytes as a stranger may send them
        assert error(response) == (401, "token_wrong"), headers
    assert console.told() == []


def test_a_token_that_is_taken_back_opens_nothing_from_then_on(console: Console) -> None:
    token = console.token("anna")
    console.token("bo")
    assert console.call("GET", "", token).status_code == 200
    (console.home / "secrets" / "liaisons" / "anna.json").unlink()
    assert error(console.call("GET", "", token)) == (401, "token_wrong")


def test_a_whole_handoff(console: Console) -> None:
    number = console.ask("转人工，专利的事")
    token = console.token("anna", FRONT.name)
    (listed,) = console.call("GET", "", token).json()["handoffs"]
    assert (listed["number"], listed["state"]) == (number, "waiting")
    assert listed["text"] == "转人工，专利的事"
    assert (listed["desk"], listed["channel"], listed["taken_by"]) == (FRONT.name, "web", None)
    taken = console.call("POST", f"/{number}/take", token).json()
    assert (taken["state"], taken["taken_by"]) == ("taken", "anna")
    said = console.call("POST", f"/{number}/replies", token, key="r1", json={"text": " 您好 "})
    assert (said.status_code, said.json()["text"], said.json()["by"]) == (200, "您好", "anna")
    assert console.told()[-1] == "【工作人员】您好"
    ended = console.call("POST", f"/{number}/return", token).json()
    assert ended["state"] == "handed_back"
    whole = console.call("GET", f"/{number}", token).json()
    assert [event["step"] for event in whole["events"]] == [
        "asked",
        "taken",
        "replied",
        "handed_back",
    ]
    assert "user" not in whole
    assert console.call("GET", "", token).json() == {"handoffs": []}
    over = console.call("GET", "?state=handed_back", token).json()["handoffs"]
    assert [one["number"] for one in over] == [number]


def test_a_desks_token_sees_its_own_handoffs_and_an_operators_sees_all(console: Console) -> None:
    front = console.ask("转人工")
    campus = console.ask("我们在南京，是高校的，转人工", user="wang", message_id="2")
    theirs, all_ = console.token("campus", CAMPUS.name), console.token("operator")

    def numbers(token: str, query: str = "") -> list[int]:
        return [one["number"] for one in console.call("GET", query, token).json()["handoffs"]]

    assert numbers(theirs) == [campus]
    assert numbers(theirs, f"?desk={FRONT.name}") == []
    assert numbers(all_) == [front, campus]
    assert numbers(all_, f"?desk={FRONT.name}") == [front]
    for method, path in ROUTES[1:]:
        where = path.replace("1", str(front), 1)
        refused = console.call(method, where, theirs, key="k", json={"text": "您好"})
        assert error(refused) == (404, "handoff_unknown")
        unknown = console.call(
            method, path.replace("1", "999", 1), theirs, key="k", json={"text": "您好"}
        )
        assert unknown.json() == refused.json(), "what is another's looks like what is not"
    assert console.told() == []
    assert console.told(WANG.user) == []


def test_a_reply_sent_again_is_said_once(console: Console) -> None:
    number, token = console.ask("转人工"), console.token("anna")
    first, again = (
        console.call("POST", f"/{number}/replies", token, key="same", json={"text": "您好"})
        for _ in range(2)
    )
    assert first.json() == again.json()
    assert [text for text in console.told() if "您好" in text] == ["【工作人员】您好"]


def test_two_liaisons_cannot_have_one_handoff(console: Console) -> None:
    number = console.ask("转人工")
    anna, bo = console.token("anna"), console.token("bo")
    console.call("POST", f"/{number}/take", anna)
    assert error(console.call("POST", f"/{number}/take", bo)) == (409, "handoff_taken")
    said = console.call("POST", f"/{number}/replies", bo, key="k", json={"text": "我来"})
    assert error(said) == (409, "handoff_taken")
    console.call("POST", f"/{number}/return", anna)
    assert error(console.call("POST", f"/{number}/take", anna)) == (409, "handoff_closed")
    assert error(console.call("POST", f"/{number}/return", anna)) == (409, "handoff_closed")


@pytest.mark.parametrize(
    ("key", "json", "refused"),
    [
        (None, {"text": "您好"}, (400, "key_missing")),
        ("a b", {"text": "您好"}, (400, "key_missing")),
        ("k" * 101, {"text": "您好"}, (400, "key_missing")),
        ("k", None, (422, "body_incomplete")),
        ("k", [], (422, "body_incomplete")),
        ("k", {"text": 5}, (422, "body_incomplete")),
        ("k", {"text": "  "}, (422, "text_empty")),
        ("k", {"text": "长" * 4001}, (413, "text_too_long")),
    ],
)
def test_a_reply_of_another_form_is_refused(
    console: Console, key: str | None, json: object, refused: tuple[int, str]
) -> None:
    number, token = console.ask("转人工"), console.token("anna")
    response = console.call("POST", f"/{number}/replies", token, key=key, json=json)
    assert error(response) == refused
    assert console.told() == []


@pytest.mark.parametrize("number", ["0", "-1", "999999999999999999999999"])
def test_a_number_nobody_has_is_unknown(console: Console, number: str) -> None:
    token = console.token("anna")
    assert error(console.call("GET", f"/{number}", token)) == (404, "handoff_unknown")


def test_a_state_nobody_knows_is_refused(console: Console) -> None:
    token = console.token("anna")
    assert error(console.call("GET", "?state=lost", token)) == (422, "state_unknown")


def test_the_routes_are_described(console: Console) -> None:
    with httpx2.Client(base_url=console.base, trust_env=False) as client:
        paths = client.get("/openapi.json").json()["paths"]
    assert {path for path in paths if path.startswith("/desk")} == {
        "/desk/handoffs",
        "/desk/handoffs/{number}",
        "/desk/handoffs/{number}/take",
        "/desk/handoffs/{number}/replies",
        "/desk/handoffs/{number}/return",
    }
