"""The one door to worked-out answers: each way of working tried in turn, or nothing."""

from collections.abc import Callable, Sequence
from datetime import datetime

from core.domain.documents import Answer, Exchange
from knowledge.answers.question import Question
from knowledge.answers.working.case import Case, Worked
from knowledge.answers.working.chain import Desk, chain
from knowledge.answers.working.telling import answer_of
from knowledge.answers.working.ways.applicants import applicant, entitled
from knowledge.answers.working.ways.bands import band
from knowledge.answers.working.ways.counts import count
from knowledge.answers.working.ways.days import days
from knowledge.answers.working.ways.intime import in_time
from knowledge.answers.working.ways.points import points
from knowledge.answers.working.ways.rows import rows
from knowledge.answers.working.ways.shares import share
from knowledge.answers.working.ways.times import times
from knowledge.answers.working.ways.totals import total
from knowledge.retrieval.search import Corpus

_WAYS: tuple[Callable[[Case], Worked | None], ...] = (
    share,
    band,
    points,
    rows,
    days,
    applicant,
    in_time,
    count,
    entitled,
    times,
    total,
)


def work(question: str, asked: Question, corpus: Corpus, *, now: datetime) -> Answer | None:
    """An answer that had to be worked out, or None when nothing is to be, or no rule is found."""
    if not len(corpus.passages):
        return None
    worked = _work_out(Case(asked=asked, corpus=corpus, now=now))
    return answer_of(question, worked, now) if worked is not None else None


def work_on(
    question: str, corpus: Corpus, *, now: datetime, history: Sequence[Exchange]
) -> Answer | None:
    """The same for a question that gives other numbers to what was worked out before it."""
    if not history or not len(corpus.passages):
        return None
    worked = chain(question, history, Desk(corpus=corpus, now=now, work_out=_work_out))
    return answer_of(question, worked, now) if worked is not None else None


def _work_out(case: Case) -> Worked | None:
    """The first way that finds its rule."""
    for way in _WAYS:
        worked = way(case)
        if worked is not None:
            return worked
    return None
