"""Promising, listing and taking back reminders of events and calls."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar, override

from actions import wording
from actions.events import EVENTS_SHOWN, EVERYTHING
from actions.picking import picked
from actions.turn import Events, Speech, Turn, TurnAction
from actions.understanding.offsets import Lead, read_lead
from core.domain.conversations import Button
from core.domain.records import Library, Record
from core.domain.reminders import Reminder
from core.services.events import ListEvents
from core.services.reminders import CancelReminders, ListReminders, SetReminder

USUAL = Lead(ahead=timedelta(days=1))
"""The lead time when the person names none; it is said back."""
OTHERS = 4
"""Buttons offered for the other events of the list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The records listed, those meant, and whether the person named them."""

    listed: list[Record]
    meant: list[int]
    named: bool


class SetReminderAction(TurnAction):
    """Promises a reminder of the event that is meant, and says which and when."""

    action_name: ClassVar[str] = "action_set_reminder"

    def __init__(self, set_reminder: SetReminder, list_events: ListEvents) -> None:
        self._set_reminder = set_reminder
        self._list_events = list_events

    @override
    def act(self, turn: Turn, speech: Speech) -> Events:
        listed = self._listed(turn)
        if not listed:
            speech.say("utter_reminder_no_events")
            return []
        lead = read_lead(turn.text) or USUAL
        choice = choose(turn.text, listed, lead, turn.said_at)
        if -1 in choice.meant:
            speech.say("utter_reminder_no_such", count=len(listed))
            return []
        for at in choice.meant:
            self._promise(turn, speech, choice, at, lead)
        return [] if turn.slots.get(EVENTS_SHOWN) else [_remember(listed)]

    def _listed(self, turn: Turn) -> list[Record]:
        """What was last listed and is still to come, else all that is to come."""
        coming = [
            record
            for library in (Library.EVENTS, Library.CALLS)
            for record in self._list_events(now=turn.said_at, library=library, limit=EVERYTHING)
            if anchor_of(record)
        ]
        by_id = {record.id: record for record in coming}
        shown = [by_id[name] for name in turn.slots.get(EVENTS_SHOWN) or () if name in by_id]
        return shown or sorted(coming, key=lambda one: (anchor_of(one) or turn.said_at, one.id))

    def _promise(self, turn: Turn, speech: Speech, choice: Choice, at: int, lead: Lead) -> None:
        record = choice.listed[at]
        anchor = anchor_of(record)
        if anchor is None:
            return
        offset = lead.before(anchor)
        due = anchor - offset
        if due <= turn.said_at or offset <= timedelta(0):
            speech.say(
                "utter_reminder_past",
                _earlier(choice, at, anchor, turn.said_at),
                title=record.title,
                starts=wording.moment(anchor),
                due=wording.moment(due),
            )
            return
        reminder, new = self._set_reminder(
            record.id, address=turn.address, offset=offset, now=turn.said_at
        )
        speech.say(
            "utter_reminder_set" if new else "utter_reminder_already",
            _others(choice, at, lead, turn.said_at),
            title=reminder.title,
            due=wording.moment(reminder.due_at),
            starts=wording.moment(anchor),
        )


def _remember(listed: Sequence[Record]) -> dict[str, object]:
    return {
        "event": "slot",
        "timestamp": None,
        "name": EVENTS_SHOWN,
        "value": [record.id for record in listed],
    }


def anchor_of(record: Record) -> datetime | None:
    """The instant a reminder of the record counts back from."""
    return record.starts_at or record.closes_at


def choose(text: str, listed: list[Record], lead: Lead, now: datetime) -> Choice:
    """The records meant: named ones, the only one, or the soonest that is not too late."""
    named = picked(text, [record.title for record in listed])
    if named:
        return Choice(listed=listed, meant=list(dict.fromkeys(named)), named=True)
    ahead = [at for at, record in enumerate(listed) if _is_ahead(record, lead, now)]
    soonest = sorted(ahead, key=lambda at: anchor_of(listed[at]) or now)
    return Choice(listed=listed, meant=soonest[:1] or [0], named=len(listed) == 1)


def _is_ahead(record: Record, lead: Lead, now: datetime) -> bool:
    anchor = anchor_of(record)
    if anchor is None:
        return False
    offset = lead.before(anchor)
    return offset > timedelta(0) and anchor - offset > now


def _others(choice: Choice, at: int, lead: Lead, now: datetime) -> list[Button]:
    """Buttons for the other events, when the person did not say which."""
    if choice.named or len(choice.meant) > 1:
        return []
    others = [
        other
        for other, record in enumerate(choice.listed)
        if other != at and _is_ahead(record, lead, now)
    ]
    return [
        Button(title=_title(choice.listed[other]), payload=_payload(lead.ahead, other))
        for other in others[:OTHERS]
    ]


def _title(record: Record) -> str:
    return record.title


def _payload(ahead: timedelta, at: int) -> str:
    pattern = wording.words()["reminder"]["button"]
    return str(pattern).format(lead=wording.lead(ahead), n=at + 1)


def _earlier(choice: Choice, at: int, anchor: datetime, now: datetime) -> list[Button]:
    """Buttons for lead times whose moment is still ahead."""
    minutes = wording.words()["reminder"]["earlier"]
    leads = [timedelta(minutes=one) for one in minutes]
    return [
        Button(title=wording.lead(ahead), payload=_payload(ahead, at))
        for ahead in leads
        if anchor - ahead > now
    ][:3]


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
        if -1 in meant:
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
    return [Button(title=text, payload=text) for text in texts[:OTHERS]]
