"""When something fails inside: people are told, and their words stay out of every log."""

import asyncio
import logging
from collections.abc import Callable

import httpx2
import pytest
from starlette.types import Message, Receive, Scope, Send

from channels.refusals import LastResort
from core.domain.errors import UnavailableError
from core.ports.unit_of_work import UnitOfWork
from tests.unit.channels.running import Site

PRIVATE_WORDS = "我们厂的秘密配方"
SAID = {"id": "a", "text": PRIVATE_WORDS}


def failing(error: Exception) -> Callable[[], UnitOfWork]:
    def units() -> UnitOfWork:
        raise error

    return units


def test_while_the_database_is_down_people_are_asked_to_come_back(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    site.units = failing(UnavailableError("the database does not answer: no route"))
    with site.serving():
        response = httpx2.post(f"{site.base}/web/messages", json=SAID, trust_env=False)
    assert response.status_code == 503
    assert response.json() == {
        "error": "unavailable",
        "message": "服务暂时不可用，请稍后再试。",
    }
    assert response.headers["retry-after"] == "5"
    assert "script-src 'self'" in response.headers["content-security-policy"]
    assert "the database does not answer" in caplog.text
    assert "Traceback" not in caplog.text


def test_an_unknown_error_is_answered_and_its_words_are_in_no_log(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    site.units = failing(ValueError(f"cannot use {PRIVATE_WORDS}"))
    with site.serving():
        response = httpx2.post(f"{site.base}/web/messages", json=SAID, trust_env=False)
    assert (response.status_code, response.json()["error"]) == (500, "unexpected")
    assert "script-src 'self'" in response.headers["content-security-policy"]
    assert "ValueError at " in caplog.text
    assert "POST /web/messages" in caplog.text
    assert PRIVATE_WORDS not in caplog.text


def test_an_answer_that_breaks_off_is_not_begun_again(caplog: pytest.LogCaptureFixture) -> None:
    sent: list[Message] = []

    async def breaking(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise ValueError(PRIVATE_WORDS)

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "GET", "path": "/web/events"}
    asyncio.run(LastResort(breaking)(scope, receive, send))
    assert [one["type"] for one in sent] == ["http.response.start"]
    assert "ValueError at " in caplog.text
    assert PRIVATE_WORDS not in caplog.text
