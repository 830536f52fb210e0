"""Submissions: forms that were handed in, and what was decided."""

from datetime import datetime
from typing import Protocol

from core.domain.conversations import Address
from core.domain.submissions import FilledForm, Submission, SubmissionId


class Submissions(Protocol):
    """Submissions of all forms."""

    def put(
        self, key: str, address: Address, filled: FilledForm, now: datetime
    ) -> tuple[Submission, bool]:
        """Store one once per key; the flag is True when it was new."""
        ...

    def get(self, submission_id: SubmissionId, *, hold: bool = False) -> Submission:
        """Find one; `hold` keeps it as it is until the unit ends.

        Raises:
            NotFoundError: there is none.
        """
        ...

    def newest(self, limit: int, form: str | None = None) -> list[Submission]:
        """Those handed in last, newest first; of one form or of all."""
        ...

    def of(self, address: Address) -> list[Submission]:
        """A person's own, newest first."""
        ...

    def save(self, submission: Submission) -> None:
        """Store the status and the note of one that is held."""
        ...
