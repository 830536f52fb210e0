"""Handoffs: a conversation in a person's hands, and the moves that are allowed.

waiting → taken → handed back
waiting or taken → timed out (the bot answers again; the handoff stays in the operators' queue)
timed out → taken, or waiting when the person asks again; any of them → handed back, the end

While it waits or is taken the bot is silent.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import NewType

from core.domain.conversations import Address, Speaker
from core.domain.errors import HandoffClosedError, HandoffTakenError

HandoffId = NewType("HandoffId", int)


class HandoffState(StrEnum):
    """Whose turn it is. Timed out: nobody came in time, or nobody was there to come."""

    WAITING = "waiting"
    TAKEN = "taken"
    TIMED_OUT = "timed_out"
    HANDED_BACK = "handed_back"


SILENT = frozenset({HandoffState.WAITING, HandoffState.TAKEN})
"""States in which a person of the association has the word, and the bot has not."""


class Step(StrEnum):
    """What happened to a handoff."""

    ASKED = "asked"
    SAID = "said"
    TAKEN = "taken"
    REPLIED = "replied"
    TIMED_OUT = "timed_out"
    ENDED = "ended"
    HANDED_BACK = "handed_back"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the conversation as it was when a person was asked for."""

    speaker: Speaker
    text: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Handoff:
    """One person's handoff; its id is the number people quote.

    `why` says why this desk, for operators. `before` is the end of the conversation up to the
    asking. `due_at` is when it times out, unless something happens; None: it does not.
    `acknowledged`: the person has been told that what is said goes to the desk.
    """

    id: HandoffId
    address: Address
    desk: str
    why: str
    asked_at: datetime
    state: HandoffState
    due_at: datetime | None = None
    before: tuple[Line, ...] = ()
    taken_by: str | None = None
    acknowledged: bool = False

    @property
    def silent(self) -> bool:
        """Whether the bot is."""
        return self.state in SILENT

    def taken(self, by: str, due_at: datetime) -> "Handoff":
        """In that liaison's hands; the same one again changes only when it is due.

        Raises:
            HandoffTakenError: somebody else has it.
            HandoffClosedError: it is over.
        """
        self._demand_unclosed()
        if self.state is HandoffState.TAKEN and self.taken_by != by:
            raise HandoffTakenError(f"handoff {self.id} is taken by {self.taken_by}")
        return replace(self, state=HandoffState.TAKEN, taken_by=by, due_at=due_at)

    def handed_back(self) -> "Handoff":
        """Over: the bot answers.

        Raises:
            HandoffClosedError: it is over already.
        """
        self._demand_unclosed()
        return replace(self, state=HandoffState.HANDED_BACK, due_at=None)

    def timed_out(self) -> "Handoff":
        """Nobody came, or nobody spoke, in time; whoever had it has it no more."""
        return replace(self, state=HandoffState.TIMED_OUT, taken_by=None, due_at=None)

    def heard(self, due_at: datetime | None) -> "Handoff":
        """The person said something more, and knows where it goes."""
        return replace(self, acknowledged=True, due_at=due_at)

    def _demand_unclosed(self) -> None:
        if self.state is HandoffState.HANDED_BACK:
            raise HandoffClosedError(f"handoff {self.id} is over")


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoffEvent:
    """What happened to a handoff, who did it and when: its audit, and what was said in it.

    The key makes it happen once; `by` is an address, a liaison's name, or `clock`.
    """

    handoff: HandoffId
    key: str
    step: Step
    by: str
    at: datetime
    text: str = ""
    id: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Liaison:
    """Who answers people, and at which desks; None: at all of them."""

    name: str
    desks: frozenset[str] | None = None

    def serves(self, desk: str) -> bool:
        """Whether handoffs of that desk are this one's to see."""
        return self.desks is None or desk in self.desks
