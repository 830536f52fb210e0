"""Questions for operators, and feedback."""

from datetime import datetime
from typing import override

from sqlalchemy import Connection, insert, select

from core.domain.conversations import Address
from core.domain.documents import OpenQuestion
from core.persistence.tables import feedback, questions
from core.ports.repositories import Questions


class SqlQuestions(Questions):
    """Question and feedback rows."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @override
    def put(
        self, address: Address, question: str, reason: str, now: datetime, *, handoff: bool
    ) -> OpenQuestion:
        row = self._connection.execute(
            insert(questions)
            .values(
                address=str(address),
                question=question,
                reason=reason,
                asked_at=now,
                handoff=handoff,
            )
            .returning(questions)
        ).one()
        return OpenQuestion(**row._mapping)  # noqa: SLF001 -- public in SQLAlchemy despite its name

    @override
    def open(self) -> list[OpenQuestion]:
        rows = self._connection.execute(select(questions).order_by(questions.c.id))
        return [OpenQuestion(**row._mapping) for row in rows]  # noqa: SLF001 -- as above

    @override
    def put_feedback(self, address: Address, text: str, now: datetime) -> None:
        self._connection.execute(
            insert(feedback).values(address=str(address), text=text, given_at=now)
        )
