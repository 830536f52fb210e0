"""Setting, showing and taking away the hours in which nobody is disturbed."""

from dataclasses import replace

from actions.subscriptions import words
from actions.turn import Events, Speech, Turn
from actions.understanding.quiet import Asked, QuietReading, read_quiet
from core.domain.subscriptions import QuietHours
from core.services.subscriptions import KeepQuiet, ListSubscriptions


class QuietKeeper:
    """Keeps the hours the text names, said back; of a text that names none, says how to."""

    def __init__(self, keep_quiet: KeepQuiet, list_subscriptions: ListSubscriptions) -> None:
        self._keep_quiet = keep_quiet
        self._list_subscriptions = list_subscriptions

    def act(self, turn: Turn, speech: Speech) -> Events:
        """Do what the text asks for."""
        reading = read_quiet(turn.text)
        _, before = self._list_subscriptions(turn.person)
        if reading.asked is Asked.OFF:
            self._end(turn, speech, reading, before)
        elif reading.asked is Asked.SHOW or reading.empty:
            _show(speech, before)
        elif reading.never_ends:
            speech.say("utter_quiet_whole_day")
        else:
            hours = _joined(before or QuietHours(), reading)
            self._keep_quiet(turn.person, hours)
            speech.say("utter_quiet_set", hours=words.quiet(hours))
        return []

    def _end(
        self, turn: Turn, speech: Speech, reading: QuietReading, before: QuietHours | None
    ) -> None:
        if before is None:
            speech.say("utter_quiet_none")
            return
        weekdays_stay = reading.weekends and before.starts is not None
        left = replace(before, weekends=False) if weekdays_stay else None
        self._keep_quiet(turn.person, left)
        if left:
            speech.say("utter_quiet_set", hours=words.quiet(left))
        else:
            speech.say("utter_quiet_ended")


def _show(speech: Speech, hours: QuietHours | None) -> None:
    if hours is None:
        speech.say("utter_quiet_none")
    else:
        speech.say("utter_quiet_shown", hours=words.quiet(hours))


def _joined(before: QuietHours, reading: QuietReading) -> QuietHours:
    """Hours replace hours, weekends are added; what was not said stays."""
    starts, ends = reading.starts, reading.ends
    if starts is None:
        starts, ends = before.starts, before.ends
    return QuietHours(starts=starts, ends=ends, weekends=before.weekends or reading.weekends)
