"""Who provides what a record offers, and what people are told of orders."""

from collections.abc import Callable
from dataclasses import dataclass

from core.domain.conversations import Address, Reply
from core.domain.errors import NotFoundError
from core.domain.matching.orders import Order
from core.domain.needs import Need
from core.domain.records import Record, RecordId
from core.domain.submissions import Submission, SubmissionId, SubmissionStatus
from core.ports.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderWords:
    """What people are told of orders: a provider of a new one, a need's person of one taken."""

    handed: Callable[[Order, Need], Reply]
    taken: Callable[[Need, Record], Reply]


def provider_of(unit: UnitOfWork, record: Record) -> Address | None:
    """Where whoever handed a record in is spoken to.

    None for what operators imported: nobody has said where its provider is to be found.
    """
    submission = _handed_in(unit, record)
    return submission.address if submission is not None else None


def _handed_in(unit: UnitOfWork, record: Record) -> Submission | None:
    serial = record.external_id.rpartition("-")[2]
    if not (serial.isascii() and serial.isdigit()):
        return None
    try:
        submission = unit.submissions.get(SubmissionId(int(serial)))
    except NotFoundError:
        return None
    return submission if record.id == published_as(submission) else None


def published_as(submission: Submission) -> RecordId | None:
    """The id of the record that a submission is published as; None when it is not."""
    record = submission.filled.record
    if record is None or submission.status is not SubmissionStatus.ACCEPTED:
        return None
    return RecordId(f"{record.library}/{submission.number}")
