"""Web chat's API: what it accepts, what it refuses, and in which words."""

import json
import logging
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import event

from channels.web.visitors import COOKIE
from core.domain.conversations import Address, MessageKind, Reply, ReplyKind
from core.domain.deliveries import DeliveryState
from core.persistence import SqlUnits
from tests.factories import make_rich_reply
from tests.fakes.clock import FakeClock
from tests.unit.channels.running import Site

PRIVATE_WORDS = "我们厂的秘密配方"


def waiting(site: Site) -> list[tuple[str, MessageKind]]:
    """What stands in the inbox."""
    with site.units() as unit:
        entries = unit.inbox.claim(site.clock.now(), timedelta(seconds=1))
    return [(entry.message.text, entry.message.kind) for entry in entries]


def user_of(client: TestClient) -> str:
    return str(client.cookies[COOKIE]).split(".")[0]


def deliver(site: Site, user: str, reply: Reply, key: str = "k") -> int:
    """Put a message into a visitor's mailbox."""
    site.push(key, user, reply)
    with site.units() as unit:
        delivery = unit.outbox.claim(site.clock.now(), timedelta(seconds=9), ["web"])
        assert delivery is not None
        unit.outbox.record(delivery, DeliveryState.SENT, site.clock.now())
        unit.commit()
    return delivery.id


def test_a_message_is_in_the_inbox_when_it_is_acknowledged(client: TestClient, site: Site) -> None:
    response = client.post("/web/messages", json={"id": "a", "text": " 你好 "})
    assert response.status_code == 202
    assert response.json() == {"accepted": True, "id": 1}
    assert waiting(site) == [("你好", MessageKind.TEXT)]


def test_the_same_id_twice_is_one_message(client: TestClient, site: Site) -> None:
    first = client.post("/web/messages", json={"id": "a", "text": "你好"})
    second = client.post("/web/messages", json={"id": "a", "text": "你好"})
    assert first.json() == second.json()
    assert len(waiting(site)) == 1


def test_two_visitors_may_choose_the_same_id(client: TestClient) -> None:
    first = client.post("/web/messages", json={"id": "a", "text": "一"}).json()
    client.cookies.clear()
    second = client.post("/web/messages", json={"id": "a", "text": "二"}).json()
    assert first["id"] != second["id"]


def test_what_is_not_text_is_accepted_as_such(client: TestClient, site: Site) -> None:
    response = client.post("/web/messages", json={"id": "a", "kind": "image"})
    assert response.status_code == 202
    assert waiting(site) == [("", MessageKind.OTHER)]


@pytest.mark.parametrize(
    ("body", "refused"),
    [
        ({"id": "a", "text": ""}, (422, "text_empty")),
        ({"id": "a", "text": " \n\t\u3000\x00"}, (422, "text_empty")),
        ({"id": "a", "text": "字" * 4001}, (413, "text_too_long")),
        ({"id": "a", "text": "字" * 30_000}, (413, "body_too_large")),
        ({"id": "a", "text": 5}, (422, "body_incomplete")),
        ({"id": "a"}, (422, "body_incomplete")),
        ({"text": "你好"}, (422, "body_incomplete")),
        ({"id": "", "text": "你好"}, (422, "body_incomplete")),
        ({"id": "x" * 101, "text": "你好"}, (422, "body_incomplete")),
        ({"id": 7, "text": "你好"}, (422, "body_incomplete")),
        ({"id": "a", "text": "你好", "kind": ["text"]}, (422, "body_incomplete")),
        (["你好"], (422, "body_incomplete")),
        ("你好", (422, "body_incomplete")),
    ],
)
def test_what_cannot_be_used_is_refused_in_plain_chinese(
    client: TestClient, site: Site, body: object, refused: tuple[int, str]
) -> None:
    response = client.post("/web/messages", json=body)
    assert (response.status_code, response.json()["error"]) == refused
    assert response.json()["message"].endswith(("。", "）。"))
    assert waiting(site) == []


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"[" * 50_000, b'{"id": NaN'])
def test_what_is_not_json_is_refused(client: TestClient, body: bytes) -> None:
    response = client.post("/web/messages", content=body)
    assert (response.status_code, response.json()["error"]) == (400, "body_not_json")


def test_a_body_of_200_kb_is_refused_before_it_is_parsed(client: TestClient, site: Site) -> None:
    response = client.post("/web/messages", content=b"x" * 200_000)
    assert (response.status_code, response.json()["error"]) == (413, "body_too_large")
    assert waiting(site) == []


def test_half_a_character_is_replaced_rather_than_stored(client: TestClient, site: Site) -> None:
    response = client.post("/web/messages", content=b'{"id": "a", "text": "\\ud83d \\u4f60"}')
    assert response.status_code == 202
    assert waiting(site) == [("? 你", MessageKind.TEXT)]


def test_a_longest_text_is_accepted_whole(client: TestClient, site: Site) -> None:
    assert client.post("/web/messages", json={"id": "a", "text": "字" * 4000}).is_success
    assert waiting(site) == [("字" * 4000, MessageKind.TEXT)]


def test_the_page_names_a_new_visitor_once(client: TestClient) -> None:
    response = client.get("/")
    cookie = response.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "set-cookie" not in client.get("/").headers


@pytest.mark.parametrize(
    "forged",
    [
        "{name}.0000000000000000000000000000000000000000000000000000000000000000",
        "000000000000000000000000.{signature}",
        "{name}",
        "{name}.",
        "",
        "{name}.{signature}x",
        "{name}.{signature}.x",
    ],
)
def test_a_forged_cookie_makes_a_new_visitor_never_somebody_else(
    client: TestClient, site: Site, forged: str
) -> None:
    client.get("/")
    name, _, signature = str(client.cookies[COOKIE]).partition(".")
    deliver(site, name, Reply(kind=ReplyKind.NOTICE, text="只给您"))
    assert len(client.get("/web/messages").json()["messages"]) == 1
    client.cookies.clear()
    client.cookies.set(COOKIE, forged.format(name=name, signature=signature))
    response = client.get("/web/messages")
    assert response.json()["messages"] == []
    assert not response.headers["set-cookie"].startswith(f"{COOKIE}={name}")


def test_the_history_holds_both_sides_and_where_the_stream_goes_on(
    client: TestClient, site: Site, clock: FakeClock
) -> None:
    client.post("/web/messages", json={"id": "a", "text": "能报吗？"})
    clock.advance(timedelta(seconds=1))
    number = deliver(site, user_of(client), make_rich_reply())
    history = client.get("/web/messages?limit=50").json()
    assert [one["speaker"] for one in history["messages"]] == ["user", "assistant"]
    assert history["messages"][1]["id"] == history["cursor"] == number
    assert history["messages"][1]["citations"][0]["quote"] == "本办法适用于示例单位。"
    assert history["messages"][1]["buttons"] == [{"title": "转人工", "payload": "转人工"}]


@pytest.mark.parametrize("limit", ["0", "-1", "201", "x"])
def test_a_history_has_its_bounds(client: TestClient, limit: str) -> None:
    assert client.get(f"/web/messages?limit={limit}").status_code == 422


def test_a_visitor_who_sends_too_fast_is_told_when_to_go_on(
    client: TestClient, clock: FakeClock
) -> None:
    codes = [
        client.post("/web/messages", json={"id": f"{n}", "text": "快"}).status_code
        for n in range(31)
    ]
    assert codes == [202] * 30 + [429]
    refused = client.post("/web/messages", json={"id": "x", "text": "快"})
    assert refused.headers["retry-after"] == "1"
    clock.advance(timedelta(seconds=1))
    assert client.post("/web/messages", json={"id": "x", "text": "快"}).is_success


def test_equal_notices_of_one_instant_are_both_there(client: TestClient, site: Site) -> None:
    client.get("/")
    same = Reply(kind=ReplyKind.NOTICE, text="同样的话")
    numbers = [deliver(site, user_of(client), same, key) for key in ("a", "b")]
    messages = client.get("/web/messages").json()["messages"]
    assert [one["id"] for one in messages] == numbers


def test_what_was_no_text_is_in_the_history(client: TestClient) -> None:
    client.post("/web/messages", json={"id": "a", "kind": "image"})
    client.post("/web/messages", json={"id": "b", "text": "你好"})
    messages = client.get("/web/messages").json()["messages"]
    assert [(one["kind"], one["text"]) for one in messages] == [("other", ""), ("text", "你好")]


def test_opening_the_page_costs_the_same_however_full_the_mailbox_is(
    client: TestClient, site: Site, sqlite_units: SqlUnits
) -> None:
    client.get("/")
    statements: list[str] = []
    event.listen(
        sqlite_units.engine,
        "before_cursor_execute",
        lambda _conn, _cursor, statement, *_more: statements.append(statement),
    )
    client.get("/web/messages")
    empty = list(statements)
    numbers = [deliver(site, user_of(client), make_rich_reply(), f"n{n}") for n in range(201)]
    statements.clear()
    history = client.get("/web/messages").json()
    assert statements == empty
    assert (len(history["messages"]), history["cursor"]) == (50, numbers[-1])


def test_an_address_that_throws_its_cookies_away_is_limited_all_the_same(
    client: TestClient,
) -> None:
    codes = set()
    for number in range(130):
        client.cookies.clear()
        response = client.post("/web/messages", json={"id": f"{number}", "text": "快"})
        codes.add(response.status_code)
    assert codes == {202, 429}


def test_nothing_that_people_write_reaches_the_logs(
    client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    client.post("/web/messages", json={"id": "a", "text": PRIVATE_WORDS})
    client.post("/web/messages", json={"id": PRIVATE_WORDS, "text": PRIVATE_WORDS})
    client.post("/web/messages", content=json.dumps({"text": PRIVATE_WORDS})[:-1].encode())
    assert PRIVATE_WORDS not in caplog.text


def test_pages_run_no_script_but_their_own(client: TestClient) -> None:
    for path in ("/", "/docs", "/documents/none", "/web/messages"):
        headers = client.get(path).headers
        assert "script-src 'self';" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        page = client.get(path).text
        assert "<script>" not in page
        assert "https://" not in page


def test_everything_the_pages_ask_for_is_there(client: TestClient) -> None:
    for name in ("app.js", "view.js", "parts.js", "link.js", "api.js", "drawer.js", "document.js"):
        response = client.get(f"/static/{name}")
        assert response.status_code == 200
        assert "javascript" in response.headers["content-type"]
    assert client.get("/static/../words.yml").status_code == 404
    assert client.get("/openapi.json").json()["paths"]["/web/messages"]


def test_an_unknown_address_is_answered_in_the_one_shape(client: TestClient) -> None:
    assert client.get("/nothing").json()["error"] == "not_found"
    assert client.delete("/web/messages").json()["error"] == "method_not_allowed"


def test_a_stranger_sees_no_mailbox_but_an_empty_one(client: TestClient, site: Site) -> None:
    deliver(site, "0" * 24, Reply(kind=ReplyKind.NOTICE, text="别人的"))
    assert client.get("/web/messages").json() == {"messages": [], "cursor": 0}
    assert Address(channel="web", user=user_of(client)).user != "0" * 24
