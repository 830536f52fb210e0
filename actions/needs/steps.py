"""Collecting a need, showing it for confirmation, storing it, giving it up."""

import logging
from collections.abc import Mapping
from typing import Any, ClassVar, override

from actions import wording
from actions.needs.form import Step, is_opening, take_step
from actions.needs.slots import (
    CONFIRMED,
    DECLINED,
    FORM,
    NOTE,
    REQUESTED,
    clear,
    draft_of,
    field_of,
    is_declined,
    next_slot,
    slot_of,
)
from actions.turn import Events, Speech, Turn, TurnAction, followup, set_slot
from actions.understanding import manners
from core.domain.conversations import Button
from core.domain.needs import FIELDS, Region
from core.services.needs import SubmitNeed

log = logging.getLogger(__name__)

SHOWN = 3
"""How many matches a person is shown at once."""
WORTH_ASKING = 2
"""From so many given fields on, giving up is asked back."""


class ValidateNeedForm(TurnAction):
    """Reads every turn of the form; says nothing, because Rasa may call it twice a turn.

    It always sets the note, so that Rasa never takes a turn for one that does not fit the form.
    """

    action_name: ClassVar[str] = "validate_need_form"

    @override
    def act(self, turn: Turn, speech: Speech) -> Events:
        if is_resumed(turn):
            return resumed(turn)
        step = take_step(turn, None if is_opening(turn) else turn.slots.get(REQUESTED))
        return events_of(step, turn)

    @override
    def after_failure(self) -> Events:
        return [set_slot(NOTE, None)]


def is_resumed(turn: Turn) -> bool:
    """Whether the form goes on after something else was served in this turn."""
    return not is_opening(turn) and any(name != FORM for name in turn.done)


def resumed(turn: Turn) -> Events:
    """The form goes on where it was: with what was doubtful, and what this very turn filled."""
    note = turn.slots.get(NOTE) or {}
    doubt = note.get("doubt")
    if note.get("turn") != turn.message_id:
        note = {**note, "noted": [], "leaving": False}
    requested = str(doubt["slot"]) if doubt else next_slot(turn.slots)
    return [set_slot(NOTE, note), set_slot(REQUESTED, requested)]


def events_of(step: Step, turn: Turn) -> Events:
    """A step as events."""
    old = turn.slots.get(NOTE) or {}
    note = {
        "doubt": step.doubt,
        "noted": list(step.noted),
        "key": old.get("key"),
        "turn": turn.message_id,
    }
    if step.left:
        note["left"] = True
    events = [set_slot(name, value) for name, value in step.slots.items()]
    if step.confirmed:
        key = old.get("key") or f"{turn.address.channel}:{turn.message_id}"
        events.append(set_slot(CONFIRMED, {"key": key}))
    return [*events, set_slot(NOTE, note), set_slot(REQUESTED, step.requested)]


class AskNeed(TurnAction):
    """Asks for one slot, in the words that fit what is doubtful about it."""

    action_name: ClassVar[str] = "action_ask_need"

    def __init__(self, field: str) -> None:
        self._field = field

    @override
    def name(self) -> str:
        return f"action_ask_need_{self._field}"

    @override
    def act(self, turn: Turn, speech: Speech) -> Events:
        note = turn.slots.get(NOTE) or {}
        say_noted(note, turn, speech)
        doubt = note.get("doubt") or {}
        if doubt.get("slot") != slot_of(self._field):
            speech.say(f"utter_ask_need_{self._field}")
            return []
        buttons, values = _doubt_words(doubt)
        speech.say(f"utter_ask_need_{self._field}_{doubt['kind']}", buttons, **values)
        return []


def say_noted(note: Mapping[str, Any], turn: Turn, speech: Speech) -> None:
    """Say back what this turn changed, so that a slip is seen at once."""
    draft = draft_of(turn.slots)
    fields = [field_of(name) for name in note.get("noted") or ()]
    lines = [wording.field_line(draft, field) for field in fields if getattr(draft, field)]
    if lines:
        speech.say("utter_need_noted", values="\n".join(lines))


def _doubt_words(doubt: Mapping[str, Any]) -> tuple[list[Button], dict[str, object]]:
    values = {name: value for name, value in doubt.items() if isinstance(value, str)}
    values.pop("slot")
    values.pop("kind")
    options = [Region(**one).name for one in doubt.get("options", ())]
    buttons = [Button(title=name, payload=name) for name in options]
    if doubt["kind"] == "unit":
        units = wording.words()["budget_units"]
        buttons = [
            Button(title=f"{doubt['number']}{unit}", payload=f"{doubt['number']}{unit}")
            for unit in units
        ]
    return buttons, {**values, "options": wording.join(options)}


class AskNeedConfirmed(TurnAction):
    """Shows the whole need, with absolute dates and money, for the person to confirm."""

    action_name: ClassVar[str] = "action_ask_need_confirmed"

    @override
    def act(self, turn: Turn, speech: Speech) -> Events:
        doubt = (turn.slots.get(NOTE) or {}).get("doubt") or {}
        if doubt.get("kind") == "modify":
            speech.say("utter_ask_need_confirmed_modify")
            return []
        response = "utter_ask_need_confirmed"
        if doubt.get("kind") == "unclear":
            response = "utter_ask_need_confirmed_unclear"
        speech.say(response, summary=wording.summary(draft_of(turn.slots)))
        return []


class SubmitNeedAction(TurnAction):
    """Stores the confirmed need once, and says its number and what matches it."""

    action_name: ClassVar[str] = "action_submit_need"

    def __init__(self, submit: SubmitNeed) -> None:
        self._submit = submit

    @override
    def act(self, turn: Turn, speech: Speech) -> Events:
        confirmed = turn.slots.get(CONFIRMED)
        draft = draft_of(turn.slots)
        if (turn.slots.get(NOTE) or {}).get("left"):
            speech.say("utter_need_cancelled")
            return clear()
        if not confirmed or not draft.problem:
            speech.say("utter_need_nothing_to_submit")
            return clear()
        try:
            done = self._submit(draft, address=turn.address, key=confirmed["key"])
        except Exception:
            log.exception("need of %s was not stored", confirmed["key"])
            speech.say("utter_need_submit_failed")
            return _open_again(confirmed["key"])
        speech.say("utter_need_submitted", number=done.need.number)
        if done.matches:
            speech.say(
                "utter_need_matches",
                matches=wording.matches(done.matches[:SHOWN], done.need.draft),
            )
        else:
            speech.say("utter_need_no_matches")
        return clear()


def _open_again(key: str) -> Events:
    """Back to the confirmation, with the same key, so that a second try stores nothing twice."""
    return [
        set_slot(CONFIRMED, None),
        set_slot(NOTE, {"doubt": None, "noted": [], "key": key}),
        {"event": "active_loop", "name": FORM, "timestamp": None},
        set_slot(REQUESTED, CONFIRMED),
    ]


class CancelNeed(TurnAction):
    """Gives the need up: at once when that is plain or little was said, else after asking."""

    action_name: ClassVar[str] = "action_cancel_need"

    @override
    def act(self, turn: Turn, speech: Speech) -> Events:
        known = known_fields(turn.slots)
        note = turn.slots.get(NOTE) or {}
        asked = field_of(turn.slots.get(REQUESTED))
        if asked and asked != "problem" and manners.skips(turn.text):
            # 不留了: one answer declined, not the whole need.
            return [set_slot(slot_of(asked), DECLINED), followup(FORM)]
        if len(known) < WORTH_ASKING or note.get("leaving") or manners.gives_up(turn.text):
            speech.say("utter_need_cancelled")
            closed = {"event": "active_loop", "name": None, "timestamp": None}
            return [closed, *clear(), set_slot(REQUESTED, None)]
        speech.say("utter_need_cancel_ask", fields=wording.join(map(wording.field_name, known)))
        return [set_slot(NOTE, {"doubt": None, "noted": [], "leaving": True})]


def known_fields(slots: Mapping[str, Any]) -> list[str]:
    """Fields the person has given, declined ones apart."""
    return [
        field
        for field in FIELDS
        if slots.get(slot_of(field)) and not is_declined(slots[slot_of(field)])
    ]


def ask_actions() -> list[TurnAction]:
    """The actions that ask for each field."""
    return [AskNeed(field) for field in FIELDS]
