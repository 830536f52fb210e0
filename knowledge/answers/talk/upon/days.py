"""The days from now to the day just told, or since."""

import re
from datetime import date

from core.domain.documents import Answer, Citation
from knowledge.answers.composition import say, say_date
from knowledge.answers.talk.carrying.swaps import named_in
from knowledge.answers.talk.upon.told import Before, worked
from knowledge.answers.working.case import SHANGHAI
from knowledge.answers.working.reading.dates import moments, year_of
from knowledge.lexicon.words import normalise

_ASKS = re.compile(
    r"^(?:那|这|也就是说|所以)?(?:[离距]|到)?(?:今天|今|现在|那天|那时|这会儿|眼下|当天|开始|那会儿)?(?:到?现在)?,?"
    r"(?:也就|就|只|已经?)?(?:还有|还剩|剩|还要|还得|有|过去?了?|等)?(?:下|等)?"
    r"(?:多久|几天|多少天|多长时间|几个月|几周|几个星期)(?:了|时间)?[呢啊?？。]*$"
)
_ENDS = re.compile(r"截止|结束|最[后晚迟]|之前|以前|到期|为止")


def days_to(told: Before, said: str) -> Answer | None:
    """How far the day told is from now; None when no day was told."""
    if not _ASKS.search(said):
        return None
    found = _day(told)
    if found is None:
        return None
    day, citation = found
    today = told.now.astimezone(SHANGHAI).date()
    count = (day - today).days
    name = "upon.today" if not count else "upon.left" if count > 0 else "upon.passed"
    text = say(name, day=say_date(day), today=say_date(today), count=str(abs(count)))
    answer = worked(told, text, [])
    first = (citation, *(one for one in answer.citations if one != citation))
    return Answer(question=answer.question, text=answer.text, citations=first, notes=answer.notes)


def _day(told: Before) -> tuple[date, Citation] | None:
    """The exact day nearest behind a name that was asked about; of an end the last one."""
    names = named_in(told.question)
    found: list[tuple[int, int, date, Citation]] = []
    for at, one in enumerate(told.answer.citations):
        facts = told.facts_of(one)
        quote = normalise(one.quote)
        days = [each for each in moments(quote, year_of(facts) if facts else None) if each.exact]
        if days and _ENDS.search(told.question):
            days = days[-1:]
        ends = [quote.rfind(name) + len(name) for name in names if name in quote]
        for each in days:
            near = min((each.start - end for end in ends if end <= each.start), default=len(quote))
            found.append((near, at, each.day, one))
    if not found:
        return None
    _, _, day, citation = min(found, key=lambda one: one[:2])
    return day, citation
