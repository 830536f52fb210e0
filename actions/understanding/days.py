"""Reckoning with days, months and working days."""

import calendar
from datetime import date, timedelta

_LAST = {"前半": 15, "上旬": 10, "初": 10, "月初": 10, "中旬": 20, "中": 15}
RECENT = timedelta(days=30)
"""A month and day this lately passed is a slip of the person; an older one means next year."""


def day_of(year: int, month: int, day: int) -> date | None:
    """The date, or None when there is no such day."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def month_end(year: int, month: int) -> date:
    """The last day of a month."""
    return date(year, month, calendar.monthrange(year, month)[1])


def coming(month: int, day: int, today: date) -> date | None:
    """The month and day without a year: this year's, or next year's when long past."""
    this = day_of(today.year, month, day)
    if this is not None and this >= today - RECENT:
        return this
    return day_of(today.year + 1, month, day)


def part_of_month(year: int, month: int, part: str | None) -> date:
    """The last day of a part of a month (月初, 上旬, 月底), without one of the month."""
    day = _LAST.get(part or "")
    return date(year, month, day) if day else month_end(year, month)


def shift_months(day: date, months: int) -> date:
    """The same day so many months on; the last day of a shorter month."""
    index = day.year * 12 + day.month - 1 + months
    year, month = index // 12, index % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def add(today: date, whole: int, unit: str, *, half: bool) -> date:
    """The day so many units (年, 月, 周, 工作日 ...) after a day, half a unit more if asked."""
    if unit == "年":
        return shift_months(today, whole * 12 + (6 if half else 0))
    if unit == "月":
        return shift_months(today, whole) + timedelta(days=15 if half else 0)
    if unit == "季度":
        return shift_months(today, whole * 3)
    if unit == "工作日":
        return _workdays(today, whole)
    days = {"周": 7, "星期": 7, "礼拜": 7}.get(unit, 1)
    return today + timedelta(days=whole * days)


def _workdays(today: date, whole: int) -> date:
    day = today
    while whole:
        day += timedelta(days=1)
        whole -= day.isoweekday() <= 5  # noqa: PLR2004 -- Friday
    return day
