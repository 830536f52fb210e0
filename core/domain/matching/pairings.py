"""What became of a need and a record that were brought together.

pushed → opened → accepted or declined → in_talks → signed, then asked after on FOLLOWED days
A step may be passed over. The last word of the need's person counts: what was declined may still
be accepted, and talks may be declined. Signed and ended stay.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from core.domain.errors import ConflictError
from core.domain.matching.matches import Match, Reason
from core.domain.needs import NeedId
from core.domain.records import RecordId


class PairingState(StrEnum):
    """Where a pairing is."""

    PUSHED = "pushed"
    """Told unasked."""
    OPENED = "opened"
    """Shown to who asked for it."""
    ACCEPTED = "accepted"
    DECLINED = "declined"
    IN_TALKS = "in_talks"
    SIGNED = "signed"
    ENDED = "ended"
    """Nothing came of it."""


_LATER = {
    PairingState.ACCEPTED,
    PairingState.DECLINED,
    PairingState.IN_TALKS,
    PairingState.SIGNED,
    PairingState.ENDED,
}
PAIRING_MOVES: Mapping[PairingState, frozenset[PairingState]] = {
    PairingState.PUSHED: frozenset(_LATER | {PairingState.OPENED}),
    PairingState.OPENED: frozenset(_LATER),
    PairingState.ACCEPTED: frozenset(_LATER - {PairingState.ACCEPTED}),
    PairingState.DECLINED: frozenset({PairingState.ACCEPTED}),
    PairingState.IN_TALKS: frozenset(
        {PairingState.DECLINED, PairingState.SIGNED, PairingState.ENDED}
    ),
    PairingState.SIGNED: frozenset(),
    PairingState.ENDED: frozenset(),
}
"""Where a pairing may go from each state."""

FOLLOWED = (timedelta(days=7), timedelta(days=30), timedelta(days=90))
"""How long after signing the need's person is asked how it goes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PairingStep:
    """One thing that happened to a pairing."""

    state: PairingState
    at: datetime
    by: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairing:
    """A need and a record that were brought together, and how; `weights` is their version."""

    need_id: NeedId
    record_id: RecordId
    state: PairingState
    offered_at: datetime
    """When it was shown or told last: exposure is counted by it."""
    weights: str = ""
    score: float = 0.0
    reasons: tuple[Reason, ...] = ()
    steps: tuple[PairingStep, ...] = ()
    reason: str = ""
    """Why it was declined, in the words of its person."""
    answered_at: datetime | None = None
    followed: int = 0
    """How often its person was asked how it goes."""
    due_at: datetime | None = None
    """When they are to be asked next."""


def check_pairing(pairing: Pairing, to: PairingState) -> None:
    """Let a legal move pass.

    Raises:
        ConflictError: the pairing cannot go there.
    """
    if to not in PAIRING_MOVES[pairing.state]:
        raise ConflictError(
            f"need {pairing.need_id} and {pairing.record_id} are {pairing.state} "
            f"and cannot become {to}"
        )


def offered(
    need_id: NeedId, match: Match, before: Pairing | None, *, opened: bool, at: datetime
) -> Pairing:
    """The pairing of a match that is shown: anew, or as it stands with what was shown now."""
    state = PairingState.OPENED if opened else PairingState.PUSHED
    pairing = before or Pairing(
        need_id=need_id,
        record_id=match.record_id,
        state=state,
        offered_at=at,
        steps=(PairingStep(state=state, at=at, by="system"),),
    )
    pairing = replace(
        pairing, offered_at=at, weights=match.weights, score=match.score, reasons=match.reasons
    )
    if state in PAIRING_MOVES[pairing.state]:
        pairing = moved(pairing, state, by="system", at=at)
    return pairing


def moved(pairing: Pairing, to: PairingState, *, by: str, at: datetime, note: str = "") -> Pairing:
    """The pairing after a move, with the step and, once signed, the day to ask how it goes.

    Raises:
        ConflictError: it cannot go there.
    """
    check_pairing(pairing, to)
    step = PairingStep(state=to, at=at, by=by, note=note)
    answer = to in {PairingState.ACCEPTED, PairingState.DECLINED}
    return replace(
        pairing,
        state=to,
        steps=(*pairing.steps, step),
        reason=note if to is PairingState.DECLINED else "",
        answered_at=at if answer else pairing.answered_at,
        due_at=at + FOLLOWED[0] if to is PairingState.SIGNED else pairing.due_at,
    )


def followed_up(pairing: Pairing) -> Pairing:
    """The pairing after its person was asked how it goes: the next time, if there is one."""
    signed = [step.at for step in pairing.steps if step.state is PairingState.SIGNED]
    count = pairing.followed + 1
    due = signed[-1] + FOLLOWED[count] if signed and count < len(FOLLOWED) else None
    return replace(pairing, followed=count, due_at=due)
