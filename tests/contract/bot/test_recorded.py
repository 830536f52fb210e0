"""What Rasa 3.6.21 really sends, recorded: calls to actions, answers of REST, a tracker.

The recordings were made with serve.py and an action server that answered with fixed events; the
domain that Rasa sends with each call is cut down to a few names.
"""

import json
from pathlib import Path
from typing import Any

import pytest
from rasa_sdk.interfaces import Tracker

from actions.forms.desk import is_resumed
from actions.turn import Turn
from channels.bot import replies_of, said_after
from core.domain.conversations import Address, ReplyKind

RECORDED = Path(__file__).parent / "recorded"


def recorded(name: str) -> Any:
    return json.loads((RECORDED / f"{name}.json").read_text(encoding="utf-8"))


def turn(name: str) -> Turn:
    return Turn.of(Tracker.from_dict(recorded("action_calls")[name]["tracker"]))


@pytest.mark.parametrize("name", ["opening", "interruption", "going_on"])
def test_a_call_names_its_speaker_and_its_message(name: str) -> None:
    seen = turn(name)
    assert seen.address == Address(channel="web", user="web:ab12")
    assert seen.message_id.startswith("m")
    assert seen.said_at.isoformat() == "2026-11-21T08:00:00+00:00"


@pytest.mark.parametrize("name", ["opening", "interruption", "going_on"])
def test_a_call_carries_the_domain_without_which_the_sdk_answers_449(name: str) -> None:
    call = recorded("action_calls")[name]
    assert call["version"] == "3.6.21"
    assert call["domain"]


def test_the_form_is_told_apart_from_the_form_going_on() -> None:
    opening, going_on = turn("opening"), turn("going_on")
    assert opening.active_form == going_on.active_form == "any_form"
    assert not is_resumed(opening)
    assert is_resumed(going_on)


def test_an_interruption_is_served_before_the_form_is_asked() -> None:
    seen = turn("interruption")
    assert seen.intent == "ask_policy"
    assert seen.done == ()


def test_text_buttons_and_custom_come_as_items_that_belong_together() -> None:
    answers = {one["said"]: one["answer"] for one in recorded("rest")}
    (confirm,) = replies_of(answers["张三 13800001234"])
    assert confirm.kind is ReplyKind.CONFIRM
    assert [button.payload for button in confirm.buttons] == ["确认提交"]


def test_an_answer_stands_alone_before_the_question_of_the_form() -> None:
    answers = {one["said"]: one["answer"] for one in recorded("rest")}
    answer, question = replies_of(answers["科技服务队至少要几个人"])
    assert answer.kind is ReplyKind.ANSWER
    assert question.text


def test_the_tracker_tells_what_was_said_to_a_message() -> None:
    answers = {one["said"]: one["answer"] for one in recorded("rest")}
    said = said_after("m3", recorded("tracker")["events"])
    assert replies_of(said) == replies_of(answers["科技服务队至少要几个人"])
    assert said_after("m999", recorded("tracker")["events"]) == []
