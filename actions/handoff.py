"""Handing a conversation over to a person of the association."""

from typing import ClassVar, override

from actions import wording
from actions.turn import Events, Speech, Turn, TurnAction, followup
from core.services.handoffs.opening import OpenHandoff


class Handoff(TurnAction):
    """Hands over what was said, with the question before it, and says the number.

    An open form is not asked on while a person has the word; it goes on when the bot does.
    """

    action_name: ClassVar[str] = "action_handoff"

    def __init__(self, open_handoff: OpenHandoff) -> None:
        self._open_handoff = open_handoff

    @override
    def act(self, turn: Turn, speech: Speech) -> Events:
        text, question = turn.text, turn.slots.get("last_question")
        if question:
            text = wording.words()["handoff_context"].format(text=text, question=question)
        asked = self._open_handoff(text, address=turn.address, message_id=turn.message_id)
        speech.say(
            f"utter_handoff_{asked.outcome}",
            number=asked.handoff.id,
            desk=asked.desk.name,
            opens=wording.moment(asked.opens_at),
        )
        return [followup("action_listen")] if asked.handoff.silent else []
