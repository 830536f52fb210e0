"""Keeping what people say about the service."""

from typing import ClassVar, override

from actions.turn import Events, Speech, Turn, TurnAction
from core.services.questions import GiveFeedback


class GiveFeedbackAction(TurnAction):
    """Keeps the person's words."""

    action_name: ClassVar[str] = "action_give_feedback"

    def __init__(self, give_feedback: GiveFeedback) -> None:
        self._give_feedback = give_feedback

    @override
    def act(self, turn: Turn, speech: Speech) -> Events:
        key = f"{turn.address.channel}:{turn.message_id}"
        self._give_feedback(turn.text, address=turn.address, key=key)
        speech.say("utter_feedback_kept")
        return []
