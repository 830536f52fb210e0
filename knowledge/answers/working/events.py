"""What a document says happens on a day: opening, closing, the end of the work, its issue."""

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from enum import StrEnum

from knowledge.answers.evidence import Evidence
from knowledge.answers.scenes import DATE_LINE
from knowledge.answers.working.case import SHANGHAI, Case, own
from knowledge.answers.working.conditions.subject import about_another
from knowledge.answers.working.reading.dates import Moment, moments, year_of
from knowledge.lexicon.words import NAMING

_APPLY = re.compile(r"申报|申请|报名|征集|受理|提交|报送|寄送|送达|推荐")
_WORK = re.compile(r"实施|结题|验收|执行|建设|完成|完工")
_CLOSES = re.compile(r"前|截止|截至|为止|止$|逾期|关闭|到期")
_ALREADY = re.compile(r"已|曾|以来|成立|注册|建成|通过|获得|出生|期间")
_WINDOW = re.compile(r"申报时间|报名时间|申报截止|报名截止")
_LOOKED_AT = 160


class Role(StrEnum):
    """What happens on a day."""

    OPENS = "opens"
    CLOSES = "closes"
    FINISHES = "finishes"
    SIGNED = "signed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A day that a document gives to something, with its hour if it has one."""

    role: Role
    day: date
    hour: time | None
    evidence: Evidence

    @property
    def at(self) -> datetime:
        """The instant in Asia/Shanghai; the end of the day where no hour is said."""
        return datetime.combine(self.day, self.hour or time.max, tzinfo=SHANGHAI)


_HINTS = {
    Role.OPENS: ("申报时间", "截止", "提交"),
    Role.CLOSES: ("申报时间", "截止", "提交"),
    Role.FINISHES: ("实施", "截止日期", "完成"),
    Role.SIGNED: ("印发",),
}


def event(case: Case, role: Role) -> Event | None:
    """The day of that role in the document the question is about; None where several may be."""
    found: list[Event] = []
    for one in case.look(*_HINTS[role])[:_LOOKED_AT]:
        if not about_another(case, one):
            found.extend(each for each in events_of(one) if each.role is role)
    if not found:
        return None
    documents = {one.evidence.passage.source.id for one in found}
    named = NAMING in case.asked.words.values() or case.asked.regions
    if len(documents) > 1 and not named:
        return None
    best = found[0]
    hours = (
        one
        for one in found
        if one.evidence.passage.source.id == best.evidence.passage.source.id
        and one.day == best.day
        and one.hour
    )
    timed = next(hours, None)
    return replace(best, hour=timed.hour, evidence=timed.evidence) if timed else best


def events_of(evidence: Evidence) -> list[Event]:
    """The days that one sentence gives to an application, a project or its own document."""
    text = own(evidence)
    days = [one for one in moments(text, year_of(evidence.passage.source.facts)) if one.exact]
    if not days:
        return []
    heading = evidence.sentence.path[-1] if evidence.sentence.path else ""
    return [
        Event(role=role, day=one.day, hour=one.hour, evidence=evidence)
        for role, one in _roles(text, heading, days, row=evidence.sentence.row)
    ]


def _roles(text: str, heading: str, days: list[Moment], *, row: bool) -> list[tuple[Role, Moment]]:
    if DATE_LINE.match(text):
        return [(Role.SIGNED, days[0])]
    if _ALREADY.search(text) or row:
        return []
    if _WORK.search(text) and not _WINDOW.search(text):
        return [(Role.FINISHES, days[-1])] if _CLOSES.search(text) else []
    return _window(text, days) if _APPLY.search(text + heading) else []


def _window(text: str, days: list[Moment]) -> list[tuple[Role, Moment]]:
    """Opening and closing of an application, or the one of them that is said."""
    first, last = days[0], days[-1]
    if len(days) > 1:
        spans = re.search(r"[-—~至到]|开始", text[first.end : last.start])
        return [(Role.OPENS, first), (Role.CLOSES, last)] if spans else []
    if re.match(r"(?:起|开始|开放|启动)", text[last.end :]):
        return [(Role.OPENS, last)]
    return [(Role.CLOSES, last)] if _CLOSES.search(text) else []
