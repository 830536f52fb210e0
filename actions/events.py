"""Listing events and calls that are still to come."""

from typing import ClassVar, override

from actions import wording
from actions.topics import Topics, library_of, read_topics
from actions.turn import Events, Speech, Turn, TurnAction, set_slot
from actions.understanding.picking import NOT_THERE, placed
from core.domain.conversations import Button
from core.domain.records import Library
from core.services.events import ListEvents

SHOWN = 5
"""How many are listed at once."""
EVERYTHING = 1_000
LISTERS = frozenset({"action_list_events", "action_offer_need"})
"""What may have listed events in the turn before."""

EVENTS_SHOWN = "events_shown"
RESPONSES = {
    (Library.EVENTS, False): "utter_events_list",
    (Library.EVENTS, True): "utter_events_list_soonest",
    (Library.CALLS, False): "utter_calls_list",
    (Library.CALLS, True): "utter_calls_list_soonest",
}
"""What lists a library: everything found, or the soonest of it."""


class ListEventsAction(TurnAction):
    """Lists what the text asks for, and remembers it for reminders."""

    action_name: ClassVar[str] = "action_list_events"

    def __init__(self, list_events: ListEvents) -> None:
        self._list_events = list_events

    @override
    def act(self, turn: Turn, speech: Speech) -> Events:
        library = library_of(turn.text)
        if self.tells_more(turn):
            return self._tell_more(turn, speech)
        coming = self._list_events(now=turn.said_at, library=library, limit=EVERYTHING)
        topics = read_topics(turn.text, coming, turn.said_at)
        found = topics.select(coming)
        if not found:
            name = wording.library(library)
            topic = wording.join(topics.words) or name
            response = "utter_events_none_on_topic" if coming else "utter_events_none"
            buttons = [_subscribe_button(topics)] if coming else []
            speech.say(response, buttons, topic=topic, name=name, count=len(coming))
            return [set_slot(EVENTS_SHOWN, [])]
        shown = found[:SHOWN]
        speech.say(
            RESPONSES[library, len(found) > SHOWN],
            [_remind_button(len(shown))],
            count=len(found),
            shown=len(shown),
            listing=wording.records(shown),
        )
        return [set_slot(EVENTS_SHOWN, [record.id for record in shown])]

    def tells_more(self, turn: Turn) -> bool:
        """Whether the text speaks of one by its place in the list just shown: 第二个在哪里."""
        shown = turn.slots.get(EVENTS_SHOWN) or ()
        return bool(shown and LISTERS & set(turn.before) and placed(turn.text, shown))

    def _tell_more(self, turn: Turn, speech: Speech) -> Events:
        shown = list(turn.slots[EVENTS_SHOWN])
        if NOT_THERE in placed(turn.text, shown):
            speech.say("utter_reminder_no_such", count=len(shown))
            return []
        by_id = {
            record.id: record
            for library in (Library.EVENTS, Library.CALLS)
            for record in self._list_events(now=turn.said_at, library=library, limit=EVERYTHING)
        }
        meant = [by_id[shown[at]] for at in placed(turn.text, shown) if shown[at] in by_id]
        if meant:
            speech.say("utter_events_more", listing=wording.records(meant, summaries=True))
        else:
            speech.say("utter_events_over")
        return []


def _subscribe_button(topics: Topics) -> Button:
    parts = wording.words()["event"]
    topic = topics.groups[-1][0] if topics.groups else wording.words()["everything"]
    title = parts["subscribe_button"].format(topic=topic)
    return Button(title=title, payload=title)


def _remind_button(count: int) -> Button:
    parts = wording.words()["event"]
    title = parts["remind_button"]
    payload = title if count == 1 else parts["remind_nth"].format(n=1)
    return Button(title=title, payload=payload)
