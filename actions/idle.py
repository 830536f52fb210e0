"""What is said with no form open: facts of a need, a yes, a cancellation."""

from typing import ClassVar, override

from actions.events import ListEventsAction
from actions.handoff import Handoff
from actions.needs.slots import FORM, slot_of, to_slot
from actions.needs.steps import known_fields
from actions.planned import CancelReminderAction
from actions.topics import speaks_of_events
from actions.turn import Events, Speech, Turn, TurnAction, followup, set_slot
from actions.understanding import manners
from actions.understanding.extract import extract
from core.domain.needs import FIELDS

SPOKEN = 5
"""Characters from which on a complaint opens the form by itself."""

OFFER = "action_offer_need"
ABOUT_REMINDERS = frozenset(
    {"action_set_reminder", "action_list_reminders", "action_cancel_reminder"}
)


class OfferNeed(TurnAction):
    """A problem opens the form; other facts are kept, and the form is offered.

    A bare number or name right after the question which reminder to take back answers that, and
    words about events are for the list of events.
    """

    action_name: ClassVar[str] = OFFER

    def __init__(self, cancel: CancelReminderAction, lister: ListEventsAction) -> None:
        self._cancel = cancel
        self._lister = lister

    @override
    def act(self, turn: Turn, speech: Speech) -> Events:
        if answers_which(turn) and self._cancel.names_one(turn):
            return self._cancel.act(turn, speech)
        draft = extract(turn.text, turn.said_at)
        if draft.problem and len(draft.problem) >= SPOKEN and not manners.asks(turn.text):
            return [followup(FORM)]
        if speaks_of_events(turn.text) or self._lister.tells_more(turn):
            return self._lister.act(turn, speech)
        found = {slot_of(field): to_slot(draft, field) for field in FIELDS}
        kept = [set_slot(name, value) for name, value in found.items() if value]
        speech.say("utter_need_offer" if kept else "utter_not_understood")
        return kept


def answers_which(turn: Turn) -> bool:
    """Whether the turn before asked which reminder to take back, or took one back."""
    return bool({"action_cancel_reminder", "action_cancel_idle"} & set(turn.before))


class AcceptOffer(TurnAction):
    """A yes with no form open takes what the turn before offered."""

    action_name: ClassVar[str] = "action_accept_offer"

    def __init__(self, handoff: Handoff) -> None:
        self._handoff = handoff

    @override
    def act(self, turn: Turn, speech: Speech) -> Events:
        if OFFER in turn.before and known_fields(turn.slots):
            return [followup(FORM)]
        abstained = turn.slots.get("last_question") and not turn.slots.get("last_answer")
        if "action_answer_policy" in turn.before and abstained:
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
        if manners.gives_up(turn.text) or not self._cancel.planned(turn):
            speech.say("utter_need_nothing_to_cancel")
            return []
        if self._cancel.names_one(turn) or ABOUT_REMINDERS & set(turn.before):
            return self._cancel.act(turn, speech)
        speech.say("utter_need_nothing_but_reminders")
        return []
