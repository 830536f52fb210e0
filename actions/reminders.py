"""Promising reminders of events and calls."""

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import ClassVar, override

from actions import wording
from actions.events import EVENTS_SHOWN, EVERYTHING
from actions.idle import answers_which
from actions.planned import OFFERED, CancelReminderAction, listing
from actions.topics import library_of, read_topics
from actions.turn import Events, Speech, Turn, TurnAction, set_slot
from actions.understanding import manners
from actions.understanding.offsets import Lead, read_lead, read_moment
from actions.understanding.picking import NOT_THERE, by_title, picked
from core.domain.conversations import Address, Button
from core.domain.records import Library, Record
from core.domain.reminders import SHANGHAI, Reminder
from core.services.events import ListEvents
from core.services.reminders import SetReminder, plan

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
    lead: Lead
    now: datetime

    def is_ahead(self, at: int) -> bool:
        """Whether the moment to remind of the record at `at` is still to come."""
        record = self.listed[at]
        if record is None:
            return False
        anchor = anchor_of(record)
        offset = self.lead.before(anchor)
        return offset > timedelta(0) and anchor - offset > self.now


class SetReminderAction(TurnAction):
    """Promises a reminder of the event that is meant, and says which and when."""

    action_name: ClassVar[str] = "action_set_reminder"

    def __init__(
        self, set_reminder: SetReminder, list_events: ListEvents, cancel: CancelReminderAction
    ) -> None:
        self._set_reminder = set_reminder
        self._list_events = list_events
        self._cancel = cancel

    @override
    def act(self, turn: Turn, speech: Speech) -> Events:
        if answers_which(turn) and manners.picks(turn.text) and self._cancel.names_one(turn):
            return self._cancel.act(turn, speech)
        coming = self._coming(turn)
        listed = _listed(turn, coming)
        missing = _names_what_is_not_there(turn.text, coming)
        if missing:
            name = wording.library(library_of(turn.text))
            speech.say("utter_events_none_on_topic", topic=missing, name=name, count=len(coming))
        elif not any(listed):
            speech.say("utter_reminder_no_events")
        else:
            return self._remind(turn, speech, listed)
        return []

    def _remind(self, turn: Turn, speech: Speech, listed: list[Record | None]) -> Events:
        wish = read_wish(turn, listed)
        if NOT_THERE in wish.meant:
            speech.say("utter_reminder_no_such", count=len(listed))
            return []
        promised = [self._promise(turn, speech, wish, at=at) for at in wish.meant]
        new = [one for one in promised if one]
        if new:
            speech.say("utter_reminders_set", count=len(new), listing=listing(new))
        ids = [record.id for record in listed if record]
        if set(ids) <= set(turn.slots.get(EVENTS_SHOWN) or ()):
            return []
        return [set_slot(EVENTS_SHOWN, ids)]

    def _coming(self, turn: Turn) -> list[Record]:
        return [
            record
            for library in (Library.EVENTS, Library.CALLS)
            for record in self._list_events(now=turn.said_at, library=library, limit=EVERYTHING)
            if record.starts_at or record.closes_at
        ]

    def _promise(self, turn: Turn, speech: Speech, wish: Wish, *, at: int) -> Reminder | None:
        """Says what came of one; a new one among several is returned, to be said with the rest."""
        record = wish.listed[at]
        if record is None:
            speech.say("utter_reminder_over", number=at + 1)
            return None
        anchor = anchor_of(record)
        offset = wish.lead.before(anchor)
        values = {"title": record.title, "when": wording.when(record)}
        if not wish.is_ahead(at):
            due = wording.moment(anchor - offset)
            speech.say("utter_reminder_past", _still_possible(anchor, wish, at), due=due, **values)
            return None
        reminder, new = self._set_reminder(
            record.id, address=turn.address, offset=offset, now=turn.said_at
        )
        if new and len(wish.meant) > 1:
            return reminder
        speech.say(
            "utter_reminder_set" if new else "utter_reminder_already",
            _others(wish, at),
            due=wording.moment(reminder.due_at),
            **values,
        )
        return None


def _listed(turn: Turn, coming: list[Record]) -> list[Record | None]:
    """What is still to come of what was last listed; else all, or what the text names."""
    by_id = {record.id: record for record in coming}
    shown = [by_id.get(name) for name in turn.slots.get(EVENTS_SHOWN) or ()]
    meant = _spoken_of(turn.text, coming) or _asked_about(turn, coming)
    if any(shown) and (not meant or any(one in meant for one in shown)):
        return shown
    return [*sorted(meant or coming, key=lambda record: (anchor_of(record), record.id))]


def _asked_about(turn: Turn, coming: list[Record]) -> list[Record]:
    """The call that the question before this turn was about, when it was answered."""
    if "action_answer_policy" not in turn.before or read_topics(turn.text, coming).groups:
        return []
    said = f"{turn.slots.get('last_question') or ''}{turn.slots.get('last_answer') or ''}"
    calls = [record for record in coming if record.library is Library.CALLS]
    return [calls[at] for at in by_title(said, [one.title for one in calls])]


def _names_what_is_not_there(text: str, coming: list[Record]) -> str:
    """The words for what is wanted, when nothing to come is about it."""
    words = read_topics(text, coming).words
    if not words or not coming or _spoken_of(text, coming):
        return ""
    return "" if picked(text, [one.title for one in coming]) else wording.join(words)


def _spoken_of(text: str, coming: list[Record]) -> list[Record]:
    """The records that are about what the text names, none when it names nothing."""
    library = library_of(text)
    topics = read_topics(text, coming)
    if not topics.groups and library is Library.EVENTS:
        return []
    return [record for record in topics.select(coming) if record.library is library]


def anchor_of(record: Record) -> datetime:
    """The instant a reminder of the record counts back from.

    Raises:
        NoAnchorError: it has none.
    """
    return plan(record, address=Address(channel="", user=""), offset=timedelta(0)).due_at


def read_wish(turn: Turn, listed: list[Record | None]) -> Wish:
    """The records meant: named ones, the only one, or the soonest that is not too late."""
    named = picked(turn.text, [record.title if record else "" for record in listed])
    lead = read_lead(turn.text)
    day = read_moment(turn.text, turn.said_at)
    if day is not None and (lead or day.at is None):
        # 11月26日那场: the day of an event names the event.
        held = [at for at, record in enumerate(listed) if record and _is_on(record, day)]
        named, day = (named or held), (None if held else day)
    wish = Wish(
        listed=listed,
        meant=list(dict.fromkeys(named)),
        named=bool(named) or len(listed) == 1,
        lead=lead or (replace(day, at=day.at or MORNING) if day else USUAL),
        now=turn.said_at,
    )
    return wish if named else replace(wish, meant=[_soonest(wish)])


def _is_on(record: Record, day: Lead) -> bool:
    return anchor_of(record).astimezone(SHANGHAI).date() == day.on


def _soonest(wish: Wish) -> int:
    there = [(anchor_of(record), at) for at, record in enumerate(wish.listed) if record]
    ahead = [(anchor, at) for anchor, at in there if wish.is_ahead(at)]
    return min(ahead or there)[1]


def _others(wish: Wish, at: int) -> list[Button]:
    """Buttons for the other events, when the person did not say which."""
    if wish.named:
        return []
    others = [n for n in range(len(wish.listed)) if n != at and wish.is_ahead(n)]
    return [
        Button(
            title=record.title,
            payload=_payload(wording.lead_words(wish.lead.ahead, wish.lead.at, wish.lead.on), n),
        )
        for n in others[:OFFERED]
        if (record := wish.listed[n])
    ]


def _still_possible(anchor: datetime, wish: Wish, at: int) -> list[Button]:
    """Buttons for lead times whose moment is still ahead."""
    minutes = wording.words()["reminder"]["earlier"]
    leads = [timedelta(minutes=one) for one in minutes]
    ahead = [lead for lead in leads if anchor - lead > wish.now]
    return [
        Button(title=words, payload=_payload(words, at))
        for words in map(wording.lead_words, ahead[:OFFERED])
    ]


def _payload(lead: str, at: int) -> str:
    pattern = wording.words()["reminder"]["button"]
    return str(pattern).format(lead=lead, n=at + 1)
