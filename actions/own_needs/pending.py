"""A question about one's own needs that waits for its answer, whatever the answer looks like.

An answer such as 第二个 or 太远 may be understood as anything. So the actions of those intents are
wrapped: what was asked in the turn before is looked at first, and forgotten when not answered.
"""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, override

from actions.turn import Event, Events, Speech, Turn, TurnAction, followup, set_slot

ASKED = "own_needs_asked"


def ask(action: str, step: str, **what: object) -> Event:
    """Remember what was asked: which action takes the answer, and what it needs for that."""
    return set_slot(ASKED, {"action": action, "step": step, **what})


def asked_by(turn: Turn, action: str) -> Mapping[str, Any]:
    """What `action` asked last; empty when it asked nothing."""
    asked = turn.slots.get(ASKED) or {}
    return asked if asked.get("action") == action else {}


def nothing_asked() -> Event:
    """Forget the question."""
    return set_slot(ASKED, None)


class AsksBack(TurnAction):
    """An action that may ask back, and then takes the answer."""

    @abstractmethod
    def hear(self, turn: Turn, speech: Speech, asked: Mapping[str, Any]) -> Events | None:
        """Take the answer to what was asked; None when the text is none."""


class Answered(TurnAction):
    """An action whose text may answer what was asked in the turn before."""

    def __init__(
        self, inner: TurnAction, *, asking: Sequence[AsksBack], listening: frozenset[str]
    ) -> None:
        self._inner = inner
        self._asking = {one.action_name: one for one in asking}
        self._listening = listening

    @override
    def name(self) -> str:
        return self._inner.name()

    @override
    def act(self, turn: Turn, speech: Speech) -> Events:
        asked = turn.slots.get(ASKED)
        if not asked:
            return self._inner.act(turn, speech)
        if not self._listening & set(turn.before):
            # Something else was said since: nobody remembers the question.
            turn = replace(turn, slots={**turn.slots, ASKED: None})
        elif not turn.active_form:  # in a form its own question is nearer
            heard = self._asking[asked["action"]].hear(turn, speech, asked)
            if heard is not None:
                return [*heard, followup("action_listen")]  # whatever else a rule would do
        return [nothing_asked(), *self._inner.act(turn, speech)]

    @override
    def after_failure(self) -> Events:
        return self._inner.after_failure()


def answered(actions: Sequence[TurnAction], asking: Sequence[AsksBack]) -> tuple[TurnAction, ...]:
    """The actions, each with an ear for answers to those who ask."""
    names = frozenset(action.name() for action in actions)
    return tuple(Answered(action, asking=asking, listening=names) for action in actions)
