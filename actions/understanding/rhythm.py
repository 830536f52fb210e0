"""How often: 有新的就发, 每天早上九点, 每周一汇总."""

import re
from dataclasses import dataclass

from actions.understanding.clocks import CLOCK, read_clock
from actions.understanding.text import fold
from core.domain.subscriptions import AT_ONCE, MORNING, Pace, Rhythm

_DAY = r"[一二三四五六日天末1-7](?![次回封]|个[周月])"
WEEKLY = re.compile(
    rf"(?:每|逢|按)个?(?:周|星期|礼拜)(?P<day>{_DAY})?|周报|一周(?:发|推送?|通知|汇总)?一次|一周汇总"
    rf"|(?:周|星期|礼拜)(?P<day2>{_DAY})(?=[^,。]{{0,8}}(?:汇总|统一|集中))"
)
DAILY = re.compile(
    r"(?<!不用)(?<!不要)(?<!不必)(?<!别)(?:每[天日晚早]|天天)"
    r"|日报|一[天日]一次|一天汇总|按天|每个?工作日"
)
GATHERED = re.compile(r"(?<![不别用])汇总|打包|攒(?:在)?一起|合在一起|集中发|统一发")
NO_RHYTHM_WE_KEEP = re.compile(
    r"每个?月|每(?:个)?(?:季度|半年|年|小时)|每隔|每[两二三]|每半个?月|双周|隔周|隔天|月报|季报"
)
NOW = re.compile(
    r"随时|立即|立刻|马上|实时|第一时间|即时|及时|不用汇总|不要汇总|别汇总|不汇总"
    r"|一有[^,。]{0,10}就|有新的就"
)
WEEKDAYS = {day: number % 7 for number, day in enumerate("一二三四五六日")} | {
    "天": 6,
    "末": 5,
    **{str(number + 1): number for number in range(7)},
}
SAID = re.compile(
    rf"{WEEKLY.pattern.replace('?P<day>', '').replace('?P<day2>', '')}|{DAILY.pattern}"
    rf"|{GATHERED.pattern}|{NO_RHYTHM_WE_KEEP.pattern}|随时|立即|立刻|马上|实时|第一时间|即时|及时"
    rf"|(?:不用|不要|别|不)汇总|{re.sub('[?]P<[a-z]+>', '', CLOCK.pattern)}"
    r"|(?:不用|不要|不必|别)(?:每天|天天)发?|早上|早晨|上午|中午|下午|傍晚|晚上"
)
"""What tells of a rhythm and of nothing else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RhythmReading:
    """The rhythm a text asks for, if any; `unknown` when it asks for one we do not keep."""

    rhythm: Rhythm | None = None
    unknown: bool = False


def read_rhythm(text: str) -> RhythmReading:
    """Find how often a person wants to be told."""
    folded = fold(text)
    if NO_RHYTHM_WE_KEEP.search(folded):
        return RhythmReading(unknown=True)
    weekly = WEEKLY.search(folded)
    at = read_clock(folded) or MORNING
    if weekly:
        day = WEEKDAYS.get(weekly["day"] or weekly["day2"] or "一", 0)
        return RhythmReading(rhythm=Rhythm(pace=Pace.WEEKLY, at=at, weekday=day))
    if DAILY.search(folded) or GATHERED.search(folded):
        return RhythmReading(rhythm=Rhythm(pace=Pace.DAILY, at=at))
    return RhythmReading(rhythm=AT_ONCE if NOW.search(folded) else None)
