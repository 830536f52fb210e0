"""Values as people write them in spreadsheets."""

import re
from datetime import UTC, date, datetime, time, timedelta

from core.domain.errors import BadRowError
from core.domain.reminders import SHANGHAI
from keqiao.imports.tables import Value

_LISTED = re.compile(r"[、，,;；/|\n]+")
_DAY = r"(\d{4})\s*[-年/.]\s*(\d{1,2})\s*[-月/.]\s*(\d{1,2})\s*日?"
_WEEKDAY = r"(?:\s*[（(]?(?:星期|周)[一二三四五六日天][）)]?)?"
_CLOCK = (
    r"(凌晨|早上|上午|中午|下午|晚上)?\s*(\d{1,2})\s*"
    r"(?:[:：]\s*(\d{2})(?:[:：](\d{2})(?:\.\d+)?)?|[点时](?:\s*(\d{1,2}|半)\s*分?|整)?)"
)
_UNTIL = rf"(?:\s*[-–—~～至到]\s*(?:{_DAY}{_WEEKDAY})?\s*(?:{_CLOCK})?)?"
# An offset like -05:00 counts only behind a T: in "14:00-16:00" it is the end of the event.
_MOMENT = re.compile(
    rf"{_DAY}{_WEEKDAY}(?:\s*{_CLOCK}\s*(Z|\+\d\d:?\d\d)?)?{_UNTIL}", re.IGNORECASE
)
_ISO = re.compile(rf"{_DAY}T.+")
_TRUE = frozenset({"1", "true", "yes", "y", "是", "已撤回", "撤回", "已取消", "取消"})
_NOON = 12


def text_of(value: Value) -> str:
    """A cell as text, trimmed; an empty cell is ''."""
    if value is None:
        return ""
    if isinstance(value, list):
        return "、".join(str(part) for part in value)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def list_of(value: Value) -> tuple[str, ...]:
    """A cell that lists several things, split at the usual marks."""
    parts = _LISTED.split(text_of(value))
    return tuple(dict.fromkeys(part.strip() for part in parts if part.strip()))


def flag_of(value: Value) -> bool:
    """A yes-or-no cell; empty means no."""
    return text_of(value).lower() in _TRUE


def instant_of(value: Value, *, column: str, at_end: bool = False) -> datetime | None:
    """A moment, aware UTC; without a zone it is Shanghai time, without a time the day's edge.

    `at_end` puts a day without a time at its last minute (a deadline), else at 00:00.

    Raises:
        BadRowError: the cell holds something that is not a date.
    """
    if isinstance(value, datetime):
        return _aware(value)
    if isinstance(value, date):
        return _aware(datetime.combine(value, time(23, 59) if at_end else time()))
    text = text_of(value)
    if not text:
        return None
    try:
        at = _iso(text) if _ISO.fullmatch(text) else _said(text, at_end=at_end)
    except (ValueError, OverflowError) as error:
        raise BadRowError(f"“{column}”不是有效日期：{text[:40]}") from error
    if at is None:
        raise BadRowError(f"“{column}”不是可识别的日期：{text[:40]}，请写成 2026-12-03 14:00")
    return at


def day_of(value: Value, *, column: str) -> date | None:
    """A day in Asia/Shanghai.

    Raises:
        BadRowError: the cell holds something that is not a date.
    """
    at = instant_of(value, column=column)
    return at.astimezone(SHANGHAI).date() if at else None


def _iso(text: str) -> datetime:
    return _aware(datetime.fromisoformat(text).replace(microsecond=0))


def _said(text: str, *, at_end: bool) -> datetime | None:
    found = _MOMENT.fullmatch(text)
    if found is None:
        return None
    year, month, day, part, hour, minute, second, spoken, zone, *_ = found.groups()
    on = date(int(year), int(month), int(day))
    if hour is None:
        return _aware(datetime.combine(on, time(23, 59) if at_end else time()))
    minutes = 30 if spoken == "半" else int(minute or spoken or 0)
    at = datetime.combine(on, time(0, minutes, int(second or 0)))
    at += timedelta(hours=_hour(part, int(hour)))
    if zone is None:
        return _aware(at)
    offset = datetime.strptime(zone.replace("Z", "+00:00"), "%z").tzinfo
    return at.replace(tzinfo=offset).astimezone(UTC)


def _hour(part: str | None, hour: int) -> int:
    """The hour of the day, 24 for midnight at its end.

    Raises:
        ValueError: there is no such hour.
    """
    if part == "晚上" and hour == _NOON:
        return 24
    if part == "凌晨" and hour == _NOON:
        return 0
    if part in {"下午", "晚上"} and hour < _NOON:
        hour += _NOON
    return time(hour).hour


def _aware(at: datetime) -> datetime:
    return (at if at.tzinfo else at.replace(tzinfo=SHANGHAI)).astimezone(UTC)
