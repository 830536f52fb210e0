"""What is said with no form open: facts of a need, a yes, a cancellation."""

import re
from typing import ClassVar, override

from actions.events import ListEventsAction
from actions.feedback import ANSWERING, GiveFeedbackAction
from actions.forms import engine
from actions.forms.choosing import opened_form
from actions.forms.desk import DRAFT, FORM, Desk, draft_of, offer
from actions.forms.draft import to_json
from actions.forms.form import NEED
from actions.handoff import Handoff
from actions.reminders.planned import CancelReminderAction, answers_which
from actions.topics import speaks_of_events
from actions.turn import Events, Speech, Turn, TurnAction, followup, set_slot
from actions.understanding import manners
from actions.understanding.extract import extract
from actions.understanding.picking import ALL

SPOKEN = 5
"""Characters from which on a complaint opens the form by itself."""

PLENTY = 3
"""Facts of a need in one message from which on its form is opened and not offered."""

THUMB = re.compile("👍")
"""A yes elsewhere; under an answer it says what the answer was worth."""
OFFER = "action_offer_need"
REMINDERS = re.compile(rf"提醒|(?:{ALL.pattern})取?消?")
"""Who takes back all at once speaks of reminders: of forms one is open at a time."""
ABOUT_REMINDERS = frozenset(
    {"action_set_reminder", "action_list_reminders", "action_cancel_reminder"}
)


class OfferNeed(TurnAction):
    """A problem opens the form; other facts are kept, and the form is offered.

    A bare number or name right after the question which reminder to take back answers that, and
    words about events are for the list of events.
    """

    action_name: ClassVar[str] = OFFER

    def __init__(self, desk: Desk, cancel: CancelReminderAction, lister: ListEventsAction) -> None:
        self._desk = desk
        self._cancel = cancel
        self._lister = lister

    @override
    def act(self, turn: Turn, speech: Speech) -> Events:
        if answers_which(turn) and self._cancel.names_one(turn):
            return self._cancel.act(turn, speech)
        if opened_form(self._desk.forms.values(), turn.text):
            return [followup(FORM)]
        draft = extract(turn.text, turn.said_at)
        if draft.problem and len(draft.problem) >= SPOKEN and not manners.asks(turn.text):
            return [followup(FORM)]
        if speaks_of_events(turn.text) or self._lister.tells_more(turn):
            return self._lister.act(turn, speech)
        return self._offer(turn, speech)

    def _offer(self, turn: Turn, speech: Speech) -> Events:
        """Keep what the text says of a need, and offer its form; who says much means it."""
        need, known = self._desk.forms[NEED], draft_of(turn)
        before = known.values if known is not None and known.form == NEED else {}
        found = engine.begin(need, self._desk.said(turn, need)).values
        if not found:
            speech.say("utter_not_understood")
            return []
        goes_on = OFFER in turn.before and set(found) - set(before)
        if (len(found) >= PLENTY or goes_on) and not manners.asks(turn.text):
            return [followup(FORM)]
        speech.say("utter_need_offer")
        return [set_slot(DRAFT, to_json(offer(need, {**before, **found}, turn)))]


class OpenNeed(TurnAction):
    """Leaves the form of a need to the rule; an answer to what was asked is heard before it."""

    action_name: ClassVar[str] = "action_open_need"

    @override
    def act(self, turn: Turn, speech: Speech) -> Events:
        return []


class AcceptOffer(TurnAction):
    """A yes with no form open takes what the turn before offered; a thumb praises an answer."""

    action_name: ClassVar[str] = "action_accept_offer"

    def __init__(self, handoff: Handoff, feedback: GiveFeedbackAction) -> None:
        self._handoff = handoff
        self._feedback = feedback

    @override
    def act(self, turn: Turn, speech: Speech) -> Events:
        offered = draft_of(turn)
        if OFFER in turn.before and offered is not None and offered.heard == turn.key_before:
            return [followup(FORM)]
        abstained = turn.slots.get("last_question") and not turn.slots.get("last_answer")
        if ANSWERING in turn.before and THUMB.search(turn.text):
            return self._feedback.act(turn, speech)
        if ANSWERING in turn.before and abstained:
            return self._handoff.act(turn, speech)
        speech.say("utter_ok")
        return []


class CancelIdle(TurnAction):
    """A cancellation with no form open means the reminders, when it can."""

    action_name: ClassVar[str] = "action_cancel_idle"

    def __init__(self, cancel: CancelReminderAction) -> None:
        self._cancel = cancel

    @override
    def act(self, turn: Turn, speech: Speech) -> Events:
        planned = self._cancel.planned(turn)
        if manners.gives_up(turn.text) or not planned:
            about = REMINDERS.search(turn.text) or ABOUT_REMINDERS & set(turn.before)
            none = about and not planned
            speech.say("utter_reminders_none" if none else "utter_need_nothing_to_cancel")
            return []
        if self._cancel.names_one(turn) or ABOUT_REMINDERS & set(turn.before):
            return self._cancel.act(turn, speech)
        speech.say("utter_need_nothing_but_reminders")
        return []
