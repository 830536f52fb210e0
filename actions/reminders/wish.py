"""What a person wants to be reminded of, and when: read from the text and what was listed."""

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from actions.events import EVENTS_SHOWN
from actions.reminders.absent import behind
from actions.topics import library_of, read_topics
from actions.turn import Turn
from actions.understanding.offsets import Lead, read_leads, read_moments
from actions.understanding.picking import by_title, picked
from core.domain.conversations import Address
from core.domain.records import Library, Record
from core.domain.reminders import SHANGHAI
from core.services.reminders import plan

USUAL = Lead(ahead=timedelta(days=1))
"""The lead time when the person names none; it is said back."""
MORNING = time(9)
"""The clock time of a reminder when only its day is named."""


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

    def is_ahead(self, at: int) -> bool:
        """Whether the moment to remind of the record at `at`, or one of them, is to come."""
        record = self.listed[at]
        return record is not None and any(lies_ahead(record, one, self.now) for one in self.leads)


def lies_ahead(record: Record, lead: Lead, now: datetime) -> bool:
    """Whether the moment of the lead time is still to come."""
    anchor = anchor_of(record)
    offset = lead.before(anchor)
    return offset > timedelta(0) and anchor - offset > now


def anchor_of(record: Record) -> datetime:
    """The instant a reminder of the record counts back from.

    Raises:
        NoAnchorError: it has none.
    """
    return plan(record, address=Address(channel="", user=""), offset=timedelta(0)).due_at


def read_wish(turn: Turn, listed: list[Record | None]) -> Wish:
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
        leads=tuple(leads or moments or [USUAL]),
        now=turn.said_at,
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
