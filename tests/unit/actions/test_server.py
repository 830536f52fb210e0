"""The action server over HTTP, and what every action keeps to."""

import asyncio
import json
import threading
import time
import urllib.request
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar, override

import pytest
import yaml
from rasa_sdk.interfaces import Action

from actions.server import make_executor, serve
from actions.turn import Events, Speech, Turn, TurnAction
from core.domain.errors import NotFoundError, UnavailableError
from tests.unit.actions.stage import DOMAIN, SAID_AT, Stage

PORT = 15_987


class Echo(TurnAction):
    """Says back who said what and when; fails when told to."""

    action_name: ClassVar[str] = "action_echo"
    errors: ClassVar[dict[str, Exception]] = {
        "busy": UnavailableError("index is being built"),
        "lost": NotFoundError("no record 7"),
        "bug": ZeroDivisionError("x"),
    }

    @override
    def act(self, turn: Turn, speech: Speech) -> Events:
        if turn.text in self.errors:
            raise self.errors[turn.text]
        if turn.text == "slow":
            time.sleep(2)
        speech.say("utter_echo", who=turn.address, at=turn.said_at.isoformat(), of=turn.message_id)
        return []


def call(text: str, metadata: dict[str, Any] | None = None) -> dict[str, Any]:
    stated = {"message_id": "m1", "channel": "web", "user": "li", "said_at": SAID_AT.isoformat()}
    message = {"text": text, "metadata": stated if metadata is None else metadata}
    tracker = {
        "sender_id": "web:wang",
        "slots": {},
        "latest_message": message,
        "events": [{"event": "user", "timestamp": 1_800_000_000.0}],
        "paused": False,
        "followup_action": None,
        "active_loop": {},
        "latest_action_name": None,
    }
    return {
        "next_action": "action_echo",
        "sender_id": "web:wang",
        "version": "3.6.21",
        "domain": {"slots": {}},
        "tracker": tracker,
    }


def run(body: dict[str, Any]) -> list[dict[str, Any]]:
    result = asyncio.run(make_executor([Echo()]).run(body))
    assert result is not None
    return list(result.responses)


@contextmanager
def server(*actions: Action) -> Iterator[None]:
    ready, stop = threading.Event(), threading.Event()
    thread = threading.Thread(
        target=serve,
        args=(actions, "127.0.0.1", PORT),
        kwargs={"ready": ready.set, "stop": stop},
    )
    thread.start()
    try:
        assert ready.wait(10)
        yield
    finally:
        stop.set()
        thread.join(10)
    assert not thread.is_alive()


def post(body: dict[str, Any]) -> Any:
    request = urllib.request.Request(
        f"http://127.0.0.1:{PORT}/webhook",
        json.dumps(body).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.loads(answer.read())


def test_health_answers_and_calls_run_without_a_warning() -> None:
    with warnings.catch_warnings(), server(Echo()):
        warnings.simplefilter("error")
        with urllib.request.urlopen(f"http://127.0.0.1:{PORT}/health", timeout=10) as answer:
            assert json.loads(answer.read()) == {"status": "ok"}
        (said,) = post(call("你好"))["responses"]
    assert said["response"] == "utter_echo"


def test_a_slow_action_does_not_hold_up_another() -> None:
    with server(Echo()):
        slow = threading.Thread(target=post, args=(call("slow"),))
        slow.start()
        time.sleep(0.05)
        started = time.monotonic()
        post(call("你好"))
        quick = time.monotonic() - started
        slow.join()
    assert quick < 1


def test_speaker_time_and_message_come_from_the_metadata() -> None:
    (said,) = run(call("你好"))

    assert (said["who"], said["at"], said["of"]) == ("web:li", SAID_AT.isoformat(), "m1")


def test_without_metadata_the_tracker_tells_speaker_and_time() -> None:
    (said,) = run(call("你好", metadata={}))

    assert said["who"] == "web:wang"
    assert said["at"] == "2027-01-15T08:00:00+00:00"


@pytest.mark.parametrize(
    ("text", "response"),
    [("busy", "utter_try_later"), ("lost", "utter_failed"), ("bug", "utter_failed")],
)
def test_a_failure_is_said_politely(text: str, response: str) -> None:
    assert [said["response"] for said in run(call(text))] == [response]


def test_the_domain_names_every_action_and_the_catalogue_has_every_named_one(stage: Stage) -> None:
    named: set[str] = set()
    for file in DOMAIN.glob("*.yml"):
        named |= set(yaml.safe_load(file.read_text(encoding="utf-8")).get("actions") or ())

    assert named == set(stage.executor.actions)


def test_every_response_an_action_says_is_in_the_domain(stage: Stage) -> None:
    code = "".join(file.read_text() for file in (Path(DOMAIN).parents[1] / "actions").glob("*.py"))
    said = {word for word in code.replace('"', " ").split() if word.startswith("utter_")}
    plain = {word for word in said if "{" not in word}

    assert plain <= set(stage.responses)


def test_every_response_tells_its_kind_or_has_buttons(stage: Stage) -> None:
    ours = {
        name: said
        for name, said in stage.responses.items()
        if name.startswith(("utter_need_", "utter_event", "utter_reminder"))
    }

    assert all(
        "kind" in said.get("custom", {}) or said.get("buttons") for said in ours.values() if said
    )
