"""In at the inbox, through the bot, out at the outbox."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from core.domain.conversations import (
    Button,
    InboundId,
    InboundMessage,
    InboxEntry,
    MessageKind,
    Reply,
    ReplyKind,
    Speaker,
)
from core.domain.deliveries import OutboundMessage
from core.domain.documents import Answer, Exchange
from core.domain.errors import DialogueUnavailableError
from core.domain.purposes import Purpose
from core.domain.tracing import tracing
from core.ports.clock import Clock
from core.ports.dialogue import Dialogue
from core.ports.knowledge_base import KnowledgeBase
from core.ports.unit_of_work import UnitOfWork, Units
from core.ports.wakeups import Wakeups, Work
from core.services.handoffs.hearing import HearHandoffs
from core.services.people.choosing import reopen

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=90)
"""Longer than a slow turn: the bot's record and the bot itself may each take up to 30 s."""

PAUSE = timedelta(seconds=5)
"""How long a message waits for a bot that is down before it is tried again."""

RECALLED = 5
"""Exchanges of a conversation that an answer without the bot may lean on."""

_LINES = 4 * RECALLED
"""Lines of history in which they are looked for: a message may have more than one reply."""

PATIENCE = timedelta(minutes=10)
"""A message that could not be handled for so long goes to a person of the association."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptInbound:
    """Store a message that came through a channel's door; after this returns it cannot be lost."""

    units: Units
    clock: Clock
    wakeups: Wakeups

    def __call__(self, message: InboundMessage) -> InboxEntry:
        """Accept once; the same platform message id gives the same entry."""
        with self.units() as unit:
            entry = unit.inbox.accept(message, self.clock.now())
            unit.commit()
        with tracing(entry.trace):
            log.info("received on %s", message.address.channel)
        self.wakeups.wake(Work.INBOX)
        return entry


@dataclass(frozen=True, slots=True, kw_only=True)
class HandleInbound:
    """Take one conversation from the inbox and answer all that waits in it, in order.

    While the bot is down, questions are answered from the documents; every other message waits in
    the inbox, its sender is told so once, and after `PATIENCE` it is handed to a person. What
    belongs to a handoff never reaches the bot. `notices` holds the words, by name; `since` is
    when this process began to handle messages.
    """

    units: Units
    clock: Clock
    dialogue: Dialogue
    knowledge: KnowledgeBase
    wakeups: Wakeups
    handoffs: HearHandoffs
    notices: Mapping[str, str]
    since: datetime

    def __call__(self) -> bool:
        """Handle one conversation; False when none was waiting."""
        with self.units() as unit:
            entries = unit.inbox.claim(self.clock.now(), LEASE)
            unit.commit()
        bot_is_up = True
        for number, entry in enumerate(self._known(entries)):
            if number and not self._keep(entry):
                break  # the turns before took too long: somebody else has the conversation now
            with tracing(entry.trace):
                bot_is_up = self._handle_or_hand_over(entry, bot_is_up=bot_is_up)
            self.wakeups.wake(Work.OUTBOX)
        return bool(entries)

    def _known(self, entries: Sequence[InboxEntry]) -> list[InboxEntry]:
        """The entries of one address, with where what its person has is kept."""
        if not entries:
            return []
        address = entries[0].message.address
        with self.units() as unit:
            person = unit.bonds.of(address)
            if person is None:
                return list(entries)
            reopen(unit, person, address)
            unit.commit()
        known = partial(replace, person=person.home, conversation=person.conversation)
        return [replace(one, message=known(one.message)) for one in entries]

    def _keep(self, entry: InboxEntry) -> bool:
        with self.units() as unit:
            kept = unit.inbox.renew(entry, self.clock.now() + LEASE)
            unit.commit()
        return kept

    def _handle_or_hand_over(self, entry: InboxEntry, *, bot_is_up: bool) -> bool:
        try:
            return self._handle(entry, bot_is_up=bot_is_up)
        except Exception:
            # One message must not hold a conversation up for ever, whatever is wrong with it.
            if self._overdue(entry):
                self._hand_over(entry)
                return bot_is_up
            self._defer(entry)
            raise

    def _handle(self, entry: InboxEntry, *, bot_is_up: bool) -> bool:
        if entry.message.kind is not MessageKind.TEXT:
            self._finish(entry, (self._notice("text_only"),))
            return bot_is_up
        if self.handoffs(entry):
            return bot_is_up
        if bot_is_up:
            try:
                replies = self.dialogue.reply(entry.message, retried=entry.attempts > 1)
            except DialogueUnavailableError:
                bot_is_up = False
            else:
                self._finish(entry, replies)
                return True
        self._handle_without_bot(entry)
        return bot_is_up

    def _handle_without_bot(self, entry: InboxEntry) -> None:
        answer = self._answer(entry)
        if answer is not None:
            self._finish(entry, (reply_of(answer), self._notice("forms_paused")))
        elif self._overdue(entry):
            self._hand_over(entry)
        else:
            self._defer(entry)

    def _answer(self, entry: InboxEntry) -> Answer | None:
        message = entry.message
        if not self.knowledge.reads_as_question(message.text):
            return None  # a need or an order, however near some document may be
        history = self._before(entry)
        answer = self.knowledge.answer(message.text, now=message.said_at, history=history)
        return None if answer.abstained else answer

    def _before(self, entry: InboxEntry) -> tuple[Exchange, ...]:
        """The last questions that were answered, oldest first."""
        with self.units() as unit:
            lines = unit.inbox.history(entry.message.address, _LINES)
        said = {
            InboundId(line.id): line.text
            for line in lines
            if line.speaker is Speaker.USER and line.id != entry.id
        }
        told = {
            line.reply_to: "" if line.reply.kind is ReplyKind.ABSTAIN else line.text
            for line in reversed(lines)
            if line.reply is not None and line.reply.kind in {ReplyKind.ANSWER, ReplyKind.ABSTAIN}
        }
        exchanges = [Exchange(question=said[at], answer=told[at]) for at in said if at in told]
        return tuple(exchanges[-RECALLED:])

    def _overdue(self, entry: InboxEntry) -> bool:
        # A house that was down itself has not tried yet: it counts from its own start.
        return self.clock.now() - max(entry.received_at, self.since) > PATIENCE

    def _hand_over(self, entry: InboxEntry) -> None:
        with self.units() as unit:
            if not unit.inbox.finish(entry):
                return
            self.handoffs.queue(unit, entry)
            self._put(unit, entry, self._notice("handed_over"), part="handed-over")
            unit.commit()

    def _defer(self, entry: InboxEntry) -> None:
        with self.units() as unit:
            if not unit.inbox.release(entry, self.clock.now() + PAUSE):
                return
            self._put(unit, entry, self._notice("message_waits"), part="waits")
            unit.commit()

    def _finish(self, entry: InboxEntry, replies: tuple[Reply, ...]) -> None:
        with self.units() as unit:
            if not unit.inbox.finish(entry):
                return
            for number, reply in enumerate(replies):
                self._put(unit, entry, reply, part=str(number))
            unit.commit()
        log.info("handled in attempt %d, replies: %d", entry.attempts, len(replies))

    def _put(self, unit: UnitOfWork, entry: InboxEntry, reply: Reply, *, part: str) -> None:
        message = OutboundMessage(
            key=f"reply:{entry.id}:{part}",
            address=entry.message.address,
            reply=reply,
            reply_to=entry.id,
            purpose=Purpose.ANSWER,
        )
        unit.outbox.put(message, self.clock.now())

    def _notice(self, name: str) -> Reply:
        return Reply(kind=ReplyKind.NOTICE, text=self.notices[name])


def reply_of(answer: Answer, buttons: tuple[Button, ...] = ()) -> Reply:
    """An answer as a reply: what the person reads, its notes below, its citations beside."""
    kind = ReplyKind.ABSTAIN if answer.abstained else ReplyKind.ANSWER
    text = "\n".join((answer.text, *answer.notes))
    return Reply(kind=kind, text=text, citations=answer.citations, buttons=buttons)
