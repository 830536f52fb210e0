"""Questions for operators, and feedback."""

from datetime import datetime
from typing import Any, override

from sqlalchemy import Connection, Row, select

from core.domain.conversations import Address
from core.domain.documents import Feedback, OpenQuestion
from core.persistence import tables
from core.persistence.statements import insert
from core.persistence.tables import questions
from core.ports.repositories import Questions


class SqlQuestions(Questions):
    """Question and feedback rows."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @override
    def put(
        self,
        address: Address,
        question: str,
        reason: str,
        now: datetime,
        *,
        key: str | None = None,
    ) -> OpenQuestion:
        row = self._connection.execute(
            insert(self._connection, questions)
            .values(
                key=key,
                address=str(address),
                question=question,
                reason=reason,
                asked_at=now,
            )
            .on_conflict_do_nothing(index_elements=["key"])
            .returning(questions)
        ).first()
        if row is None:
            row = self._connection.execute(select(questions).where(questions.c.key == key)).one()
        return _question(row)

    @override
    def open(self) -> list[OpenQuestion]:
        return [
            _question(row)
            for row in self._connection.execute(select(questions).order_by(questions.c.id))
        ]

    @override
    def put_feedback(
        self, address: Address, feedback: Feedback, now: datetime, *, key: str | None = None
    ) -> None:
        self._connection.execute(
            insert(self._connection, tables.feedback)
            .values(
                key=key,
                address=str(address),
                text=feedback.text,
                given_at=now,
                verdict=feedback.verdict,
                question=feedback.about and feedback.about.question,
                answer=feedback.about and feedback.about.answer,
            )
            .on_conflict_do_nothing(index_elements=["key"])
        )


def _question(row: Row[Any]) -> OpenQuestion:
    return OpenQuestion(
        id=row.id,
        address=row.address,
        question=row.question,
        reason=row.reason,
        asked_at=row.asked_at,
    )
