"""Whether something handed in now, or at a given time, is in time."""

import re

from knowledge.answers.working.case import SHANGHAI, Case, Worked
from knowledge.answers.working.events import Event, Role, event
from knowledge.answers.working.reading.dates import Moment, given_moments, hour_at
from knowledge.answers.working.remaining import (
    NOW_IS,
    days_given,
    present,
    remaining,
    same_document,
    when,
    worked_of,
)
from knowledge.answers.working.telling import say_day, tell

_WORK = re.compile(r"实施|结题|验收|执行|做完|完工|项目周期|建设期")
_ISSUED = re.compile(r"印发|发布|出台|发文|落款|下发|签发")
_OTHER = re.compile(
    r"同时|一起|兼报|又报|再报|也报|建成|建的|挂牌|成立|新建|已经(?:有|申报|报了|获)|几项|哪些"
    r"|报[了过](?!吗|么|没|名)|的话|不[够足满]|[达不]到|不符合|少于"
)
_STILL = re.compile(
    r"来得及|来不来得及|赶[得不]上|赶得及|还能(?:不能)?(?:报(?!销)|申|交|提交|投|寄|参加)|还可以(?:报|申|交|提交|投|寄)|还收|还接收|还在(?:申报|受理|报名)|过期了?[吗没么]|过了(?:吗|没|么)"
    r"|(?:截止|结束|关闭|关)了(?:吗|没|么|没有)|晚不晚|[晚迟]了(?:吗|没|么)|(?:算|是不是|会不会)(?:超时|逾期|晚|迟|过期)|超时|逾期(?:吗|了)|有没有(?:截止|过期|结束)|还能不能(?:报|申|交)|能赶上|(?:按时|准时|及时|如期|按期)[^,。]{0,6}(?:吗|么|不|吧|$)|(?:算|是)不(?:算|是)(?:按时|准时|及时|如期|按期)|开始了(?:吗|没|么)|可以开始|(?:是不是|是否)(?:已经?)?(?:截止|结束|过期|关闭)|还开放|还有机会|现在(?:能|可以)(?:报|申报|申请|交)"
)
_LAST_DAY = re.compile(r"(?:最后|截止)(?:的)?(?:那)?(?:一|当)?[天日](?:的)?|当天")
_HANDS_IN = re.compile(
    r"(?:交|报(?!告|销)|提交|送|寄|投|发|申报|申请)[^,。]{0,10},?(?:这样)?(?:行|可以|能|有效|算|来得及|晚|超|ok|成|合规|吗)|(?:能|可以|行)[^,。]{0,8}(?:交|报|提交|送|寄|投|申报|申请)[^,。]{0,6}(?:吗|么|不|$)"
)


def in_time(case: Case) -> Worked | None:
    """Whether something handed in now, or at a given time, is in time."""
    text = case.text
    if _OTHER.search(text) or _ISSUED.search(text) or _WORK.search(text):
        return None
    closes = None
    if _STILL.search(text) or (_HANDS_IN.search(text) and _given_any(case)):
        closes = event(case, Role.CLOSES)
    if closes is None:
        return None
    now = present(case, closes)
    opens = event(case, Role.OPENS)
    if opens is not None and not same_document((opens, closes)):
        opens = None
    given = next(reversed(days_given(case, closes)), None) or _last_day(text, closes)
    if given is not None and not NOW_IS.search(text[: given.start]):
        early = opens is not None and given.day < opens.day
        return worked_of(_on_day(opens, closes, given), opens if opens and early else closes)
    if opens is not None and now.date() < opens.day:
        told = tell(
            "days.not_yet",
            day=say_day(opens.day),
            last=when(closes),
            count=str((opens.day - now.date()).days),
        )
        return worked_of(told, opens, closes)
    verdict = tell("days.in_time" if now <= closes.at else "days.too_late")
    return worked_of(verdict + remaining(closes, now), closes)


def _given_any(case: Case) -> bool:
    now = case.now.astimezone(SHANGHAI)
    return bool(given_moments(case.text, now, case.today.year) or _LAST_DAY.search(case.text))


def _last_day(text: str, closes: Event) -> Moment | None:
    """The closing day itself, where a question tells an hour of it: 最后一天下午五点半."""
    said = _LAST_DAY.search(text)
    hour = hour_at(text[said.end() :]) if said else None
    if said is None or hour is None:
        return None
    return Moment(day=closes.day, hour=hour, start=said.start(), end=said.end())


def _on_day(opens: Event | None, closes: Event, given: Moment) -> str:
    """Whether a given day and hour lie between opening and closing."""
    if opens is not None and given.day < opens.day:
        return tell(
            "days.given_early",
            given=_said(given),
            day=say_day(opens.day),
            count=str((opens.day - given.day).days),
        )
    if given.day == closes.day and closes.hour and given.hour is None:
        return tell("days.given_last_day", given=_said(given), last=when(closes))
    late = given.day > closes.day or (
        given.day == closes.day and bool(closes.hour and given.hour and given.hour > closes.hour)
    )
    if not late:
        return tell("days.given_in_time", given=_said(given), last=when(closes))
    count = (given.day - closes.day).days
    return tell(
        "days.given_late" if count else "days.given_late_hour",
        given=_said(given),
        last=when(closes),
        count=str(count),
    )


def _said(given: Moment) -> str:
    hour = f"{given.hour:%H:%M}" if given.hour else ""
    return say_day(given.day) + hour
