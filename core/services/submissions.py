"""Keeping forms that were handed in, and deciding upon them."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from core.domain.conversations import Address, Reply
from core.domain.deliveries import OutboundMessage
from core.domain.errors import NotFoundError
from core.domain.submissions import (
    FilledForm,
    Submission,
    SubmissionId,
    SubmissionStatus,
    check_decision,
)
from core.ports.clock import Clock
from core.ports.unit_of_work import UnitOfWork, Units
from core.ports.wakeups import Wakeups, Work
from core.services.records import StoreRecords

LONGEST_NOTE = 500
"""Characters of a note that are kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitForm:
    """Store a confirmed form once per confirming message."""

    units: Units
    clock: Clock

    def __call__(self, filled: FilledForm, *, address: Address, key: str) -> Submission:
        """Store it; a second call with the same key finds the first submission."""
        with self.units() as unit:
            submission, _ = unit.submissions.put(key, address, filled, self.clock.now())
            unit.commit()
        return submission


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideSubmission:
    """Accept, refuse or withdraw: the decision and the words to its person are one transaction.

    What an accepted one publishes is stored after that. Deciding the same again does it again,
    so a crash between the two is mended by a repeat. `report` gives the words.
    """

    units: Units
    clock: Clock
    wakeups: Wakeups
    store_records: StoreRecords
    report: Callable[[Submission], Reply]

    def __call__(
        self,
        submission_id: SubmissionId,
        to: SubmissionStatus,
        *,
        note: str = "",
        by: Address | None = None,
    ) -> Submission:
        """Decide; one that was decided so already stays, and nobody is told again.

        `by` is the person when it is their own decision: they are told where they say it.

        Raises:
            NotFoundError: there is no such submission, or it is somebody else's.
            ConflictError: it was decided upon otherwise.
        """
        with self.units() as unit:
            submission = unit.submissions.get(submission_id, hold=True)
            if by is not None and submission.address != by:
                raise NotFoundError(f"{by} has no submission of the id {submission_id}")
            if submission.status is not to:
                check_decision(submission, to)
                note = note.strip()[:LONGEST_NOTE]
                submission = replace(submission, status=to, note=note)
                unit.submissions.save(submission)
                if by is None:
                    self._tell(unit, submission)
                unit.commit()
        self._publish(submission)
        self.wakeups.wake(Work.OUTBOX)
        return submission

    def _tell(self, unit: UnitOfWork, submission: Submission) -> None:
        message = OutboundMessage(
            key=f"submission:{submission.id}:{submission.status}",
            address=submission.address,
            reply=self.report(submission),
        )
        unit.outbox.put(message, self.clock.now())

    def _publish(self, submission: Submission) -> None:
        """Store what an accepted one publishes; take back what a withdrawn one published."""
        record = submission.filled.record
        if record is None or submission.status is SubmissionStatus.REFUSED:
            return
        record = replace(record, external_id=submission.number)
        if submission.status is SubmissionStatus.WITHDRAWN:
            with self.units() as unit:
                if unit.records.find(record.id) is None:
                    return
            record = replace(record, withdrawn=True)
        # Whose record it is decides whether it is shown, whatever an operator had written.
        self.store_records([record], over=("withdrawn",) if record.withdrawn else ())
