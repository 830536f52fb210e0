"""Promising reminders of events and calls, and changing them."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import ClassVar, override

from actions import wording
from actions.events import EVENTS_SHOWN, EVERYTHING
from actions.reminders.absent import unmet_topic
from actions.reminders.planned import OFFERED, CancelReminderAction, answers_which, listing
from actions.reminders.wish import (
    Moment,
    Wish,
    counted_from,
    ended_one,
    lead_words,
    leads_in,
    lies_ahead,
    listed_for,
    read_wish,
)
from actions.topics import library_of
from actions.turn import Events, Speech, Turn, TurnAction, set_slot
from actions.understanding import manners
from actions.understanding.offsets import Lead
from actions.understanding.picking import NOT_THERE
from actions.understanding.text import fold
from core.domain.conversations import Button
from core.domain.records import Library, Record
from core.domain.reminders import Reminder
from core.services.events import ListEvents
from core.services.reminders import SetReminder
from core.services.subscriptions import ListSubscriptions

RECENT = 50
"""How many of those that are over may still be meant, of each library."""
USUAL = Lead(ahead=timedelta(days=1))
CHANGE = re.compile(r"改成|改为|换成|改到|改提前|改一下|调整|改在")


class SetReminderAction(TurnAction):
    """Promises reminders of the event that is meant, and says which and when."""

    action_name: ClassVar[str] = "action_set_reminder"

    def __init__(
        self,
        set_reminder: SetReminder,
        list_events: ListEvents,
        cancel: CancelReminderAction,
        list_subscriptions: ListSubscriptions,
        *,
        usual: Sequence[Lead] = (USUAL,),
    ) -> None:
        """`usual` are the lead times when the person names none; they are said back."""
        self._set_reminder = set_reminder
        self._list_events = list_events
        self._cancel = cancel
        self._list_subscriptions = list_subscriptions
        self._usual = tuple(usual)

    @override
    def act(self, turn: Turn, speech: Speech) -> Events:
        if answers_which(turn) and manners.picks(turn.text) and self._cancel.names_one(turn):
            return self._cancel.act(turn, speech)
        leads = leads_in(turn) if CHANGE.search(fold(turn.text)) else ()
        if leads and self._cancel.planned(turn):
            self._change(turn, speech, leads)
            return []
        coming = self._records(turn)
        listed = listed_for(turn, coming)
        over = self._records(turn, over=True)
        ended = ended_one(turn.text, turn.said_at, coming, over)
        topic = unmet_topic(turn.text, turn.said_at, coming, over)
        if ended is not None:
            speech.say("utter_reminder_ended", title=ended.title, ended=wording.ended(ended))
        elif coming and topic:
            name = wording.library(library_of(turn.text))
            speech.say("utter_events_none_on_topic", topic=topic, name=name, count=len(coming))
        elif not any(listed):
            speech.say("utter_reminder_no_events")
        else:
            return self._remind(turn, speech, listed, over)
        return []

    def _remind(
        self, turn: Turn, speech: Speech, listed: list[Record | None], over: list[Record]
    ) -> Events:
        wish = read_wish(turn, listed, self._usual)
        if NOT_THERE in wish.meant:
            speech.say("utter_reminder_no_such", count=len(listed))
            return []
        promised: list[Reminder] = []
        new: list[Reminder] = []
        told = [(at, lead, phase) for at in wish.meant for lead, phase in wish.moments(at)]
        several = len(told) > 1
        for at in wish.meant:
            if listed[at] is None:
                _say_over(turn, speech, at, over)
        for at, lead, phase in told:
            one, is_new = self._promise(turn, speech, wish, Moment(at, lead, phase), quiet=several)
            promised += [one] if one else []
            new += [one] if one and is_new else []
        if several and new:
            speech.say("utter_reminders_set", count=len(new), listing=listing(new))
        self._warn_of_quiet(turn, speech, promised)
        ids = [record.id for record in listed if record]
        if set(ids) <= set(turn.slots.get(EVENTS_SHOWN) or ()):
            return []
        return [set_slot(EVENTS_SHOWN, ids)]

    def _records(self, turn: Turn, *, over: bool = False) -> list[Record]:
        return [
            record
            for library in (Library.EVENTS, Library.CALLS)
            for record in self._list_events(
                now=turn.said_at, library=library, limit=RECENT if over else EVERYTHING, over=over
            )
            if record.starts_at or record.closes_at
        ]

    def _promise(
        self, turn: Turn, speech: Speech, wish: Wish, moment: Moment, *, quiet: bool
    ) -> tuple[Reminder | None, bool]:
        """The reminder, if any, and whether it is new; a new one is not said when `quiet`."""
        at, lead, phase = moment
        record = wish.listed[at]
        if record is None:
            return None, False
        anchor, instant = counted_from(record, lead, phase)
        when = wording.when(record, turn.said_at, anchor, phase=phase)
        values = {"title": record.title, "when": when}
        if not lies_ahead(record, lead, wish.now, phase):
            due = wording.moment(lead.moment(instant))
            buttons = _still_possible(instant, wish, at)
            speech.say("utter_reminder_past", buttons, due=due, **values)
            return None, False
        reminder, new = self._set_reminder(
            record.id,
            address=turn.person,
            offset=lead.offset(instant),
            now=turn.said_at,
            anchor=anchor,
            phase=phase,
        )
        if not (new and quiet):
            speech.say(
                "utter_reminder_set" if new else "utter_reminder_already",
                _others(wish, at),
                due=wording.moment(reminder.due_at),
                **values,
            )
        return reminder, new

    def _change(self, turn: Turn, speech: Speech, leads: tuple[Lead, ...]) -> None:
        """Other lead times in place of those that one event has."""
        old = self._cancel.meant_for_change(turn)
        if not old:
            planned = listing(self._cancel.planned(turn))
            speech.say("utter_reminder_change_which", listing=planned)
            return
        first = old[0]
        anchor, phase = first.anchor, first.phase
        instant, record_id = first.expires_at, first.record_id
        moments = [lead.moment(instant) for lead in leads]
        past = [one for one in moments if not turn.said_at < one < instant]
        if past:
            speech.say(
                "utter_reminder_change_past", due=wording.moment(past[0]), listing=listing(old)
            )
            return
        made = [
            self._set_reminder(
                record_id,
                address=turn.person,
                offset=lead.offset(instant),
                now=turn.said_at,
                anchor=anchor,
                phase=phase,
            )[0]
            for lead in leads
        ]
        kept = {one.id for one in made}
        for one in old:
            if one.id not in kept:
                self._cancel.take_back(turn, one)
        speech.say("utter_reminder_changed", listing=listing(made))
        self._warn_of_quiet(turn, speech, made)

    def _warn_of_quiet(self, turn: Turn, speech: Speech, promised: list[Reminder]) -> None:
        _, hours = self._list_subscriptions(turn.person)
        if hours is None:
            return
        moved = [one for one in promised if one.due_at != one.offset.due(one.expires_at)]
        if moved:
            asked = wording.join(wording.moment(one.offset.due(one.expires_at)) for one in moved)
            speech.say("utter_reminder_out_of_quiet_hours", asked=asked, listing=listing(moved))
        elif any(hours.until(one.due_at) for one in promised):
            speech.say("utter_reminder_in_quiet_hours")


def _say_over(turn: Turn, speech: Speech, at: int, over: list[Record]) -> None:
    """Say when the item at that place of the list ended, as far as that is known."""
    shown = turn.slots.get(EVENTS_SHOWN) or ()
    ended = next((one for one in over if at < len(shown) and one.id == shown[at]), None)
    if ended is None:
        speech.say("utter_reminder_over", number=at + 1)
    else:
        speech.say("utter_reminder_ended", title=ended.title, ended=wording.ended(ended))


def _others(wish: Wish, at: int) -> list[Button]:
    """Buttons for the other events, when the person did not say which."""
    if wish.named:
        return []
    others = [n for n in range(len(wish.listed)) if n != at and wish.is_ahead(n)]
    lead = wish.leads[0]
    return [
        Button(
            title=record.title,
            payload=_payload(lead_words(lead.ahead, lead.at, lead.on), n),
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
        for words in map(lead_words, ahead[:OFFERED])
    ]


def _payload(lead: str, at: int) -> str:
    pattern = wording.words()["reminder"]["button"]
    return str(pattern).format(lead=lead, n=at + 1)
