"""The form as Rasa calls it: opening, reading, asking, storing, giving up, and coming back."""

import logging
from typing import ClassVar, override

from rasa_sdk.events import ActionExecuted, SessionStarted

from actions.forms.asking import nothing_open, phrase, question, told, words
from actions.forms.choosing import named_forms, opened_form
from actions.forms.desk import DRAFT as DRAFT_SLOT
from actions.forms.desk import (
    FORM,
    REQUESTED,
    Desk,
    Filling,
    draft_of,
    forget,
    is_resumed,
    offer,
)
from actions.forms.draft import State, to_json
from actions.forms.engine import open_again
from actions.forms.storing import Store
from actions.turn import Event, Events, Speech, Turn, TurnAction, followup, set_slot
from core.domain.conversations import Button, Reply, ReplyKind

log = logging.getLogger(__name__)


class OpenForm(TurnAction):
    """Opens the form that the words name; asks which when they name none or several."""

    action_name: ClassVar[str] = "action_open_form"

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @override
    def act(self, turn: Turn, speech: Speech) -> Events:
        forms = self._desk.forms.values()
        found = named_forms(forms, turn.text)
        form = opened_form(forms, turn.text) or (found[0] if len(found) == 1 else None)
        if form is None:
            titles = [one.title for one in found or forms]
            buttons = tuple(Button(title=one, payload=one) for one in titles)
            text = str(words()["which"])
            speech.reply(Reply(kind=ReplyKind.QUESTION, text=text, buttons=buttons))
            return []
        stored = draft_of(turn)
        if stored is not None and stored.state is State.OPEN:
            return [followup(FORM)]
        if form.open_library is not None and not self._desk.records(turn, form):
            speech.reply(nothing_open(form, form.open_library))
            return []
        draft = offer(form, {}, turn)
        return [set_slot(DRAFT_SLOT, to_json(draft)), followup(FORM)]


class ValidateForm(TurnAction):
    """Reads every turn of the form; says nothing, because Rasa may call it twice a turn.

    It always sets the draft, so that Rasa never takes a turn for one that does not fit the form.
    """

    action_name: ClassVar[str] = "validate_any_form"

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @override
    def act(self, turn: Turn, speech: Speech) -> Events:
        taken = self._desk.resumed(turn) if is_resumed(turn) else self._desk.take(turn)
        return self._desk.events(taken, turn)


class AskForm(TurnAction):
    """Says back what the turn changed, and asks the next question."""

    action_name: ClassVar[str] = "action_ask_form_answer"

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @override
    def act(self, turn: Turn, speech: Speech) -> Events:
        draft = draft_of(turn)
        if draft is None:
            return []
        form = self._desk.form_of(draft)
        noted = told(form, draft)
        if noted is not None:
            speech.reply(noted)
        speech.reply(question(form, draft, self._desk.records(turn, form)).reply)
        return []


class SubmitAction(TurnAction):
    """Stores the confirmed form once, says its number, and goes on with what was put aside."""

    action_name: ClassVar[str] = "action_submit_form"

    def __init__(self, desk: Desk, store: Store) -> None:
        self._desk = desk
        self._store = store

    @override
    def act(self, turn: Turn, speech: Speech) -> Events:
        draft = draft_of(turn)
        if draft is None or draft.state not in {State.DONE, State.LEFT}:
            speech.say("utter_need_nothing_to_cancel")
            return forget()
        form = self._desk.form_of(draft)
        if draft.state is State.LEFT:
            speech.reply(_notice(phrase(form, "left")))
            return self._next(turn)
        try:
            replies = self._store(form, draft, turn)
        except Exception:
            log.exception("form %s of %s was not stored", form.name, draft.key)
            speech.reply(_notice(phrase(form, "failed")))
            return self._open(Filling(draft=open_again(draft)), turn)
        for reply in replies:
            speech.reply(reply)
        return self._next(turn)

    def _next(self, turn: Turn) -> Events:
        waiting = self._desk.after(turn)
        return self._open(waiting, turn) if waiting else forget()

    def _open(self, filling: Filling, turn: Turn) -> Events:
        return [loop(FORM), *self._desk.events(filling, turn)]


class CancelForm(TurnAction):
    """Gives the form up: at once when that is plain or little was said, else after asking."""

    action_name: ClassVar[str] = "action_cancel_form"

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @override
    def act(self, turn: Turn, speech: Speech) -> Events:
        taken = self._desk.left(turn)
        form = self._desk.form_of(taken.draft)
        if taken.draft.state is State.LEFT:
            speech.reply(_notice(phrase(form, "left")))
            return self._closed(turn, speech)
        if taken.draft.leaving:
            speech.reply(question(form, taken.draft).reply)
            return self._desk.events(taken, turn)
        return [*self._desk.events(taken, turn), followup(FORM)]

    def _closed(self, turn: Turn, speech: Speech) -> Events:
        waiting = self._desk.after(turn)
        if waiting is None:
            return [loop(None), *forget(), set_slot(REQUESTED, None)]
        form = self._desk.form_of(waiting.draft)
        speech.reply(question(form, waiting.draft).reply)
        return self._desk.events(waiting, turn)


class StartSession(TurnAction):
    """A new session after a long silence: what was remembered stays, an open form stays open.

    Rasa would repeat every change of every slot, and close the form.
    """

    action_name: ClassVar[str] = "action_session_start"

    @override
    def act(self, turn: Turn, speech: Speech) -> Events:
        kept = [set_slot(name, value) for name, value in turn.slots.items() if value is not None]
        open_loop = [loop(turn.active_form)] if turn.active_form else []
        return [SessionStarted(), *kept, *open_loop, ActionExecuted("action_listen")]

    @override
    def after_failure(self) -> Events:
        return [SessionStarted(), ActionExecuted("action_listen")]


def loop(name: str | None) -> Event:
    """The event that opens or closes Rasa's form."""
    return {"event": "active_loop", "name": name, "timestamp": None}


def _notice(text: str) -> Reply:
    return Reply(kind=ReplyKind.NOTICE, text=text)
