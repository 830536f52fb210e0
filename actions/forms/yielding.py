"""What interrupts a form, and yields to an answer that only sounds like it."""

from collections.abc import Sequence
from typing import override

from rasa_sdk.interfaces import Action

from actions.forms.desk import Desk
from actions.turn import Events, Speech, Turn, TurnAction


class Yielding(TurnAction):
    """An action that leaves the turn to the open form when it answers what the form asked."""

    def __init__(self, inner: TurnAction, desk: Desk) -> None:
        self._inner = inner
        self._desk = desk

    @override
    def name(self) -> str:
        return self._inner.name()

    @override
    def act(self, turn: Turn, speech: Speech) -> Events:
        filling = self._desk.answers(turn)
        if filling is not None:
            return self._desk.events(filling, turn)
        return self._inner.act(turn, speech)

    @override
    def after_failure(self) -> Events:
        return self._inner.after_failure()


def yielding(actions: Sequence[TurnAction], desk: Desk) -> tuple[Action, ...]:
    """The actions, each after the open form."""
    return tuple(Yielding(one, desk) for one in actions)
