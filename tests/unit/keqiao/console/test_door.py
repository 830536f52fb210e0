"""The console's door: what it lets pass, what it turns away, and what it never tells."""

from collections.abc import AsyncIterator
from datetime import timedelta

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.types import Message

from channels.rates import Rate
from core.domain.operating.operators import OperatorRole
from core.persistence import SqlUnits
from core.services.operating.accounts import AddOperator
from core.services.operating.visiting import Recognise, SignIn, SignOut
from keqiao.console.door.guard import Entrance, Guard
from tests.fakes.clock import FakeClock

PASSWORD = "correct horse battery"  # noqa: S105 -- a test's
HERE = "http://house.test"
HTML = {"accept": "text/html"}
OURS = {"origin": HERE, "host": "house.test"}


async def _inside(request: Request) -> PlainTextResponse:
    size = len(await request.body())
    return PlainTextResponse(f"{request.scope['operator'].name} {size}")


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def guard(sqlite_units: SqlUnits, clock: FakeClock) -> Guard:
    """In front of a page that names who reads it."""
    AddOperator(units=sqlite_units, clock=clock)("王芳", OperatorRole.READER, PASSWORD)
    inside = Starlette(routes=[Route("/console/page", _inside, methods=["GET", "POST"])])
    outside = Starlette(routes=[Route("/open", lambda _: PlainTextResponse("open"))])
    entrance = Entrance(
        sign_in=SignIn(units=sqlite_units, clock=clock),
        recognise=Recognise(units=sqlite_units, clock=clock, idle=timedelta(minutes=30)),
        sign_out=SignOut(units=sqlite_units, clock=clock),
        clock=clock,
        idle=timedelta(minutes=30),
        secure=True,
        address_rate=Rate(burst=4, per_second=0.1),
    )
    return Guard(outside, entrance=entrance, inside=inside)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
async def client(guard: Guard, anyio_backend: str) -> AsyncIterator[httpx2.AsyncClient]:  # noqa: ARG001 -- its loop
    transport = httpx2.ASGITransport(app=guard)
    async with httpx2.AsyncClient(transport=transport, base_url=HERE) as made:
        yield made


async def sign_in(client: httpx2.AsyncClient, **fields: str) -> httpx2.Response:
    form = {"name": "王芳", "password": PASSWORD, "next": "/console/page", **fields}
    return await client.post("/console/login", data=form, headers=OURS)


def cookie(answer: httpx2.Response) -> dict[str, str]:
    return {"cookie": answer.headers["set-cookie"].partition(";")[0]}


@pytest.mark.anyio
async def test_a_stranger_is_led_to_the_sign_in_page(client: httpx2.AsyncClient) -> None:
    page = await client.get("/console/page?library=experts", headers=HTML)
    assert page.status_code == 303
    assert page.headers["location"] == "/console/login?next=/console/page%3Flibrary%3Dexperts"
    data = await client.get("/console/page")
    assert data.status_code == 401
    shown = await client.get("/console/login?next=/console/page", headers=HTML)
    assert shown.status_code == 200
    assert "frame-ancestors 'none'" in shown.headers["content-security-policy"]
    assert (await client.get("/open")).text == "open"


@pytest.mark.anyio
async def test_who_signs_in_gets_a_cookie_that_scripts_cannot_read(
    client: httpx2.AsyncClient,
) -> None:
    answer = await sign_in(client)
    assert (answer.status_code, answer.headers["location"]) == (303, "/console/page")
    kept = answer.headers["set-cookie"].lower()
    for part in ("httponly", "samesite=strict", "secure", "path=/console"):
        assert part in kept
    page = await client.get("/console/page", headers=cookie(answer))
    assert page.text == "王芳 0"
    assert page.headers["cache-control"] == "no-store"
    out = await client.post("/console/logout", headers=OURS | cookie(answer))
    assert out.status_code == 303
    assert (await client.get("/console/page", headers=cookie(answer))).status_code == 401


@pytest.mark.anyio
async def test_a_wrong_password_and_an_unknown_name_read_the_same(
    client: httpx2.AsyncClient,
) -> None:
    wrong = await sign_in(client, password="wrong password")  # noqa: S106
    unknown = await sign_in(client, name="某人")
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.text.replace("王芳", "某人") == unknown.text
    assert "set-cookie" not in wrong.headers
    hostile = await sign_in(client, name='"><script>', password="x")  # noqa: S106
    assert "<script>" not in hostile.text


@pytest.mark.anyio
async def test_whoever_tries_too_often_has_to_wait(
    client: httpx2.AsyncClient, clock: FakeClock
) -> None:
    answers = [await sign_in(client, password=f"guess number {n}") for n in range(5)]
    assert [one.status_code for one in answers] == [401] * 4 + [429]
    assert (await sign_in(client)).status_code == 429
    clock.advance(timedelta(seconds=11))
    assert (await sign_in(client)).status_code == 303


@pytest.mark.anyio
@pytest.mark.parametrize("origin", [None, "http://evil.test", "null", "http://house.test.evil"])
async def test_what_another_site_sends_is_refused(
    client: httpx2.AsyncClient, origin: str | None
) -> None:
    inside = cookie(await sign_in(client))
    headers = {"origin": origin} if origin else {}
    for path in ("/console/page", "/console/login", "/console/logout"):
        answer = await client.post(path, headers=headers | inside)
        assert answer.status_code == 403
    assert (await client.get("/console/page", headers=inside)).status_code == 200
    posted = await client.post("/console/page", content=b"123", headers=OURS | inside)
    assert posted.text == "王芳 3"


@pytest.mark.anyio
@pytest.mark.parametrize(
    "target",
    ["https://evil.test/", "//evil.test/console", "/console/../x\\", "/elsewhere", "console", ""],
)
async def test_signing_in_leads_nowhere_else(client: httpx2.AsyncClient, target: str) -> None:
    answer = await sign_in(client, next=target)
    assert answer.headers["location"] == "/console/"


@pytest.mark.anyio
async def test_large_bodies_are_cut_off(client: httpx2.AsyncClient) -> None:
    inside = cookie(await sign_in(client))
    form = await client.post("/console/login", content=b"x" * 5000, headers=OURS)
    assert form.status_code == 413
    with pytest.raises(ClientDisconnect):  # for what reads it, the sender is gone
        await client.post("/console/page", content=b"x" * 2_000_000, headers=OURS | inside)


@pytest.mark.anyio
@pytest.mark.parametrize("kind", ["stranger", "other site", "own"])
async def test_a_socket_wants_a_visit_and_a_page_of_this_site(
    guard: Guard, client: httpx2.AsyncClient, kind: str
) -> None:
    said = cookie(await sign_in(client))["cookie"]
    headers = {"host": "house.test", "origin": HERE, "cookie": said}
    if kind == "stranger":
        del headers["cookie"]
    if kind == "other site":
        headers["origin"] = "http://evil.test"
    reached: list[Message] = []

    async def receive() -> Message:
        return {"type": "websocket.connect"}

    async def send(message: Message) -> None:
        reached.append(message)

    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "websocket", "path": "/console/socket", "headers": raw, "query_string": b""}
    await guard(scope, receive, send)
    refused = {"type": "websocket.close", "code": 4401}
    assert (reached == [refused]) is (kind != "own")
