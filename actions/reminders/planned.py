"""Listing a person's reminders and taking them back."""

from collections.abc import Sequence
from typing import ClassVar, override

from actions import wording
from actions.turn import Events, Speech, Turn, TurnAction
from actions.understanding.picking import NOT_THERE, picked
from core.domain.conversations import Button
from core.domain.reminders import Reminder
from core.services.reminders import CancelReminders, ListReminders

OFFERED = 3
"""How many buttons are offered at most."""


class ListRemindersAction(TurnAction):
    """Lists a person's reminders with their moments."""

    action_name: ClassVar[str] = "action_list_reminders"

    def __init__(self, list_reminders: ListReminders) -> None:
        self._list_reminders = list_reminders

    @override
    def act(self, turn: Turn, speech: Speech) -> Events:
        planned = self._list_reminders(turn.person)
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
        planned = self.planned(turn)
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

    def planned(self, turn: Turn) -> list[Reminder]:
        """What the person may take back."""
        return self._list_reminders(turn.person)

    def names_one(self, turn: Turn) -> bool:
        """Whether the text names reminders of the person: by place, by title, or all."""
        titles = [one.title for one in self.planned(turn)]
        return bool(titles) and bool(picked(turn.text, titles))

    def meant_for_change(self, turn: Turn) -> list[Reminder]:
        """Those to change: the one named, all of the only event, or the newest just set."""
        planned = self.planned(turn)
        at = picked(turn.text, [one.title for one in planned])
        if len(at) == 1 and at[0] != NOT_THERE:
            return [planned[at[0]]]
        if len({one.record_id for one in planned}) == 1 and not at:
            return planned
        if "action_set_reminder" in turn.before and not at:
            return [max(planned, key=lambda one: one.id)]
        return []

    def take_back(self, turn: Turn, reminder: Reminder) -> None:
        """Take one back, wherever it stands in the list by now."""
        ids = [one.id for one in self.planned(turn)]
        if reminder.id in ids:
            self._cancel(turn.person, position=ids.index(reminder.id) + 1)

    def _take_back(
        self, turn: Turn, planned: Sequence[Reminder], meant: Sequence[int]
    ) -> list[Reminder]:
        if len(set(meant)) == len(planned):
            return self._cancel(turn.person)
        # From the last to the first, so that positions stay true.
        gone = [
            self._cancel(turn.person, position=at + 1) for at in sorted(set(meant), reverse=True)
        ]
        return [one for some in reversed(gone) for one in some]


def answers_which(turn: Turn) -> bool:
    """Whether the turn before asked which reminder to take back, or took one back."""
    return bool({"action_cancel_reminder", "action_cancel_idle"} & set(turn.before))


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
