"""Submissions of forms."""

from datetime import datetime
from typing import Any, override

from sqlalchemy import Connection, Row, select, update

from core.domain.conversations import Address
from core.domain.errors import NotFoundError
from core.domain.submissions import FilledForm, Submission, SubmissionId, SubmissionStatus
from core.persistence.statements import holding, insert
from core.persistence.tables import submissions
from core.ports.submissions import Submissions


class SqlSubmissions(Submissions):
    """Submission rows."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @override
    def put(
        self, key: str, address: Address, filled: FilledForm, now: datetime
    ) -> tuple[Submission, bool]:
        row = self._connection.execute(
            insert(self._connection, submissions)
            .values(
                key=key,
                form=filled.form,
                address=str(address),
                filled=filled,
                created_at=now,
                status=SubmissionStatus.SUBMITTED,
                note="",
            )
            .on_conflict_do_nothing(index_elements=["key"])
            .returning(submissions)
        ).first()
        if row is not None:
            return _submission(row), True
        same = select(submissions).where(submissions.c.key == key)
        return _submission(self._connection.execute(same).one()), False

    @override
    def get(self, submission_id: SubmissionId, *, hold: bool = False) -> Submission:
        same = select(submissions).where(submissions.c.id == submission_id)
        row = self._connection.execute(holding(same) if hold else same).first()
        if row is None:
            raise NotFoundError(f"no submission has the id {submission_id}")
        return _submission(row)

    @override
    def newest(self, limit: int, form: str | None = None) -> list[Submission]:
        statement = select(submissions).order_by(submissions.c.id.desc()).limit(limit)
        if form is not None:
            statement = statement.where(submissions.c.form == form)
        return [_submission(row) for row in self._connection.execute(statement)]

    @override
    def of(self, address: Address) -> list[Submission]:
        own = select(submissions).where(submissions.c.address == str(address))
        rows = self._connection.execute(own.order_by(submissions.c.id.desc()))
        return [_submission(row) for row in rows]

    @override
    def save(self, submission: Submission) -> None:
        same = submissions.c.id == submission.id
        values = {"status": submission.status, "note": submission.note}
        self._connection.execute(update(submissions).where(same).values(**values))


def _submission(row: Row[Any]) -> Submission:
    return Submission(
        id=row.id,
        key=row.key,
        address=Address.parse(row.address),
        filled=row.filled,
        created_at=row.created_at,
        status=row.status,
        note=row.note,
    )
