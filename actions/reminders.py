"""Promising, listing and taking back reminders of events and calls."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import ClassVar, override

from actions import wording
from actions.events import EVENTS_SHOWN, EVERYTHING
from actions.slots import set_slot
from actions.turn import Events, Speech, Turn, TurnAction
from actions.understanding.offsets import Lead, read_lead, read_moment
from actions.understanding.picking import NOT_THERE, picked
from core.domain.conversations import Address, Button
from core.domain.records import Library, Record
from core.domain.reminders import SHANGHAI, Reminder
from core.services.events import ListEvents
from core.services.reminders import CancelReminders, ListReminders, SetReminder, plan

USUAL = Lead(ahead=timedelta(days=1))
"""The lead time when the person names none; it is said back."""
MORNING = time(9)
"""The clock time of a reminder when only its day is named."""
OFFERED = 3
"""How many buttons are offered at most."""


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

    def __init__(self, set_reminder: SetReminder, list_events: ListEvents) -> None:
        self._set_reminder = set_reminder
        self._list_events = list_events

    @override
    def act(self, turn: Turn, speech: Speech) -> Events:
        listed = self._listed(turn)
        if not any(listed):
            speech.say("utter_reminder_no_events")
            return []
        wish = read_wish(turn, listed)
        if NOT_THERE in wish.meant:
            speech.say("utter_reminder_no_such", count=len(listed))
            return []
        for at in wish.meant:
            self._promise(turn, speech, wish, at=at)
        if turn.slots.get(EVENTS_SHOWN):
            return []
        return [set_slot(EVENTS_SHOWN, [record.id for record in listed if record])]

    def _listed(self, turn: Turn) -> list[Record | None]:
        """What was last listed and is still to come, else all that is to come."""
        coming = [
            record
            for library in (Library.EVENTS, Library.CALLS)
            for record in self._list_events(now=turn.said_at, library=library, limit=EVERYTHING)
            if record.starts_at or record.closes_at
        ]
        by_id = {record.id: record for record in coming}
        shown = [by_id.get(name) for name in turn.slots.get(EVENTS_SHOWN) or ()]
        if any(shown):
            return shown
        return [*sorted(coming, key=lambda record: (anchor_of(record), record.id))]

    def _promise(self, turn: Turn, speech: Speech, wish: Wish, *, at: int) -> None:
        record = wish.listed[at]
        if record is None:
            speech.say("utter_reminder_over", number=at + 1)
            return
        anchor = anchor_of(record)
        offset = wish.lead.before(anchor)
        values = {"title": record.title, "when": wording.when(record)}
        if not wish.is_ahead(at):
            due = wording.moment(anchor - offset)
            speech.say("utter_reminder_past", _still_possible(anchor, wish, at), due=due, **values)
            return
        reminder, new = self._set_reminder(
            record.id, address=turn.address, offset=offset, now=turn.said_at
        )
        speech.say(
            "utter_reminder_set" if new else "utter_reminder_already",
            _others(wish, at),
            due=wording.moment(reminder.due_at),
            **values,
        )


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


class ListRemindersAction(TurnAction):
    """Lists a person's reminders with their moments."""

    action_name: ClassVar[str] = "action_list_reminders"

    def __init__(self, list_reminders: ListReminders) -> None:
        self._list_reminders = list_reminders

    @override
    def act(self, turn: Turn, speech: Speech) -> Events:
        planned = self._list_reminders(turn.address)
        if planned:
            speech.say(
                "utter_reminders_list",
                _cancel_buttons(planned),
                count=len(planned),
                listing=listing(planned),
            )
        else:
            speech.say("utter_reminders_none")
        return []


class CancelReminderAction(TurnAction):
    """Takes back the reminder that is meant, or all; asks which when that is not plain."""

    action_name: ClassVar[str] = "action_cancel_reminder"

    def __init__(self, cancel: CancelReminders, list_reminders: ListReminders) -> None:
        self._cancel = cancel
        self._list_reminders = list_reminders

    @override
    def act(self, turn: Turn, speech: Speech) -> Events:
        planned = self._list_reminders(turn.address)
        if not planned:
            speech.say("utter_reminders_none")
            return []
        meant = picked(turn.text, [one.title for one in planned])
        meant = meant or ([0] if len(planned) == 1 else [])
        if not meant:
            speech.say(
                "utter_reminder_cancel_which", _cancel_buttons(planned), listing=listing(planned)
            )
            return []
        if NOT_THERE in meant:
            speech.say(
                "utter_reminder_cancel_no_such", count=len(planned), listing=listing(planned)
            )
            return []
        gone = self._take_back(turn, planned, meant)
        speech.say("utter_reminder_cancelled", listing=listing(gone))
        return []

    def _take_back(
        self, turn: Turn, planned: Sequence[Reminder], meant: Sequence[int]
    ) -> list[Reminder]:
        if len(set(meant)) == len(planned):
            return self._cancel(turn.address)
        # From the last to the first, so that positions stay true.
        gone = [
            self._cancel(turn.address, position=at + 1) for at in sorted(set(meant), reverse=True)
        ]
        return [one for some in reversed(gone) for one in some]


def listing(reminders: Sequence[Reminder]) -> str:
    """Reminders as a numbered list."""
    pattern = str(wording.words()["reminder"]["line"])
    return "\n".join(
        pattern.format(n=number, moment=wording.moment(one.due_at), title=one.title)
        for number, one in enumerate(reminders, start=1)
    )


def _cancel_buttons(planned: Sequence[Reminder]) -> list[Button]:
    pattern = str(wording.words()["reminder"]["cancel_nth"])
    texts = [pattern.format(n=number) for number in range(1, len(planned) + 1)]
    return [Button(title=text, payload=text) for text in texts[:OFFERED]]
