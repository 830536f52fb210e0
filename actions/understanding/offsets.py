"""How long before: 提前一天, 提前三天和当天早上九点; or when: 明天上午十点."""

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from actions.understanding.clocks import read_clock, read_clocks
from actions.understanding.deadline import find_days
from actions.understanding.numbers import HANZI, count
from actions.understanding.phrases import Found
from actions.understanding.text import fold
from core.domain.dates.offsets import Counting, Offset
from core.domain.needs import DeadlineKind
from core.domain.reminders import SHANGHAI, Anchor

_N = rf"(?P<amount>\d{{1,3}}|半|{HANZI})"
AHEAD = re.compile(
    rf"(?:提前|提早|前|早)\s*{_N}\s*个?(?P<half>半)?(?P<unit>工作日|天|日|小时|钟头|分钟|分|刻钟|周|星期|礼拜|月)(?P<half2>半)?"
    rf"|{_N.replace('amount', 'amount2')}\s*个?(?P<half3>半)?"
    r"(?P<unit2>工作日|天|日|小时|钟头|分钟|周|星期|礼拜|月)(?P<half4>半)?(?:之?前|以前)"
)
EVE = re.compile(r"前一[天晚日]|头一?天|头天")
SAME_DAY = re.compile(r"当天|当日|那天|同一天")
AT_START = re.compile(r"(?:开始|开场|截止)(?:的时候|时)|准时|到点|到时候")
AND = re.compile(r"(?P<more>和|、|以及|还有|跟|及|再)|[,。;]")
"""What parts one lead time from another; a comma may also part it from its clock time."""
MORE = re.compile(
    rf"^\s*{_N}\s*个?(?P<half>半)?(?P<unit>工作日|天|日|小时|钟头|分钟|刻钟|周|星期|礼拜)(?P<half2>半)?"
)
"""A duration after 提前三天、: one more lead time."""
ON_WORKDAY = re.compile(
    r"(?:在|到|放|等|只|都|为)?工作日(?:的?时候|里|内|再|才|来)?(?:提醒|通知|告诉|叫|发)"
    r"|(?:提醒|通知|挪|改|调|放|提前)(?:我|到|在|至|为)+(?:上一个|前一个|最近的?)?工作日"
    r"|(?:避开|不要在|别在|跳过|遇到?|碰到?)[^,。]{0,3}(?:周末|节假日|休息日|假期|放假)"
)
"""Days off give way to a workday."""
WORKDAY = "工作日"
CLOSING = re.compile(r"截止|截稿|到期|报名结束|停止报名|结束报名")
STARTING = re.compile(r"开始|开场|开幕|开课|开赛|开讲|开会")
MORNING = time(8)
AN_HOUR = timedelta(hours=1)
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

    `on` names the day itself; then `at` is always known and `ahead` is of no use. A `vague` clock
    time (当天早上) gives way to an hour before when it would come too late. `anchor` is what it
    counts back from, when that was said.
    """

    ahead: timedelta
    at: time | None = None
    on: date | None = None
    vague: bool = False
    counting: Counting = Counting.DAYS
    anchor: Anchor | None = None

    def offset(self, anchor: datetime) -> Offset:
        """The offset that a reminder before `anchor` keeps; its moment may lie after it."""
        if self.on is not None and self.at is not None:
            return Offset(ahead=max(anchor - self.moment(anchor), timedelta(0)))
        named = Offset(ahead=self.ahead, at=self.at, counting=self.counting)
        return Offset(ahead=AN_HOUR) if self.vague and named.due(anchor) >= anchor else named

    def moment(self, anchor: datetime) -> datetime:
        """When it is, before `anchor` or after."""
        if self.on is not None and self.at is not None:
            return datetime.combine(self.on, self.at, SHANGHAI)
        return self.offset(anchor).due(anchor)


def read_moments(text: str, said_at: datetime) -> list[Lead]:
    """Find the days a text names for reminders, each with its clock time if any."""
    moments = [read_moment(part, said_at) for part, _ in _parts(fold(text))]
    found = [moment for moment in moments if moment]
    if len(found) > 1:
        return [replace(one, at=one.at or found[-1].at) for one in found]
    one = read_moment(text, said_at)
    return [one] if one else []


def read_leads(text: str) -> list[Lead]:
    """Find the lead times of a text, none when it names none."""
    found: list[Lead] = []
    anchor: Anchor | None = None
    for part, adds in _parts(fold(text)):
        anchor = anchor_in(part) or anchor
        lead = read_lead(part) or (_one_more(part, found[-1], adds=adds) if found else None)
        if lead is not None and (lead := replace(lead, anchor=anchor)) not in found:
            found.append(lead)
    if len(found) > 1:
        return [on_workdays(one, text) for one in found]
    one = read_lead(text)
    return [on_workdays(replace(one, anchor=anchor_in(text)), text)] if one else []


def on_workdays(lead: Lead, text: str) -> Lead:
    """The lead time, on workdays alone when the text asks for that."""
    counted = lead.counting is Counting.WORKDAYS or not ON_WORKDAY.search(fold(text))
    return lead if counted else replace(lead, counting=Counting.ON_WORKDAY)


def anchor_in(text: str) -> Anchor | None:
    """Whether a text speaks of the closing or the start."""
    folded = fold(text)
    if CLOSING.search(folded):
        return Anchor.CLOSES
    return Anchor.STARTS if STARTING.search(folded) else None


def _parts(folded: str) -> list[tuple[str, bool]]:
    """The parts of a text between signs of "and", and whether a plain sign led to each."""
    cuts = list(AND.finditer(folded))
    starts = [0, *(cut.end() for cut in cuts)]
    ends = [*(cut.start() for cut in cuts), len(folded)]
    adds = [False, *(cut["more"] is not None for cut in cuts)]
    return [(folded[start:end], more) for start, end, more in zip(starts, ends, adds, strict=True)]


def _one_more(part: str, last: Lead, *, adds: bool) -> Lead | None:
    """One more of the kind before (提前三天、一天), or another clock time of its day."""
    found = MORE.match(part) if adds else None
    ahead = _ahead(found) if found else None
    if found and ahead is not None:
        return Lead(ahead=ahead, counting=_counting(found))
    clocks = read_clocks(part)
    if adds and clocks and last.at is not None:
        return replace(last, at=clocks[0].time, vague=False)
    return None


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
        clock = read_clock(folded) or MORNING
        return Lead(ahead=ahead, at=clock, vague=not read_clocks(folded))
    if ahead is None:
        return Lead(ahead=SHORTLY) if AT_START.search(folded) else None
    whole_days = not ahead % timedelta(days=1)
    at = read_clock(folded) if whole_days else None
    return Lead(ahead=ahead, at=at, counting=_counting(found) if found else Counting.DAYS)


def _counting(found: re.Match[str]) -> Counting:
    said = found.groupdict()
    is_workday = WORKDAY in {said["unit"], said.get("unit2")}
    return Counting.WORKDAYS if is_workday else Counting.DAYS


def _ahead(found: re.Match[str]) -> timedelta | None:
    said = found.groupdict()
    amount = said["amount"] or said["amount2"]
    unit = UNITS.get(said["unit"] or said["unit2"], timedelta(days=1))
    half = any(said.get(name) for name in ("half", "half2", "half3", "half4"))
    if amount == "半":
        return unit / 2
    whole = count(amount)
    if whole is None or (whole == 0 and not half):
        return None
    return whole * unit + (unit / 2 if half else timedelta(0))
