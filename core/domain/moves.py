"""The life of a need: which moves are legal, and the log of what happened.

submitted → published → matched → in_talks → landed
Steps may be passed over on the way to talks. Operators close at any time, and the person may
withdraw at any time; landed, closed and withdrawn are ends.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from core.domain.errors import ConflictError
from core.domain.needs import Need, NeedDraft, NeedId, NeedStatus

_STOPS = frozenset({NeedStatus.CLOSED, NeedStatus.WITHDRAWN})

MOVES: Mapping[NeedStatus, frozenset[NeedStatus]] = {
    NeedStatus.SUBMITTED: _STOPS | {NeedStatus.PUBLISHED, NeedStatus.MATCHED, NeedStatus.IN_TALKS},
    NeedStatus.PUBLISHED: _STOPS | {NeedStatus.MATCHED, NeedStatus.IN_TALKS},
    NeedStatus.MATCHED: _STOPS | {NeedStatus.IN_TALKS},
    NeedStatus.IN_TALKS: _STOPS | {NeedStatus.LANDED},
    NeedStatus.LANDED: frozenset(),
    NeedStatus.CLOSED: frozenset(),
    NeedStatus.WITHDRAWN: frozenset(),
}
"""Where a need may go from each status; nothing comes back, so each move happens once."""

SYSTEM = "system"
"""Who moved a need when no person did."""


class IllegalMoveError(ConflictError):
    """A need cannot go where it was sent; `need` is as it stands."""

    def __init__(self, need: Need, to: NeedStatus) -> None:
        super().__init__(f"need {need.number} is {need.status} and cannot become {to}")
        self.need = need


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedEvent:
    """One thing that happened to a need; `key` makes it happen once."""

    key: str
    need_id: NeedId
    at: datetime
    by: str
    """An address, an operator's name, or `SYSTEM`."""
    before: NeedStatus
    after: NeedStatus
    note: str = ""
    """Why, or what was said, in the words of who did it."""
    replaced: NeedDraft | None = None
    """The draft as it was, when this event changed it."""


def has_ended(need: Need) -> bool:
    """Whether nothing more can happen to a need."""
    return not MOVES[need.status]


def check_move(need: Need, to: NeedStatus) -> None:
    """Let a legal move pass.

    Raises:
        IllegalMoveError: the need cannot go there.
    """
    if to not in MOVES[need.status]:
        raise IllegalMoveError(need, to)
