"""What a person wants to be reminded of, and when: read from the text and what was listed."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from actions import wording
from actions.events import EVENTS_SHOWN
from actions.reminders.absent import behind
from actions.topics import library_of, read_topics
from actions.turn import Turn
from actions.understanding.offsets import (
    Lead,
    anchor_in,
    on_workdays,
    read_leads,
    read_moments,
)
from actions.understanding.picking import by_title, picked
from core.domain.conversations import Address
from core.domain.dates.offsets import Offset
from core.domain.records import Library, Record
from core.domain.reminders import SHANGHAI, Anchor, instant_of, plan

EVERY_PHASE = re.compile(r"(?:各个?|每个?|所有|全部|几个|三个|几大)(?:阶段|节点|环节)")
SHORTEST = 2
"""As much of a phase's name is enough: 中期, 验收."""
MORNING = time(9)
"""The clock time of a reminder when only its day is named."""


class Moment(NamedTuple):
    """One reminder that is asked for: the place of its record, how long before, of what phase."""

    at: int
    lead: Lead
    phase: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a person wants to be reminded of: positions in a list, how long before."""

    listed: list[Record | None]
    """What was listed; None in the place of what is over by now."""
    meant: list[int]
    named: bool
    """Whether the person said which; else the soonest was taken, and the others are offered."""
    leads: tuple[Lead, ...]
    now: datetime
    text: str = ""

    def moments(self, at: int) -> list[tuple[Lead, str]]:
        """The lead times asked for, each with the phase it counts back from, if any."""
        record = self.listed[at]
        phases = phases_named(self.text, record, self.now) if record else []
        return [(lead, phase) for phase in phases or [""] for lead in self.leads]

    def is_ahead(self, at: int) -> bool:
        """Whether the moment to remind of the record at `at`, or one of them, is to come."""
        record = self.listed[at]
        return record is not None and any(lies_ahead(record, one, self.now) for one in self.leads)


def lies_ahead(record: Record, lead: Lead, now: datetime, phase: str = "") -> bool:
    """Whether the moment of the lead time is still to come."""
    anchor = counted_from(record, lead, phase)[1]
    return now < lead.moment(anchor) < anchor


def anchor_of(record: Record) -> datetime:
    """The instant a reminder of the record counts back from when nothing else is said.

    Raises:
        NoAnchorError: it has none.
    """
    return plan(record, address=Address(channel="", user=""), offset=Offset()).due_at


def counted_from(record: Record, lead: Lead, phase: str = "") -> tuple[Anchor | None, datetime]:
    """What the lead time counts back from: the phase, what was said, or what is usual.

    Raises:
        NoAnchorError: the record has no date.
    """
    if phase:
        at = instant_of(record, Anchor.PHASE, phase=phase)
        return Anchor.PHASE, at or anchor_of(record)
    at = instant_of(record, lead.anchor) if lead.anchor else None
    return (lead.anchor, at) if at is not None else (None, anchor_of(record))


def phases_named(text: str, record: Record, now: datetime) -> list[str]:
    """The phases to come that a text names, or all when it asks for every one."""
    coming = [one.name for one in record.phases if one.at > now]
    if EVERY_PHASE.search(text):
        return coming
    return [name for name in coming if name in text or name[:SHORTEST] in text]


def usual_leads(text: str, usual: Sequence[Lead]) -> list[Lead]:
    """The operator's lead times, for what the text says they count back from."""
    named = anchor_in(text)
    leads = [replace(one, anchor=named or one.anchor) for one in usual]
    return [on_workdays(one, text) for one in leads]


def read_wish(turn: Turn, listed: list[Record | None], usual: Sequence[Lead]) -> Wish:
    """The records meant: named ones, the only one, or the soonest that is not too late."""
    named = picked(turn.text, [record.title if record else "" for record in listed])
    leads, days = read_leads(turn.text), read_moments(turn.text, turn.said_at)
    if days and (leads or days[0].at is None):
        # 11月26日那场: the day of an event names the event.
        held = [at for at, record in enumerate(listed) if record and _is_on(record, days)]
        named, days = (named or held), ([] if held else days)
    moments = [replace(day, at=day.at or MORNING) for day in days]
    wish = Wish(
        listed=listed,
        meant=list(dict.fromkeys(named)),
        named=bool(named) or len(listed) == 1,
        leads=tuple(leads or moments or usual_leads(turn.text, usual)),
        now=turn.said_at,
        text=turn.text,
    )
    return wish if named else replace(wish, meant=[_soonest(wish)])


def leads_in(turn: Turn) -> tuple[Lead, ...]:
    """The lead times or moments that a text names, none when it names none."""
    moments = read_moments(turn.text, turn.said_at)
    named = [replace(moment, at=moment.at or MORNING) for moment in moments]
    return tuple(read_leads(turn.text) or named)


def listed_for(turn: Turn, coming: list[Record]) -> list[Record | None]:
    """What is still to come of what was last listed; else all, or what the text names."""
    by_id = {record.id: record for record in coming}
    shown = [by_id.get(name) for name in turn.slots.get(EVENTS_SHOWN) or ()]
    meant = spoken_of(turn.text, coming) or _asked_about(turn, coming)
    if any(shown) and (not meant or any(one in meant for one in shown)):
        return shown
    return [*sorted(meant or coming, key=lambda record: (anchor_of(record), record.id))]


def ended_one(
    text: str, said_at: datetime, coming: list[Record], over: list[Record]
) -> Record | None:
    """What the text names of what is over, when that names nothing to come as well."""
    past = behind(text, said_at, over)
    if past is not None:
        held = past.select(over)
        return held[0] if len(held) == 1 else None
    titled = by_title(text, [one.title for one in (*coming, *over)])
    if titled:
        at = titled[0] - len(coming)
        return over[at] if at >= 0 else None
    if spoken_of(text, coming) or picked(text, [one.title for one in coming]):
        return None
    about = spoken_of(text, over)
    return about[0] if about else None


def spoken_of(text: str, records: list[Record]) -> list[Record]:
    """The records that are about what the text names, none when it names nothing."""
    library = library_of(text)
    topics = read_topics(text, records)
    if not topics.groups and library is Library.EVENTS:
        return []
    return [record for record in topics.select(records) if record.library is library]


def _asked_about(turn: Turn, coming: list[Record]) -> list[Record]:
    """The call that the question before this turn was about, when it was answered."""
    if "action_answer_policy" not in turn.before or read_topics(turn.text, coming).groups:
        return []
    said = f"{turn.slots.get('last_question') or ''}{turn.slots.get('last_answer') or ''}"
    calls = [record for record in coming if record.library is Library.CALLS]
    return [calls[at] for at in by_title(said, [one.title for one in calls])]


def _is_on(record: Record, days: list[Lead]) -> bool:
    return anchor_of(record).astimezone(SHANGHAI).date() in {day.on for day in days}


def _soonest(wish: Wish) -> int:
    there = [(anchor_of(record), at) for at, record in enumerate(wish.listed) if record]
    ahead = [(anchor, at) for anchor, at in there if wish.is_ahead(at)]
    return min(ahead or there)[1]


def lead_words(ahead: timedelta, at: time | None = None, on: date | None = None) -> str:
    """提前3天, 提前2小时, 提前1天20:00, 当天08:00, 12月2日09:00."""
    clock = f"{at:%H:%M}" if at else ""
    leads = wording.words()["leads"]
    if on is not None:
        return str(leads["day"]).format(month=on.month, day=on.day) + clock
    minutes = int(ahead.total_seconds() // 60)
    if not minutes:
        return str(leads["same_day"]) + clock
    for name, size in (("days", 1440), ("hours", 60)):
        if not minutes % size:
            return str(leads[name]).format(n=minutes // size) + clock
    return str(leads["minutes"]).format(n=minutes) + clock
