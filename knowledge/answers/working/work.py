"""The one door to worked-out answers: each way of working tried in turn, or nothing."""

import re
from collections.abc import Callable
from datetime import datetime

from core.domain.documents import Answer
from knowledge.answers.question import Question, understand
from knowledge.answers.working.case import Case, Worked
from knowledge.answers.working.chain import Desk, chain
from knowledge.answers.working.conditions.applicant import applicant
from knowledge.answers.working.conditions.entitled import entitled
from knowledge.answers.working.conditions.subject import asks_openly, asks_whether
from knowledge.answers.working.formulas.due import due
from knowledge.answers.working.formulas.fees import fee
from knowledge.answers.working.formulas.grades import grade
from knowledge.answers.working.formulas.opening import opening
from knowledge.answers.working.formulas.portions import portion, quota
from knowledge.answers.working.formulas.scores import scores
from knowledge.answers.working.formulas.yearly import yearly
from knowledge.answers.working.measured.measured import measured
from knowledge.answers.working.reading.numbers import quantities
from knowledge.answers.working.telling import answer_of
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
    opening,
    due,
    scores,
    grade,
    portion,
    yearly,
    fee,
    share,
    quota,
    points,
    measured,
    band,
    rows,
    days,
    applicant,
    in_time,
    count,
    entitled,
    times,
    total,
)

_CLAUSE = re.compile(r"[,;。?!，；？！]+")
_HOW_MANY = re.compile(r"几(?!乎)|多少")
_ASKS = re.compile(
    rf"{_HOW_MANY.pattern}|什么|哪|谁|怎|啥|如何|[吗么嘛吧]$|能不能|行不行|可不可以|是否"
)


def work(question: str, asked: Question, corpus: Corpus, *, now: datetime) -> Answer | None:
    """An answer that had to be worked out, or None when nothing is to be, or no rule is found."""
    if not len(corpus.passages):
        return None
    worked = _work_out(Case(asked=asked, corpus=corpus, now=now))
    return answer_of(question, worked, now, corpus.passages) if worked is not None else None


def judge(question: str, corpus: Corpus, *, now: datetime) -> Answer | None:
    """A whole message with one question in it, for what it tells beside it belongs to the case.

    Whether something passes is put to one condition; a number is worked out of the counts that
    the other sentences give.
    """
    asked = understand(question, now.year)
    if not len(corpus.passages):
        return None
    case = Case(asked=asked, corpus=corpus, now=now)
    if asks_whether(asked) and not asks_openly(asked.text):
        sized = measured(case) if share(case) is None else None
        worked = opening(case) or scores(case) or sized or applicant(case) or in_time(case)
    else:
        worked = _work_out(case) if _asks_once_of_counts(case) else None
    return answer_of(question, worked, now, corpus.passages) if worked is not None else None


def _asks_once_of_counts(case: Case) -> bool:
    """Whether one clause alone asks for a number, and another gives one."""
    clauses = _CLAUSE.split(case.text)
    asking = [one for one in clauses if _ASKS.search(one)]
    told = [one for one in clauses if one not in asking and quantities(one)]
    return len(asking) == 1 and bool(told) and bool(_HOW_MANY.search(asking[0]))


def work_on(question: str, before: str, corpus: Corpus, *, now: datetime) -> Answer | None:
    """The same for so many more or fewer of what the question before came to."""
    if not before or not len(corpus.passages):
        return None
    worked = chain(question, before, Desk(corpus=corpus, now=now, work_out=_work_out))
    return answer_of(question, worked, now, corpus.passages) if worked is not None else None


def _work_out(case: Case) -> Worked | None:
    """The first way that finds its rule."""
    for way in _WAYS:
        worked = way(case)
        if worked is not None:
            return worked
    return None
