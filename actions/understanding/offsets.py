"""How long before: 提前一天, 提前两小时, 前一天晚上八点, 当天早上九点; or when: 明天上午十点."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from actions.understanding.clocks import read_clock
from actions.understanding.deadline import find_days
from actions.understanding.numbers import HANZI, count
from actions.understanding.phrases import Found
from actions.understanding.text import fold
from core.domain.needs import DeadlineKind
from core.domain.reminders import SHANGHAI

_N = rf"(?P<amount>\d{{1,3}}|半|{HANZI})"
AHEAD = re.compile(
    rf"(?:提前|提早|前|早)\s*{_N}\s*个?(?P<half>半)?(?P<unit>工作日|天|日|小时|钟头|分钟|分|刻钟|周|星期|礼拜|月)(?P<half2>半)?"
    rf"|{_N.replace('amount', 'amount2')}\s*个?(?P<half3>半)?"
    r"(?P<unit2>天|日|小时|钟头|分钟|周|星期|礼拜|月)(?P<half4>半)?(?:之?前|以前)"
)
EVE = re.compile(r"前一[天晚日]|头一?天|头天")
SAME_DAY = re.compile(r"当天|当日|那天|同一天")
AT_START = re.compile(r"(?:开始|开场|截止)(?:的时候|时)|准时|到点|到时候")
SHORTLY = timedelta(minutes=10)
"""What "when it starts" comes to: a reminder at the very start would come too late."""
UNITS = {
    "周": timedelta(weeks=1),
    "星期": timedelta(weeks=1),
    "礼拜": timedelta(weeks=1),
    "月": timedelta(days=30),
    "小时": timedelta(hours=1),
    "钟头": timedelta(hours=1),
    "分钟": timedelta(minutes=1),
    "分": timedelta(minutes=1),
    "刻钟": timedelta(minutes=15),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead:
    """A lead time: so long before, or at a clock time on the day so many days before.

    `on` names the day itself; then `at` is always known and `ahead` is of no use.
    """

    ahead: timedelta
    at: time | None = None
    on: date | None = None

    def before(self, anchor: datetime) -> timedelta:
        """How long before `anchor` the moment lies; negative when it lies after."""
        if self.on is not None and self.at is not None:
            return anchor - datetime.combine(self.on, self.at, SHANGHAI)
        if self.at is None:
            return self.ahead
        local = anchor.astimezone(SHANGHAI)
        day = (local - self.ahead).date()
        return local - datetime.combine(day, self.at, SHANGHAI)


def read_moment(text: str, said_at: datetime) -> Lead | None:
    """Find the day, and the clock time if any, that a text names for a reminder."""
    folded = fold(text)
    today = said_at.astimezone(SHANGHAI).date()
    day = next((found.on for found in find_days(folded, today) if _is_day(found)), None)
    if day is None:
        return None
    return Lead(ahead=timedelta(0), on=day, at=read_clock(folded))


def _is_day(found: Found) -> bool:
    return found.kind is DeadlineKind.DATE and not found.eve


def read_lead(text: str) -> Lead | None:
    """Find the lead time of a text, or None when it names none."""
    folded = fold(text)
    found = AHEAD.search(folded)
    ahead = _ahead(found) if found else None
    if ahead is None and EVE.search(folded):
        ahead = timedelta(days=1)
    if ahead is None and SAME_DAY.search(folded):
        ahead = timedelta(0)
        clock = read_clock(folded) or time(8)
        return Lead(ahead=ahead, at=clock)
    if ahead is None:
        return Lead(ahead=SHORTLY) if AT_START.search(folded) else None
    whole_days = not ahead % timedelta(days=1)
    return Lead(ahead=ahead, at=read_clock(folded) if whole_days else None)


def _ahead(found: re.Match[str]) -> timedelta | None:
    amount = found["amount"] or found["amount2"]
    unit = UNITS.get(found["unit"] or found["unit2"], timedelta(days=1))
    half = any(found[name] for name in ("half", "half2", "half3", "half4"))
    if amount == "半":
        return unit / 2
    whole = count(amount)
    if whole is None or (whole == 0 and not half):
        return None
    return whole * unit + (unit / 2 if half else timedelta(0))
