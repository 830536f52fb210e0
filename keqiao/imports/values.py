"""Values as people write them in spreadsheets."""

import re
from datetime import UTC, date, datetime, time

from core.domain.errors import BadRowError
from core.domain.reminders import SHANGHAI
from keqiao.imports.tables import Value

_LISTED = re.compile(r"[、，,;；/|\n]+")
_DATE = re.compile(
    r"^\s*(?P<y>\d{4})\s*[-年/.]\s*(?P<m>\d{1,2})\s*[-月/.]\s*(?P<d>\d{1,2})\s*日?"
    r"(?:\s*[（(][^）)]*[）)])?"
    r"(?:[T\s]*(?P<half>上午|下午|晚上|中午)?\s*(?P<H>\d{1,2})\s*[:：点时]\s*(?P<M>\d{1,2})?\s*分?"
    r"(?:[:：](?P<S>\d{1,2})(?:\.\d+)?)?)?"
    r"\s*(?P<zone>Z|[+-]\d{2}:?\d{2})?"
)
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
    found = _DATE.match(text)
    if not found:
        raise BadRowError(f"“{column}”不是可识别的日期：{text[:40]}，请写成 2026-12-03 14:00")
    try:
        return _instant(found, at_end=at_end)
    except ValueError as error:
        raise BadRowError(f"“{column}”不是有效日期：{text[:40]}") from error


def day_of(value: Value, *, column: str) -> date | None:
    """A day in Asia/Shanghai.

    Raises:
        BadRowError: the cell holds something that is not a date.
    """
    at = instant_of(value, column=column)
    return at.astimezone(SHANGHAI).date() if at else None


def _instant(found: re.Match[str], *, at_end: bool) -> datetime:
    day = date(int(found["y"]), int(found["m"]), int(found["d"]))
    if found["H"] is None:
        return _aware(datetime.combine(day, time(23, 59) if at_end else time()))
    hour = int(found["H"])
    if found["half"] in {"下午", "晚上"} and hour < _NOON:
        hour += _NOON
    clock = time(hour, int(found["M"] or 0), int(found["S"] or 0))
    if found["zone"]:
        zone = found["zone"].replace("Z", "+00:00")
        return datetime.fromisoformat(f"{day}T{clock.isoformat()}{zone}").astimezone(UTC)
    return _aware(datetime.combine(day, clock))


def _aware(at: datetime) -> datetime:
    return (at if at.tzinfo else at.replace(tzinfo=SHANGHAI)).astimezone(UTC)
