"""Workdays by the State Council's notices: holidays are off, make-up Saturdays and Sundays on."""

import logging
from datetime import date, timedelta
from functools import cache

import chinese_calendar
from chinese_calendar.constants import holidays

log = logging.getLogger(__name__)

SATURDAY = 5


def last_known_year() -> int:
    """The last year whose holidays are known; from the next on Monday to Friday are workdays."""
    years: set[int] = {day.year for day in holidays}
    return max(years)


def is_workday(day: date) -> bool:
    """Whether people work on that day.

    In a year whose holidays are not known, the weekday decides; the log says so, once a year.
    """
    if not _is_known(day.year):
        return day.weekday() < SATURDAY
    return bool(chinese_calendar.is_workday(day))


def workday_before(day: date, count: int = 0) -> date:
    """The workday so many workdays before `day`; for 0, itself or the last one before it."""
    while count or not is_workday(day):
        day -= timedelta(days=1)
        count -= count and is_workday(day)
    return day


@cache
def _is_known(year: int) -> bool:
    known = any(day.year == year for day in holidays)
    if not known:
        log.warning("the holidays of %s are not known: Monday to Friday count as workdays", year)
    return known
