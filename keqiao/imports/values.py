"""Values as people write them in spreadsheets."""

import re
from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

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
_MONTH = re.compile(r"(\d{4})\s*(?:年\s*(\d{1,2})\s*月|[-/.]\s*(\d{1,2}))份?")
_COMPACT = re.compile(r"((?:19|20)\d\d)([01]\d)([0-3]\d)")
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
_SHORT = re.compile(r"\d{1,2}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}日?(?:\s.*)?")
_YEARLESS = re.compile(r"\d{1,2}\s*月\s*\d{1,2}\s*[日号]?.*|\d{1,2}[-/.]\d{1,2}")
_OPEN = frozenset({"长期", "长期有效", "永久", "永久有效", "无", "无限期", "不限", "/", "-", "—"})
"""What people write where a date does not apply."""
_EPOCH = date(1899, 12, 30)
"""Day 0 of a workbook, for all days after February 1900."""
_YEARS = range(1950, 2101)
"""Years that are meant; others are what an empty cell or a slip looks like."""
_TRUE = frozenset({"1", "true", "yes", "y", "是", "已撤回", "撤回", "已取消", "取消"})
_NOON = 12
_SCIENTIFIC = re.compile(r"(\d(?:\.\d+)?)[eE]\+?(\d{1,2})")
_ERRORS = frozenset(
    {"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"}
)


def is_error(value: Value) -> bool:
    """Whether a cell shows that its formula went wrong."""
    return isinstance(value, str) and value.strip() in _ERRORS


def text_of(value: Value) -> str:
    """A cell as text, trimmed; an empty cell is ''."""
    if value is None:
        return ""
    if isinstance(value, list):
        return "、".join(text_of(part) for part in value)  # type: ignore[arg-type]  # JSON's own values
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def digits_of(value: Value, *, column: str) -> str:
    """A phone or another number that is a name: 1.3900001234E10 is 13900001234.

    Raises:
        BadRowError: the spreadsheet has cut its last digits off.
    """
    text = text_of(value)
    found = _SCIENTIFIC.fullmatch(text)
    if found is None:
        return text
    if len(found[1].replace(".", "")) <= int(found[2]):
        raise BadRowError(
            f"“{column}”被表格软件写成了 {text}，末尾的数字已丢失；请把这一列设为“文本”后重填"
        )
    return str(int(Decimal(text)))


def list_of(value: Value) -> tuple[str, ...]:
    """A cell that lists several things, split at the usual marks."""
    parts = _LISTED.split(text_of(value))
    return tuple(dict.fromkeys(part.strip() for part in parts if part.strip()))


def flag_of(value: Value) -> bool:
    """A yes-or-no cell; empty means no."""
    return text_of(value).lower() in _TRUE


def instant_of(value: Value, *, column: str, at_end: bool = False) -> datetime | None:
    """A moment, aware UTC; without a zone it is Shanghai time, without a time the day's edge.

    `at_end` puts a day without a time at its last minute (a deadline), else at 00:00; a month
    without a day is its last day then, and else refused.

    Raises:
        BadRowError: the cell holds something that is not a date, or one that may be several.
    """
    try:
        at = _instant(value, at_end=at_end)
    except BadRowError as error:
        raise BadRowError(f"“{column}”{error}") from None
    except (ValueError, OverflowError) as error:
        raise BadRowError(f"“{column}”不是有效日期：{text_of(value)[:40]}") from error
    if at is not None and at.astimezone(SHANGHAI).year not in _YEARS:
        raise BadRowError(
            f"“{column}”的年份是 {at.astimezone(SHANGHAI).year}，看起来不是有效日期（空单元格"
            "常被写成 1900 年）；没有日期请留空"
        )
    return at


def end_of(value: Value) -> datetime | None:
    """The end of a span such as 2026-12-03 14:00-16:00; None when the cell names none."""
    found = _MOMENT.fullmatch(text_of(value)) if isinstance(value, str) else None
    if found is None:
        return None
    groups = found.groups()
    year, month, day = groups[9:12] if groups[9] else groups[:3]
    part, hour, minute, _second, spoken = groups[12:17]
    if hour is None and groups[9] is None:
        return None
    on = f"{year}-{month}-{day}"
    part = part or (groups[3] if groups[9] is None else "") or ""
    clock = (
        f" {part}{hour}:{30 if spoken == '半' else int(minute or spoken or 0):02}" if hour else ""
    )
    return _instant(f"{on}{clock}", at_end=True)


def day_of(value: Value, *, column: str, at_end: bool = False) -> date | None:
    """A day in Asia/Shanghai; a month without a day is its first, or with `at_end` its last.

    Raises:
        BadRowError: the cell holds something that is not a date.
    """
    month = None if isinstance(value, datetime | date) else _MONTH.fullmatch(text_of(value))
    if month is not None and not at_end:
        value = f"{month[1]}-{month[2] or month[3]}-1"
    at = instant_of(value, column=column, at_end=at_end)
    return at.astimezone(SHANGHAI).date() if at else None


def _instant(value: Value, *, at_end: bool) -> datetime | None:
    edge = time(23, 59) if at_end else time()
    if isinstance(value, datetime):
        at_midnight = at_end and value.tzinfo is None and value.time() == time()
        return _aware(datetime.combine(value.date(), edge) if at_midnight else value)
    if isinstance(value, date):
        return _aware(datetime.combine(value, edge))
    text = text_of(value)
    if not text or text in _OPEN:
        return None
    if _ISO.fullmatch(text):
        return _aware(datetime.fromisoformat(text).replace(microsecond=0))
    at = _said(text, edge) or _counted(text, edge) or _month_end(text, edge, at_end=at_end)
    if at is None:
        raise BadRowError(_why_not(text))
    return at


def _why_not(text: str) -> str:
    shown = text[:40]
    if _SHORT.fullmatch(text):
        return f"可能是几个不同的日子：{shown}，请把年份写成四位，如 2026-03-01"
    if _YEARLESS.fullmatch(text):
        return f"没有写年份：{shown}，请写成 2026-03-01"
    if _MONTH.fullmatch(text):
        return f"没有写日：{shown}，请写到哪一天，如 2026-03-01"
    return f"不是可识别的日期：{shown}，请写成 2026-12-03 14:00"


def _counted(text: str, edge: time) -> datetime | None:
    """20260301, or the days since 1900 by which a workbook keeps dates: 46082.5."""
    compact = _COMPACT.fullmatch(text)
    if compact:
        day = date(int(compact[1]), int(compact[2]), int(compact[3]))
        return _aware(datetime.combine(day, edge))
    if not _SERIAL.fullmatch(text):
        return None
    days, part = divmod(Decimal(text), 1)
    day = _EPOCH + timedelta(days=int(days))
    if not part:
        return _aware(datetime.combine(day, edge))
    minutes = round(part * 24 * 60)
    return _aware(datetime.combine(day, time()) + timedelta(minutes=int(minutes)))


def _month_end(text: str, edge: time, *, at_end: bool) -> datetime | None:
    found = _MONTH.fullmatch(text)
    if found is None or not at_end:
        return None
    year, month = int(found[1]), int(found[2] or found[3])
    last = monthrange(year, month)[1]
    return _aware(datetime.combine(date(year, month, last), edge))


def _said(text: str, edge: time) -> datetime | None:
    found = _MOMENT.fullmatch(text)
    if found is None:
        return None
    year, month, day, part, hour, minute, second, spoken, zone, *_ = found.groups()
    on = date(int(year), int(month), int(day))
    if hour is None:
        return _aware(datetime.combine(on, edge))
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
