"""Phrases for days: each pattern with the reading of its match, relative to a given today."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from actions.understanding.days import (
    RECENT,
    add,
    coming,
    day_of,
    month_end,
    part_of_month,
    shift_months,
)
from actions.understanding.lexicon import holidays
from actions.understanding.numbers import HANZI, count
from actions.understanding.text import Span
from core.domain.needs import DeadlineKind

BEFORE = re.compile(r"\s*(?:之前|以前|前(?!后|[几一两三\d]))")
"""What makes a bare month end on the day before it begins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A day read from a span.

    `ends` tells that the words alone mean an end (三周内), `ahead` that they look ahead (明年),
    `eve` that 前 after them excludes the day itself (holidays), `bare` that they are a duration
    without 内, which mostly tells how long something lasts, `term` that they are a duration.
    """

    on: date
    span: Span
    kind: DeadlineKind
    ends: bool = False
    ahead: bool = False
    eve: bool = False
    bare: bool = False
    term: bool = False


type Resolve = Callable[[re.Match[str], date], Found | None]

_N = rf"(?:\d{{1,3}}|{HANZI})"
_DAY = r"(?:[0-3]?\d|[一二三]?十?[一二三四五六七八九十])"
_MONTH = r"(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
_YEAR = r"(?:20\d\d|二[〇零]二[〇零一二三四五六七八九]|[今明后]年|本年度?|(?<!\d)2\d(?=年)|去年)"


def _made(match: re.Match[str], on: date | None, kind: DeadlineKind, **more: bool) -> Found | None:
    if on is None:
        return None
    return Found(on=on, span=Span(start=match.start(), end=match.end()), kind=kind, **more)


def _year(word: str | None, today: date) -> int | None:
    if not word:
        return None
    relative = {"今年": 0, "本年": 0, "本年度": 0, "明年": 1, "后年": 2, "去年": -1}
    if word in relative:
        return today.year + relative[word]
    value = count(word)
    if value is None:
        return None
    return 2000 + value if value < 100 else value  # noqa: PLR2004 -- two-digit years


def _on_day(match: re.Match[str], today: date) -> Found | None:
    month, day = count(match["month"]), count(match["day"])
    if month is None or day is None:
        return None
    year = _year(match["year"], today)
    on = day_of(year, month, day) if year else coming(month, day, today)
    return _made(match, on, DeadlineKind.DATE, ahead=year is not None and year > today.year)


def _on_day_of_near_month(match: re.Match[str], today: date) -> Found | None:
    first = shift_months(today, {"本": 0, "这": 0, "当": 0, "下": 1}[match["which"]])
    day = count(match["day"])
    on = day_of(first.year, first.month, day) if day else None
    return _made(match, on, DeadlineKind.DATE)


def _on_coming_day(match: re.Match[str], today: date) -> Found | None:
    """15号之前: of this month, or the next one when that day is over."""
    day = count(match["day"])
    first = shift_months(today.replace(day=1), 0 if day and day >= today.day else 1)
    on = day_of(first.year, first.month, day) if day else None
    return _made(match, on, DeadlineKind.DATE)


def _end_of(year: int, month: int, part: str | None, *, before: bool) -> date:
    """The last day of a month or of a part of it; 九月前 ends before it begins."""
    if before:
        return date(year, month, 1) - timedelta(days=1)
    return part_of_month(year, month, part)


def _in_month(match: re.Match[str], today: date) -> Found | None:
    month = count(match["month"])
    if month is None:
        return None
    year = _year(match["year"], today)
    before = not match["part"] and BEFORE.match(match.string, match.end()) is not None
    on = _end_of(year or today.year, month, match["part"], before=before)
    if year is None and on < today - RECENT:
        year = today.year + 1
        on = _end_of(year, month, match["part"], before=before)
    year = year or today.year
    return _made(match, on, DeadlineKind.MONTH, ahead=year > today.year)


def _in_near_month(match: re.Match[str], today: date) -> Found | None:
    ahead = {"上": -1, "本": 0, "这": 0, "当": 0, "下": 1, "下下": 2, "": 0}[match["which"] or ""]
    if not match["which"] and not match["part"]:
        return None
    first = shift_months(today, ahead)
    on = part_of_month(first.year, first.month, match["part"])
    if on < today and not match["which"]:
        first = shift_months(today, 1)
        on = part_of_month(first.year, first.month, match["part"])
    return _made(match, on, DeadlineKind.MONTH, ahead=ahead >= 0)


def _in_quarter(match: re.Match[str], today: date) -> Found | None:
    year = _year(match["year"], today)
    now = (today.month - 1) // 3 + 1
    which = match["near"]
    said = match["quarter"] or match["q"] or (str(now) if match["this"] else "")
    quarter = now + (which[0] == "下") if which else count(said)
    if quarter is None:
        return None
    if year is None:
        year = today.year + (1 if not which and quarter < now else 0)
    on = month_end(year + (quarter - 1) // 4, (quarter - 1) % 4 * 3 + 3)
    return _made(match, on, DeadlineKind.PERIOD, ends=True, ahead=True)


def _in_year(match: re.Match[str], today: date) -> Found | None:
    year = _year(match["year"], today) or today.year
    part = match["part"] or ""
    end = {"上半年": (6, 30), "初": (1, 31), "中": (6, 30)}.get(part, (12, 31))
    if not part and year <= today.year:
        return None
    on = date(year, *end)
    if part == "上半年" and not match["year"] and on < today:
        on = date(year + 1, *end)
    return _made(match, on, DeadlineKind.PERIOD, ends=part != "", ahead=True)


def _within(match: re.Match[str], today: date) -> Found | None:
    amount = match["amount"]
    whole = 0 if amount == "半" else count(amount)
    if whole is None:
        return None
    half = amount == "半" or match["half"] is not None or match["half2"] is not None
    if whole == 0 and not half:
        return None
    unit = match["unit"]
    on = add(today, whole, unit, half=half)
    marked = match["mark"] or match["head"]
    return _made(match, on, DeadlineKind.PERIOD, ends=bool(marked), bare=not marked, term=True)


def _weekday(match: re.Match[str], today: date) -> Found | None:
    number = {"日": 7, "天": 7, "末": 7}.get(match["day"]) or count(match["day"])
    which = match["which"] or ""
    if number is None or not 1 <= number <= 7:  # noqa: PLR2004 -- days of the week
        return None
    monday = today - timedelta(days=today.weekday())
    weeks = which.count("下") - which.count("上")
    on = monday + timedelta(days=number - 1, weeks=weeks)
    if not which and on < today:
        on += timedelta(weeks=1)
    return _made(match, on, DeadlineKind.DATE, ahead=True)


def _week_end(match: re.Match[str], today: date) -> Found | None:
    monday = today - timedelta(days=today.weekday())
    weeks = match["which"].count("下") - match["which"].count("上")
    on = monday + timedelta(days=6, weeks=weeks)
    return _made(match, on, DeadlineKind.PERIOD, ends=True)


def _near_day(match: re.Match[str], today: date) -> Found | None:
    ahead = {"前": -2, "昨": -1, "今": 0, "明": 1, "后": 2, "大后": 3}[match["which"]]
    return _made(match, today + timedelta(days=ahead), DeadlineKind.DATE)


def _holiday(match: re.Match[str], today: date) -> Found | None:
    days = sorted(holidays(match["name"], today.year))
    year = _year(match["year"], today)
    on = next((d for d in days if (d.year == year if year else d >= today)), None)
    ahead = count(match["days"] or "") if match["days"] else None
    if on is None or ahead is None:
        return _made(match, on, DeadlineKind.DATE, ahead=True, eve=True)
    return _made(match, on - timedelta(days=ahead), DeadlineKind.DATE, ahead=True, ends=True)


PHRASES: tuple[tuple[re.Pattern[str], Resolve], ...] = (
    (
        re.compile(
            r"(?<![\d.])(?P<year>20\d\d)\s*[./-]\s*(?P<month>[01]?\d)\s*[./-]\s*(?P<day>[0-3]?\d)[日号]?(?![\d.])"
        ),
        _on_day,
    ),
    (
        re.compile(
            rf"(?:(?P<year>{_YEAR})的?\s*年?\s*)?(?<![\d.])(?P<month>{_MONTH})\s*月(?:份)?\s*(?P<day>{_DAY})\s*[日号]?(?!\d|[个天周])"
        ),
        _on_day,
    ),
    (
        re.compile(
            r"(?P<year>(?!))?(?<![\d./-])(?P<month>1[0-2]|0?[1-9])[./](?P<day>[0-3]?\d)(?=\s*(?:之?前|以前|号|日|截止))[号日]?"
        ),
        _on_day,
    ),
    (
        re.compile(
            rf"(?<![\d./月一二三四五六七八九十第-])(?P<day>{_DAY})[号日](?=\s*(?:之?前|以前|截止))"
        ),
        _on_coming_day,
    ),
    (
        re.compile(
            r"(?<![\d.])(?P<year>20\d\d)[./-](?P<month>1[0-2]|0?[1-9])(?P<part>(?!))?(?![\d./-]|\s*[万元%个])"
        ),
        _in_month,
    ),
    (
        re.compile(rf"(?P<which>本|这|当|下)个?月\s*(?P<day>{_DAY})\s*[日号]"),
        _on_day_of_near_month,
    ),
    (
        re.compile(
            rf"(?:(?P<year>{_YEAR})的?\s*年?\s*)?(?<![\d.个])(?P<month>{_MONTH})\s*月(?!\d)(?:份)?的?(?P<part>底|末|尾|初|中旬|上旬|下旬|中(?![国心间试])|前半)?"
        ),
        _in_month,
    ),
    (
        re.compile(
            r"(?P<which>下下|上|本|这|当|下)?(?<![\d一二三四五六七八九十两几半])个?月(?P<part>底|末|尾|初|中旬|上旬|下旬|中(?![国心间试])|前半)?"
        ),
        _in_near_month,
    ),
    (
        re.compile(
            rf"(?:(?P<year>{_YEAR})\s*年?的?\s*)?(?:(?P<near>[本这下]个?)季度|第?(?P<quarter>[1-4一二三四])季度|[Qq](?P<q>[1-4])|(?<![\d一二三四第])(?P<this>季度?(?=[末底])))[末底]?"
        ),
        _in_quarter,
    ),
    (
        re.compile(
            rf"(?P<year>{_YEAR})\s*年?度?(?P<part>年?[底末]|上半年|下半年|初|中(?![国心间])|内|之内|以内)?"
        ),
        _in_year,
    ),
    (
        re.compile(
            r"(?P<year>(?!))?(?P<part>年底|年末|岁末|(?<![\d一二两三四五六七八九十几半])年内|上半年|下半年)"
        ),
        _in_year,
    ),
    (
        re.compile(
            rf"(?P<head>未来|接下来|今后|再过|过)?(?<![\d第])(?<!\d\.(?=\d))(?P<amount>{_N}|半)个?(?P<half>半)?(?P<unit>年|月|季度|周|星期|礼拜|工作日|天|日(?=内|之内|以内))(?!(?<=月)[底末尾初])"
            r"(?P<half2>半)?(?:左右)?(?P<mark>之内|以内|内|的?时间)?"
        ),
        _within,
    ),
    (
        re.compile(
            r"(?P<which>下下|[上下本这])?个?(?:周|星期|礼拜)(?P<day>[一二三四五六日天末1-7])(?!\d|[个年月天周])"
        ),
        _weekday,
    ),
    (
        re.compile(
            r"(?P<which>下下|[上下本这])个?(?:周|星期|礼拜)(?:之内|以内|内|底|结束)?(?![一二三四五六日天末1-7])"
        ),
        _week_end,
    ),
    (re.compile(r"(?P<which>大后|[昨今明后]|(?<![提之以大\d])前)[天日]"), _near_day),
    (
        re.compile(
            rf"(?:(?P<year>{_YEAR})年?)?(?P<name>春节|过年|农历新年|大年初一|除夕|大?年三十|元宵节?|正月十五|元旦|国庆节?|五一|劳动节|中秋节?|端午节?|清明节?|双十[一二]|双1[12]|(?<!双)十一(?=之?前))"
            rf"(?:之?前(?P<days>{_N})天)?"
        ),
        _holiday,
    ),
)
