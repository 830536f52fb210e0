"""Answering questions, and queueing for operators those that documents do not answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from core.domain.conversations import Address
from core.domain.documents import Answer, Exchange, Feedback, Verdict
from core.ports.clock import Clock
from core.ports.knowledge_base import KnowledgeBase
from core.ports.unit_of_work import Units


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerQuestion:
    """Answer from the documents; an abstention is queued for operators, once a key."""

    units: Units
    clock: Clock
    knowledge: KnowledgeBase

    def __call__(
        self,
        question: str,
        *,
        address: Address,
        now: datetime,
        history: Sequence[Exchange] = (),
        key: str | None = None,
    ) -> Answer:
        """Answer as of `now`, reading `history` for follow-ups."""
        answer = self.knowledge.answer(question, now=now, history=history)
        if answer.abstained:
            with self.units() as unit:
                unit.questions.put(
                    address,
                    question,
                    answer.reason or "",
                    self.clock.now(),
                    key=f"abstention:{key}" if key else None,
                )
                unit.commit()
        return answer


COMPLAINT = "complaint"
"""Why a question waits for operators: its answer was called wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveFeedback:
    """Keep what a person says about the service, once a key."""

    units: Units
    clock: Clock

    def __call__(
        self, feedback: Feedback, *, address: Address, key: str, request: str = ""
    ) -> None:
        """Keep it; of an answer called bad, `request` is queued for operators."""
        with self.units() as unit:
            now = self.clock.now()
            unit.questions.put_feedback(address, feedback, now, key=key)
            if feedback.verdict is Verdict.BAD and feedback.about is not None:
                unit.questions.put(address, request, COMPLAINT, now, key=f"{COMPLAINT}:{key}")
            unit.commit()
