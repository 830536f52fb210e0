"""Clock times: 22:00, 晚上十点, 早八点半, 下午三点一刻."""

import re
from dataclasses import dataclass
from datetime import time

from actions.understanding.numbers import HANZI, count

PART = "凌晨|清晨|早上|早晨|上午|中午|下午|傍晚|晚上|午夜|半夜|深夜|夜里|夜间|夜晚|晚|早"
CLOCK = re.compile(
    rf"(?P<part>{PART})?\s*(?P<hour>\d{{1,2}}|{HANZI})\s*(?:点|时(?!候)|:)"
    rf"(?P<half>半)?(?:\s*(?P<quarter>[一三])刻)?(?:\s*(?P<minute>\d{{1,2}}|{HANZI})分?)?"
)
USUAL = {"早上": 9, "上午": 9, "中午": 12, "下午": 14, "晚上": 20, "傍晚": 18}
"""The hour of a part of the day that is named alone."""
AFTERNOON = frozenset({"下午", "傍晚"})
NIGHT = frozenset({"晚上", "午夜", "半夜", "深夜", "夜里", "夜间", "夜晚", "晚"})
SMALL = 5
"""At night, hours below this are of the morning after."""
NOON, DAY = 12, 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """A clock time as it was said."""

    part: str
    hour: int
    minute: int = 0

    @property
    def time(self) -> time | None:
        """The time of day, None when there is none such."""
        try:
            return time(_hour(self.part, self.hour) % DAY, self.minute)
        except ValueError:
            return None


def _hour(part: str, hour: int) -> int:
    if part in NIGHT and hour == NOON:
        return 0
    if part in NIGHT:
        return hour + NOON if SMALL <= hour < NOON else hour
    late = part in AFTERNOON or (part == "中午" and hour < SMALL)
    return hour + NOON if late and hour < NOON else hour


def read_clocks(folded: str) -> list[Clock]:
    """Every clock time of a folded text, in order."""
    found = []
    for match in CLOCK.finditer(folded):
        hour = count(match["hour"])
        if hour is not None and hour <= DAY:
            found.append(Clock(part=match["part"] or "", hour=hour, minute=_minute(match)))
    return found


def read_clock(folded: str) -> time | None:
    """The first clock time, or the usual one of the part of the day that is named."""
    clocks = read_clocks(folded)
    if clocks:
        return clocks[0].time
    part = next((part for part in USUAL if part in folded), None)
    return time(USUAL[part]) if part else None


def _minute(found: re.Match[str]) -> int:
    if found["half"]:
        return 30
    if found["quarter"]:
        return 15 if found["quarter"] == "一" else 45
    return (count(found["minute"]) or 0) if found["minute"] else 0
