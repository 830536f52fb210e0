"""Taking and refusing what operators send to many, and saying who one is."""

import re
from collections.abc import Mapping, Sequence

from actions import wording
from actions.turn import Speech, Turn
from actions.understanding.text import fold
from core.domain.broadcasts import Role
from core.services.broadcasts.people import RefuseBroadcasts, TellRole

TO_MANY = re.compile(r"群发|群消息")
"""What nobody in particular asked for."""


class ToMany:
    """Broadcasts are taken or refused; who says who it is gets those for its like."""

    def __init__(self, refuse: RefuseBroadcasts, tell_role: TellRole) -> None:
        self._refuse = refuse
        self._tell_role = tell_role

    def take(self, turn: Turn, speech: Speech) -> None:
        """Take them from now on, as who the text says."""
        self._refuse(turn.person, refuses=False)
        said = role_in(turn.text)
        self._tell_role(turn.person, said[0] if said else None, by=str(turn.address))
        if said:
            speech.say("utter_broadcasts_taken_as", role=said[1])
        else:
            speech.say("utter_broadcasts_taken")

    def refuse(self, turn: Turn, speech: Speech) -> None:
        """Take none from now on."""
        self._refuse(turn.person, refuses=True)
        speech.say("utter_broadcasts_refused")


def role_in(text: str) -> tuple[Role, str] | None:
    """The role a text names, with its word; None when it names none."""
    folded = fold(text)
    named: Mapping[str, Sequence[str]] = wording.words()["roles"]
    for name, words in named.items():
        for word in words:
            if word in folded:
                return Role(name), word
    return None
