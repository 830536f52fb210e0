"""Handing a conversation over to a person of the association."""

from typing import ClassVar, override

from actions import wording
from actions.turn import Events, Speech, Turn, TurnAction
from core.services.questions import AskHuman


class Handoff(TurnAction):
    """Queues what was said, with the question before it, and says the number."""

    action_name: ClassVar[str] = "action_handoff"

    def __init__(self, ask_human: AskHuman) -> None:
        self._ask_human = ask_human

    @override
    def act(self, turn: Turn, speech: Speech) -> Events:
        text, question = turn.text, turn.slots.get("last_question")
        if question:
            text = wording.words()["handoff_context"].format(text=text, question=question)
        key = f"{turn.address.channel}:{turn.message_id}"
        number = self._ask_human(text, address=turn.address, key=key)
        speech.say("utter_handoff_queued", number=number)
        return []
