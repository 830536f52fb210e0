"""One turn of a dialogue as actions see it, and the base of all actions.

The body of an action is plain blocking code; it runs in a thread, so that the server's loop
never waits. What goes wrong is said politely to the person and in full to the log.
"""

import asyncio
import logging
from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, ClassVar, Self, override

from rasa_sdk.events import FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Action, Tracker
from rasa_sdk.types import DomainDict

from core.domain.conversations import Address, Button, Reply
from core.domain.errors import KeqiaoError, UnavailableError
from core.domain.tracing import tracing

log = logging.getLogger(__name__)

type Event = dict[str, Any]
type Events = list[Event]

EXCHANGES = 5
"""Earlier questions and answers that a follow-up question may lean on."""

QUIET = frozenset({"action_listen", "action_extract_slots", "action_session_start"})
"""Rasa's own actions, which say nothing about what was done in a turn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What was said, by whom and when, and what the dialogue remembers."""

    address: Address
    text: str
    said_at: datetime
    message_id: str
    intent: str
    slots: Mapping[str, Any]
    active_form: str | None
    done: tuple[str, ...]
    """Names of the actions run since the person spoke."""
    opened: tuple[str, ...] = ()
    """Names of the forms opened since the person spoke."""
    before: tuple[str, ...] = ()
    """Names of the actions run between the message before and this one."""
    sure: float = 1.0
    """How sure the intent is, from 0 to 1."""
    key_before: str = ""
    """The key of the message before this one."""
    in_group: bool = False
    """Whether others read what is said there."""
    kept_under: Address | None = None
    """Where what the speaker has is kept, when that is not where they speak."""
    asked: tuple[tuple[str, str], ...] = ()
    """The last questions to the documents with their answers, oldest first; no answer: empty."""

    @classmethod
    def of(cls, tracker: Tracker) -> Self:
        """Read a tracker; the metadata that the gateway sends names speaker and time."""
        message: Mapping[str, Any] = tracker.latest_message or {}
        metadata: Mapping[str, Any] = message.get("metadata") or {}
        events = _since_spoken(tracker.events)
        address = _address(metadata, tracker.sender_id)
        before = _since_spoken(tracker.events[: len(tracker.events) - len(events)])
        return cls(
            address=address,
            text=message.get("text") or "",
            said_at=_said_at(metadata, events),
            message_id=_message_id(message),
            intent=(message.get("intent") or {}).get("name") or "",
            sure=float((message.get("intent") or {}).get("confidence") or 1.0),
            slots=tracker.slots,
            active_form=(tracker.active_loop or {}).get("name"),
            done=_actions(events),
            opened=tuple(
                str(event["name"])
                for event in events
                if event.get("event") == "active_loop" and event.get("name")
            ),
            before=_actions(before),
            key_before=_key(address, _message_id(before[0])) if before else "",
            in_group=bool(metadata.get("in_group")),
            kept_under=Address.parse(str(metadata["person"])) if metadata.get("person") else None,
            asked=_asked(tracker.events),
        )

    @property
    def person(self) -> Address:
        """Under which address everything that the speaker has is kept."""
        return self.kept_under or self.address

    @property
    def key(self) -> str:
        """What makes an effect of this message idempotent: `channel:message_id`."""
        return _key(self.address, self.message_id)


def _key(address: Address, message_id: str) -> str:
    return f"{address.channel}:{message_id}"


def _trace(tracker: Tracker) -> str:
    """What the log lines about the message at hand share."""
    metadata = (tracker.latest_message or {}).get("metadata") or {}
    return str(metadata.get("trace") or "")


def _message_id(message: Mapping[str, Any]) -> str:
    metadata: Mapping[str, Any] = message.get("metadata") or {}
    return str(metadata.get("message_id") or message.get("message_id") or "")


def _since_spoken(events: Sequence[Event]) -> Sequence[Event]:
    at = max((n for n, e in enumerate(events) if e.get("event") == "user"), default=0)
    return events[at:]


def _asked(events: Sequence[Event]) -> tuple[tuple[str, str], ...]:
    """Questions and answers as the policy action noted them, a question before its answer."""
    asked: list[tuple[str, str]] = []
    for event in events:
        name, value = event.get("name"), event.get("value")
        if event.get("event") != "slot" or not isinstance(value, str | None):
            continue
        if name == "last_question" and value:
            asked.append((value, ""))
        elif name == "last_answer" and value and asked:
            asked[-1] = (asked[-1][0], value)
    return tuple(asked[-EXCHANGES:])


def _actions(events: Sequence[Event]) -> tuple[str, ...]:
    return tuple(
        event["name"]
        for event in events
        if event.get("event") == "action" and event.get("name") not in QUIET
    )


def _address(metadata: Mapping[str, Any], sender_id: str) -> Address:
    channel, user = metadata.get("channel"), metadata.get("user")
    if channel and user:
        return Address(channel=str(channel), user=str(user))
    return Address.parse(sender_id if ":" in sender_id else f"rasa:{sender_id}")


def _said_at(metadata: Mapping[str, Any], events: Sequence[Event]) -> datetime:
    stated = metadata.get("said_at")
    if stated:
        said_at = datetime.fromisoformat(str(stated))
        return said_at if said_at.tzinfo else said_at.replace(tzinfo=UTC)
    return datetime.fromtimestamp(float(events[0].get("timestamp") or 0) if events else 0, UTC)


def followup(name: str) -> Event:
    """The event that makes Rasa run an action next."""
    event: Event = FollowupAction(name)
    return event


def set_slot(name: str, value: object) -> Event:
    """The event that sets a slot."""
    event: Event = SlotSet(name, value)
    return event


class Speech:
    """What an action says: responses of the domain, or a reply of its own."""

    def __init__(self, dispatcher: CollectingDispatcher) -> None:
        self._dispatcher = dispatcher

    def say(self, response: str, buttons: Sequence[Button] = (), **values: object) -> None:
        """Say a response of the domain with its placeholders filled."""
        shown: dict[str, Any] = {name: str(value) for name, value in values.items()}
        self._dispatcher.utter_message(response=response, buttons=_buttons(buttons), **shown)

    def reply(self, reply: Reply) -> None:
        """Say a reply that carries citations."""
        citations = [
            {
                "document": one.document,
                "source": one.source,
                "section": one.section,
                "quote": one.quote,
                "document_id": one.document_id,
                "start": one.start,
                "end": one.end,
            }
            for one in reply.citations
        ]
        self._dispatcher.utter_message(
            json_message={
                "kind": str(reply.kind),
                "text": reply.text,
                "citations": citations,
                "buttons": _buttons(reply.buttons),
            }
        )


def _buttons(buttons: Sequence[Button]) -> list[dict[str, str]]:
    return [{"title": one.title, "payload": one.payload} for one in buttons]


class TurnAction(Action):
    """An action of ours: a name and what to do in a turn."""

    action_name: ClassVar[str]

    @override
    def name(self) -> str:
        return self.action_name

    @override
    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> Events:
        with tracing(_trace(tracker)):
            return await asyncio.to_thread(self._run, dispatcher, tracker)

    def _run(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
        speech = Speech(dispatcher)
        try:
            return self.act(Turn.of(tracker), speech)
        except UnavailableError as error:
            log.warning("%s: %s", self.action_name, error)
            speech.say("utter_try_later")
        except KeqiaoError as error:
            log.warning("%s: %s", self.action_name, error)
            speech.say("utter_failed")
        except Exception:
            log.exception("%s failed", self.action_name)
            speech.say("utter_failed")
        return self.after_failure()

    @abstractmethod
    def act(self, turn: Turn, speech: Speech) -> Events:
        """Do it; returns the events that change the dialogue."""

    def after_failure(self) -> Events:
        """The events to return when `act` failed."""
        return []
