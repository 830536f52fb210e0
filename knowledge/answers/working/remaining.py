"""What is left until a stated day or has passed since, and the present a question speaks of."""

import re
from collections.abc import Iterable
from datetime import date, datetime

from knowledge.answers.working.case import SHANGHAI, Case, Worked
from knowledge.answers.working.events import Event, Role
from knowledge.answers.working.reading.dates import Moment, given_moments, year_of
from knowledge.answers.working.telling import say_day, tell

NOW_IS = re.compile(r"(?:今天|现在|今儿|眼下)(?:已经)?(?:是|都)?$")
"""What stands before a day that a question takes for the present."""

_AT_DAY = re.compile(r"(?:的)?(?:时候|那时|时)|那天|当天|起|开始")
_MONTHS = 12
_LONG = 60


def worked_of(text: str, *events: Event) -> Worked:
    """A result that stands on the sentences of some days."""
    return Worked(text=text, rules=tuple(dict.fromkeys(one.evidence for one in events)))


def same_document(events: Iterable[Event]) -> bool:
    """Whether days are stated by one document."""
    return len({one.evidence.passage.source.id for one in events}) == 1


def days_given(case: Case, anchor: Event) -> list[Moment]:
    """The days that the question gives, but today; a missing year is that of the rule."""
    year = year_of(anchor.evidence.passage.source.facts) or anchor.day.year
    found = given_moments(case.text, case.now.astimezone(SHANGHAI), year)
    return [one for one in found if one.exact and one.day != case.today]


def present(case: Case, anchor: Event) -> datetime:
    """Now, unless the question says what day it is."""
    for one in days_given(case, anchor):
        if NOW_IS.search(case.text[: one.start]):
            return datetime.combine(one.day, one.hour or datetime.min.time(), tzinfo=SHANGHAI)
    return case.now.astimezone(SHANGHAI)


def counted_from(case: Case, anchor: Event) -> datetime | None:
    """The instant that days are counted from: the day a question names, else the present.

    None when it names a day that is not exact, or several.
    """
    zoned = case.now.astimezone(SHANGHAI)
    named = [
        one
        for one in given_moments(
            case.text, zoned, year_of(anchor.evidence.passage.source.facts) or anchor.day.year
        )
        if one.day not in {case.today, anchor.day}
        and (one.exact or _AT_DAY.match(case.text[one.end :]))
    ]
    if not named:
        return zoned
    if len(named) > 1 or not named[0].exact:
        return None
    return datetime.combine(named[0].day, named[0].hour or datetime.min.time(), tzinfo=SHANGHAI)


def remaining(anchor: Event, now: datetime) -> str:
    """The days from now to a stated day, or since."""
    today = now.date()
    count = (anchor.day - today).days
    values = {
        "what": tell(f"days.{anchor.role}"),
        "day": when(anchor),
        "today": say_day(today),
        "count": str(abs(count)),
    }
    if count > 0:
        return tell("days.left", span=span_of(today, anchor.day), **values)
    if count < 0:
        return tell("days.passed", span=span_of(anchor.day, today), **values)
    if anchor.role is Role.SIGNED:
        return tell("days.passed", span="", **values)
    return tell("days.today" if now <= anchor.at else "days.today_passed", **values)


def when(one: Event) -> str:
    """A stated day with its hour."""
    hour = f"{one.hour:%H:%M}" if one.hour else ""
    return say_day(one.day) + hour


def span_of(first: date, last: date) -> str:
    """Years, months and days between two days, for spans too long to think of in days."""
    if (last - first).days < _LONG:
        return ""
    months = (last.year - first.year) * _MONTHS + last.month - first.month
    months -= last.day < first.day
    years, rest = divmod(months, _MONTHS)
    parts = (years and f"{years}{tell('days.years')}", rest and f"{rest}{tell('days.months')}")
    return tell("days.about", span="".join(part for part in parts if part))
