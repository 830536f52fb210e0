"""Days and hours as texts state them, and what happens on them."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from core.domain.documents import DocumentFacts
from knowledge.answers.working.reading.numbers import number

_NUM = r"\d{1,2}|[一二三四五六七八九十]{1,3}"
_DAY = re.compile(
    rf"(?:(?P<year>20\d{{2}})\s*[年./-]\s*|(?P<said>今年|去年|明年|前年|本年))?(?P<month>{_NUM})\s*月\s*(?:(?P<day>{_NUM})\s*[日号]?"
    r"(?!\d|个|年)|(?P<part>底|末|初|中旬))?"
    r"|(?P<iso_year>20\d{2})[./-](?P<iso_month>\d{1,2})[./-](?P<iso_day>\d{1,2})"
    r"|(?P<bare_year>20\d{2})年(?P<year_part>底|末|初|年底|年初)?(?!\d)"
    rf"|(?P<own_day>(?<=[-—~至到])\d{{1,2}})日"
)
_HOUR = re.compile(
    r"(?P<half>凌晨|早上|上午|中午|下午|晚上|傍晚|晚)?\s*(?P<hour>\d{1,2}|[一二三四五六七八九十]{1,3})\s*"
    r"(?:[:：]\s*(?P<minute>\d{2})|[点时](?!间|期|候)(?:(?P<minutes>\d{1,2})分|(?P<half_past>半))?)"
)
_RELATIVE = {"前天": -2, "昨天": -1, "今天": 0, "今日": 0, "明天": 1, "后天": 2, "大后天": 3}
_OFFSETS = {"今年": 0, "本年": 0, "去年": -1, "前年": -2, "明年": 1}
_NOON = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A day in a text, with its hour when that is said."""

    day: date
    hour: time | None
    start: int
    end: int
    exact: bool = True
    """False when only a month or a part of it is said; the day is then the last of it."""


def moments(text: str, year: int | None, present: int | None = None) -> list[Moment]:
    """The days of a normalised text; those without a year are of `year`, or of the day before.

    今年 and 去年 are counted from `present`.
    """
    found: list[Moment] = []
    last = year
    month: int | None = None
    for one in _DAY.finditer(text):
        named = _day(one, last, month, present)
        if named is None:
            continue
        day, exact = named
        own_year = one["year"] or one["iso_year"] or one["bare_year"]
        before = found[-1].day if found else None
        joined = before is not None and re.fullmatch(r"\D{0,8}", text[found[-1].end : one.start()])
        if before is not None and not own_year and joined and day < before:
            day = _safe(day.year + 1, day.month, day.day) or day
        last, month = day.year, day.month
        hour = _HOUR.match(text[one.end() :].lstrip("日号的 "))
        found.append(
            Moment(
                day=day,
                hour=_time(hour) if hour else None,
                start=one.start(),
                end=one.end() + (hour.end() if hour else 0),
                exact=exact,
            )
        )
    return found


def _day(
    one: re.Match[str], last: int | None, month: int | None, present: int | None
) -> tuple[date, bool] | None:
    if one["own_day"]:
        day = _safe(last, month, int(one["own_day"])) if last and month else None
        return (day, True) if day else None
    if one["bare_year"]:
        begins = "初" in (one["year_part"] or "")
        return date(int(one["bare_year"]), *((1, 31) if begins else (12, 31))), False
    if one["iso_year"]:
        day = _safe(int(one["iso_year"]), int(one["iso_month"]), int(one["iso_day"]))
        return (day, True) if day else None
    own = int(one["year"]) if one["year"] else last
    if one["said"] and present:
        own = present + _OFFSETS[one["said"]]
    said = number(one["month"])
    if own is None or said is None or not 1 <= said <= _NOON:
        return None
    return _in_month(one, own, int(said))


def _in_month(one: re.Match[str], year: int, month: int) -> tuple[date, bool] | None:
    if one["day"]:
        said = number(one["day"])
        day = _safe(year, month, int(said)) if said else None
        return (day, True) if day else None
    ends = {"初": 10, "中旬": 20}.get(one["part"] or "", monthrange(year, month)[1])
    return date(year, month, ends), False


def _safe(year: int | None, month: int | None, day: int) -> date | None:
    try:
        return date(year or 0, month or 0, day)
    except ValueError:
        return None


def _time(found: re.Match[str]) -> time | None:
    hour = number(found["hour"])
    if hour is None:
        return None
    minute = int(found["minute"] or found["minutes"] or (30 if found["half_past"] else 0))
    late = found["half"] in {"下午", "晚上", "傍晚", "晚"} and hour < _NOON
    try:
        return time(int(hour) + (_NOON if late else 0), minute)
    except ValueError:
        return None


def hour_at(text: str) -> time | None:
    """The hour that a normalised text begins with, or None."""
    found = _HOUR.match(text)
    return _time(found) if found else None


def given_moments(text: str, now: datetime, year: int | None) -> list[Moment]:
    """The days that a question gives, those told from today (明天) among them."""
    found = moments(text, year, now.year)
    for word, offset in _RELATIVE.items():
        at = text.find(word)
        if at >= 0 and not (word == "后天" and text[at - 1 : at] == "大"):
            hour = _HOUR.match(text[at + len(word) :])
            found.append(
                Moment(
                    day=now.date() + timedelta(days=offset),
                    hour=_time(hour) if hour else None,
                    start=at,
                    end=at + len(word) + (hour.end() if hour else 0),
                )
            )
    return sorted(found, key=lambda one: one.start)


def year_of(facts: DocumentFacts) -> int | None:
    """The year that a document's days are of when they do not say one."""
    if facts.closes_on:
        return facts.closes_on.year
    return facts.signed_on.year if facts.signed_on else facts.year
