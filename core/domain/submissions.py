"""What people hand in by forms other than the need: kept, decided upon, published with consent."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, NewType

from core.domain.conversations import Address
from core.domain.errors import ConflictError
from core.domain.records import Record
from core.domain.reminders import SHANGHAI

SubmissionId = NewType("SubmissionId", int)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One answer: its field, what that is called, what was understood, and as people read it."""

    name: str
    label: str
    shown: str
    value: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class FilledForm:
    """What was filled in, and what of it is published when it is accepted.

    `record` is what the person agreed to have published, without contact data; None where nothing
    is. Its external id is given when it is accepted.
    """

    form: str
    title: str
    prefix: str
    entries: tuple[Entry, ...]
    record: Record | None = None


class SubmissionStatus(StrEnum):
    """The life of a submission."""

    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


_MOVES: Mapping[SubmissionStatus, frozenset[SubmissionStatus]] = {
    SubmissionStatus.SUBMITTED: frozenset(SubmissionStatus) - {SubmissionStatus.SUBMITTED},
    SubmissionStatus.ACCEPTED: frozenset({SubmissionStatus.WITHDRAWN}),
    SubmissionStatus.REFUSED: frozenset(),
    SubmissionStatus.WITHDRAWN: frozenset(),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """A stored form. `key` makes storing idempotent: one confirmed message, one submission."""

    id: SubmissionId
    key: str
    address: Address
    filled: FilledForm
    created_at: datetime
    status: SubmissionStatus = SubmissionStatus.SUBMITTED
    note: str = ""
    """What the person is told about the decision."""

    @property
    def number(self) -> str:
        """The number people quote, e.g. ZJ-2026-000012; the year of submission where they live."""
        year = self.created_at.astimezone(SHANGHAI).year
        return f"{self.filled.prefix}-{year}-{self.id:06d}"


def is_decided(submission: Submission) -> bool:
    """Whether nothing more can happen to a submission."""
    return not _MOVES[submission.status]


def check_decision(submission: Submission, to: SubmissionStatus) -> None:
    """Let a legal decision pass.

    Raises:
        ConflictError: the submission was decided upon otherwise.
    """
    if to not in _MOVES[submission.status]:
        raise ConflictError(
            f"submission {submission.number} is {submission.status} and cannot become {to}"
        )
