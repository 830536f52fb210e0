"""Dates of events and calls as people write them: spans, phases, and what takes place again."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime

from core.domain.dates.series import LAST, WEEKDAYS, Every, Series
from core.domain.dates.zone import SHANGHAI
from core.domain.errors import BadRowError
from core.domain.records import Phase
from keqiao.imports.tables import Value
from keqiao.imports.values import day_of, end_of, instant_of, text_of

_PARTS = re.compile(r"[;；\n]+")
_NAMED = re.compile(r"\s*(?P<name>[^\d:：（(]{2,20}?)\s*[:：（( ]?\s*(?P<date>\d{4}.*?)[）)]?\s*")
_RULE = re.compile(r"(?:RRULE:)?(FREQ=[A-Z]+(?:;[A-Z]+=[^;\s]+)*)", re.IGNORECASE)
_BYDAY = re.compile(r"(?P<nth>-?\d)?(?P<day>MO|TU|WE|TH|FR|SA|SU)")
_KNOWN = frozenset({"FREQ", "INTERVAL", "BYDAY", "UNTIL", "WKST", "BYSETPOS"})
_DAYS = "一二三四五六日"
_ONCE = frozenset({"", "无", "否", "一次", "单次", "不重复", "不定期", "/", "-"})
_EVERY = {
    "天": (Every.DAY, 1), "日": (Every.DAY, 1), "周": (Every.WEEK, 1), "星期": (Every.WEEK, 1),
    "礼拜": (Every.WEEK, 1), "月": (Every.MONTH, 1), "季": (Every.MONTH, 3),
    "季度": (Every.MONTH, 3), "年": (Every.YEAR, 1),
}  # fmt: skip
_NUMBERS = {
    "一": 1, "单": 1, "二": 2, "两": 2, "双": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7,
    "八": 8, "九": 9, "十": 10,
}  # fmt: skip
_HALF = "半"
_PLACES = frozenset({"1", "2", "3", "4", "5", str(LAST)})
_SAID = re.compile(
    r"每?(?P<n>\d{1,2}|[一二两双三四五六七八九十半单])?个?(?P<unit>天|日|周|星期|礼拜|月|季度?|年)"
    r"(?:的?\s*第?(?P<nth>[一二三四五1-5]|最后一?|末)个?(?:周|星期|礼拜)(?P<day>[一二三四五六日天])"
    r"|的?(?:周|星期|礼拜)?(?P<weekday>[一二三四五六日天])?)?"
    r"(?:一次|一届|一期|举办|举行|论坛|开讲)*"
)


def ends_at(given: Mapping[str, Value], label: str) -> datetime | None:
    """The end: of its own column, or behind the start: 14:00-16:00.

    Raises:
        BadRowError: it cannot be read, or lies before the start.
    """
    start = instant_of(given.get("starts_at"), column=label)
    own = given.get("ends_at")
    ends = instant_of(own, column=label, at_end=True)
    ends = ends or end_of(given.get("starts_at"))
    if start and ends and ends <= start:
        raise BadRowError(
            f"“{label}”早于开始时间：{day_and_time(ends)}，开始是 {day_and_time(start)}；"
            "请改正其一"
        )
    return ends


def phases_of(given: Mapping[str, Value], label: str) -> tuple[Phase, ...]:
    """Phases of columns of their own, and of one that lists them, by their dates.

    Raises:
        BadRowError: one has no date that can be read, or is named twice with two dates.
    """
    found: dict[str, datetime] = {}
    for name, written in _listed(text_of(given.get("phases")), label):
        _add(found, name, written, label)
    for field, value in given.items():
        if field.startswith("phase."):
            _add(found, field.removeprefix("phase."), value, field.removeprefix("phase."))
    phases = (Phase(name=name, at=at) for name, at in found.items())
    return tuple(sorted(phases, key=lambda one: (one.at, one.name)))


def series_of(given: Mapping[str, Value], label: str) -> Series | None:
    """The rule by which it takes place again, said in Chinese or as an RRULE.

    Raises:
        BadRowError: the rule is none that we know.
    """
    text = text_of(given.get("series"))
    if text in _ONCE:
        return None
    rule = _RULE.fullmatch(text.replace(" ", ""))
    series = _of_rule(rule[1].upper(), text, label) if rule else _of_words(text, label)
    days = (day_of(part, column=label) for part in _PARTS.split(_skipped(given)) if part.strip())
    skipped = tuple(sorted(day for day in days if day))
    return replace(series, skipped=skipped)


def _skipped(given: Mapping[str, Value]) -> str:
    return re.sub(r"[,，、]+", ";", text_of(given.get("skipped")))


def _listed(text: str, label: str) -> list[tuple[str, str]]:
    found = []
    for part in filter(str.strip, _PARTS.split(text)):
        named = _NAMED.fullmatch(part)
        if named is None:
            raise BadRowError(
                f"“{label}”里的“{part.strip()[:40]}”读不出；请写成 中期评估：2026-07-31"
            )
        found.append((named["name"].strip(), named["date"].strip()))
    return found


def _add(found: dict[str, datetime], name: str, value: Value, column: str) -> None:
    at = instant_of(value, column=column, at_end=True)
    if at is None:
        return
    if found.setdefault(name, at) != at:
        raise BadRowError(
            f"“{name}”有两个日期：{day_and_time(found[name])} 和 {day_and_time(at)}；请只留一个"
        )


def _of_rule(rule: str, text: str, label: str) -> Series:
    parts = dict(part.split("=", 1) for part in rule.split(";"))
    freq = parts["FREQ"]
    by_day = _BYDAY.fullmatch(parts["BYDAY"]) if "BYDAY" in parts else None
    bad = parts.keys() - _KNOWN or freq not in set(Every) or ("BYDAY" in parts and by_day is None)
    nth = (by_day and by_day["nth"]) or parts.get("BYSETPOS")
    if bad or not parts.get("INTERVAL", "1").isdigit() or (nth and nth not in _PLACES):
        raise _unknown(text, label)
    try:
        until = _day(parts["UNTIL"]) if "UNTIL" in parts else None
    except ValueError:
        raise _unknown(text, label) from None
    return Series(
        every=Every(freq),
        interval=max(int(parts.get("INTERVAL", "1")), 1),
        weekday=WEEKDAYS.index(by_day["day"]) if by_day else None,
        nth=int(nth) if nth else None,
        until=until,
    )


def _of_words(text: str, label: str) -> Series:
    said = _SAID.fullmatch("".join(text.split()))
    if said is None:
        raise _unknown(text, label)
    every, size = _EVERY[said["unit"]]
    amount = said["n"] or "一"
    interval = int(amount) if amount.isdigit() else _NUMBERS.get(amount, 0)
    if amount == _HALF and every is Every.YEAR:
        every, size, interval = Every.MONTH, 6, 1
    nth, day = said["nth"], said["day"] or said["weekday"]
    if not interval or (said["weekday"] and every is not Every.WEEK):
        raise _unknown(text, label)
    return Series(
        every=every,
        interval=interval * size,
        weekday=_DAYS.index(day.replace("天", "日")) if day else None,
        nth=(int(nth) if nth.isdigit() else _NUMBERS.get(nth, LAST)) if nth else None,
    )


def _day(written: str) -> date:
    """A day in Asia/Shanghai of an RRULE's UNTIL.

    Raises:
        ValueError: it is none.
    """
    if written.endswith("Z"):
        return datetime.fromisoformat(written).astimezone(SHANGHAI).date()
    return date.fromisoformat(written[:8])


def _unknown(text: str, label: str) -> BadRowError:
    return BadRowError(
        f"“{label}”读不出：{text[:40]}；请写成 每两个月第三个周五、每周三、每月最后一个周四，"
        "或 FREQ=MONTHLY;INTERVAL=2;BYDAY=3FR"
    )


def day_and_time(at: datetime) -> str:
    """A moment as operators write it, in Asia/Shanghai."""
    return f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
