"""When not to disturb: 免打扰 22:00-8:00, 晚上十点到早上八点别发, 周末别打扰, 取消免打扰."""

import re
from dataclasses import dataclass
from datetime import time
from enum import StrEnum

from actions.understanding.clocks import NOON, Clock, read_clocks
from actions.understanding.text import fold

NAMED_MODE = re.compile(r"免打[扰擾]|勿[扰擾]|免扰|静音|dnd|do not disturb", re.IGNORECASE)
LEAVE_ALONE = re.compile(
    r"(?:别|別|不要|不用|不许|勿|莫|不准|不想)(?:再|给我|来)*(?:发|發|推|打扰|打擾|吵|通知|提醒|骚扰|响)"
)
OFF = re.compile(
    r"(?:取消|关闭|關閉|关掉|解除|撤销|删除|删掉|停用|不要|不用|不需要|去掉|退出)[^,。]{0,6}(?:免打[扰擾]|勿[扰擾]|免扰)"
    r"|(?:免打[扰擾]|勿[扰擾]|免扰)[^,。]{0,6}(?:取消|关|不要了|不用了|去掉|停)|恢复(?:正常)?(?:推送|通知)"
)
SHOWN = re.compile(
    r"我的(?:免打[扰擾]|勿[扰擾])|几点|什么时候|哪个时段|查看|看看|查一下|设了吗|[??]\s*$|吗\s*$"
)
WEEKEND = re.compile(r"周末|周六|星期六|礼拜六|礼拜天|双休|休息日|节假日|假期")
BARE_RANGE = re.compile(r"(?<!\d)(\d{1,2})\s*(?:-|~|—|到|至)+\s*(\d{1,2})(?!\d|\s*[:点月])")
AFTER = re.compile(r"(?:点|半|分|刻|\d)\s*钟?(?:以后|之后|过后|后)")
BEFORE = re.compile(r"(?:点|半|分|刻|\d)\s*钟?(?:以前|之前|前)")
NAMED = (
    (re.compile(r"下班|非工作时间|工作时间|上班(?:时间|了|后)?(?:再|才)"), time(18), time(9)),
    (re.compile(r"午休|中午|午间|午睡"), time(12), time(14)),
    (re.compile(r"凌晨"), time(0), time(6)),
    (re.compile(r"晚|夜|睡|休息时间|白天"), time(22), time(8)),
)
NIGHT_STARTS, NIGHT_ENDS = time(22), time(8)


class Asked(StrEnum):
    """What a person wants of the quiet hours."""

    SET = "set"
    OFF = "off"
    SHOW = "show"


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietReading:
    """What is asked, and for which hours; None where nothing was said of them."""

    asked: Asked
    starts: time | None = None
    ends: time | None = None
    weekends: bool = False

    @property
    def empty(self) -> bool:
        """Whether no time was named."""
        return self.starts is None and not self.weekends

    @property
    def never_ends(self) -> bool:
        """Whether the hours would be the whole day."""
        return self.starts is not None and self.starts == self.ends


def is_about_quiet(text: str) -> bool:
    """Whether the text names quiet hours, or a time at which nothing should come."""
    folded = fold(text)
    if NAMED_MODE.search(folded):
        return True
    return LEAVE_ALONE.search(folded) is not None and not read_quiet(text).empty


def read_quiet(text: str) -> QuietReading:
    """Find what a person wants of the quiet hours."""
    folded = fold(text)
    weekends = WEEKEND.search(folded) is not None
    if OFF.search(folded):
        return QuietReading(asked=Asked.OFF, weekends=weekends)
    hours = _hours(folded)
    if hours is None and weekends:
        return QuietReading(asked=Asked.SET, weekends=True)
    if SHOWN.search(folded) and not read_clocks(folded):
        return QuietReading(asked=Asked.SHOW)
    if hours is None:
        return QuietReading(asked=Asked.SET)
    return QuietReading(asked=Asked.SET, starts=hours[0], ends=hours[1], weekends=weekends)


def _hours(folded: str) -> tuple[time, time] | None:
    clocks = read_clocks(folded)
    bare = BARE_RANGE.search(folded)
    if not clocks and bare:
        clocks = [Clock(part="", hour=int(hour)) for hour in bare.groups()]
    if len(clocks) > 1:
        return _range(clocks[0], clocks[1])
    if clocks:
        return _open_range(folded, clocks[0])
    named = ((starts, ends) for pattern, starts, ends in NAMED if pattern.search(folded))
    return next(named, None)


def _open_range(folded: str, clock: Clock) -> tuple[time, time] | None:
    at = clock.time
    if at is None:
        return None
    if BEFORE.search(folded):
        return NIGHT_STARTS, at
    if AFTER.search(folded):
        evening = not clock.part and 0 < at.hour < NOON
        return (at.replace(hour=at.hour + NOON) if evening else at), NIGHT_ENDS
    return None


def _range(first: Clock, last: Clock) -> tuple[time, time] | None:
    """Both times; an hour without its part of the day is read so that the range is short."""
    starts, ends = first.time, last.time
    if starts is None or ends is None:
        return None
    if not last.part and first.part and ends <= starts and last.hour < NOON:
        later = ends.replace(hour=ends.hour + NOON)
        ends = later if later > starts else ends
    elif not first.part and ends <= starts and 0 < first.hour < NOON:
        starts = starts.replace(hour=starts.hour + NOON)
    return starts, ends
