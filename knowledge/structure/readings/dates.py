"""Days and times of day as documents write them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time

DAY = re.compile(
    r"(?P<year>\d{4}|[〇○零一二三四五六七八九]{4})\s*年\s*"
    r"(?P<month>\d{1,2}|十?[一二]|[三四五六七八九十])\s*月\s*"
    r"(?P<day>\d{1,2}|[一二三]?十?[一二三四五六七八九]|[二三]?十)\s*日"
)
"""A whole day, in digits or in Chinese numerals."""
_MOMENT = re.compile(
    r"(?:(?P<year>20\d{2})\s*[年./-]\s*)?(?P<month>\d{1,2})\s*[月./-]\s*(?P<day>\d{1,2})(?:\s*日|(?![\d.%万项个]))"
)
_TIME = re.compile(
    r"^[日号]?\s*[（(]?(?:周.|星期.)?[）)]?\s*(?P<half>上午|下午|中午|晚上?|傍晚)?\s*(?P<hour>\d{1,2})"
    r"\s*(?:[:：]\s*(?P<minute>\d{2})|[时点](?:整|(?P<more>\d{1,2})\s*分|(?P<part>半))?)"
)
_NOON = 12
_LAST_HOUR = 24


@dataclass(frozen=True, slots=True)
class Moment:
    """A day named in a text, where it stands, and the time of day said with it."""

    day: date
    start: int
    end: int
    at: time | None = None


def calendar_day(year: str, month: str, day: str) -> date | None:
    """A calendar day, or None when there is no such day."""
    try:
        return date(_number(year), _number(month), _number(day))
    except ValueError:
        return None


def _number(text: str) -> int:
    """Digits or a Chinese numeral up to 99; a year is read digit by digit."""
    if text.isdigit() and text.isascii():
        return int(text)
    digits = {char: at for at, char in enumerate("〇一二三四五六七八九")} | {"○": 0, "零": 0}
    if "十" not in text:
        return int("".join(str(digits[char]) for char in text))
    tens, _, ones = text.partition("十")
    return (digits[tens] if tens else 1) * 10 + (digits[ones] if ones else 0)


def moments(text: str, year: int | None) -> Iterator[Moment]:
    """The days of a text in order; a missing year is that of the day before, or `year`."""
    last: date | None = None
    for found in _MOMENT.finditer(text):
        own = found.group("year") or (last.year if last else year)
        named = _named(own, found)
        if named and last and named < last and not found.group("year"):
            named = _named(last.year + 1, found)
        if named is None:
            continue
        last = named
        said = _TIME.match(text[found.end() - (found.group().endswith("日")) :])
        yield Moment(named, found.start(), found.end(), _time(said) if said else None)


def _named(year: str | int | None, found: re.Match[str]) -> date | None:
    return calendar_day(str(year), found["month"], found["day"]) if year else None


def _time(said: re.Match[str]) -> time | None:
    """The time of a day; its last moment is written 23:59."""
    hour = int(said["hour"])
    minute = int(said["minute"] or said["more"] or 0) if not said["part"] else 30
    if said["half"] in {"下午", "晚", "晚上", "傍晚"} and hour < _NOON:
        hour += _NOON
    if (hour, minute) == (_LAST_HOUR, 0):
        hour, minute = 23, 59
    try:
        return time(hour, minute)
    except ValueError:
        return None
