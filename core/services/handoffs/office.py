"""What all that is done with handoffs shares: the ports, the desks, their words and patience."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.domain.conversations import Address, InboundId, Reply, ReplyKind, Speaker
from core.domain.deliveries import OutboundMessage
from core.domain.desks import Desks
from core.domain.handoffs import Handoff, HandoffEvent, Line, Step
from core.domain.purposes import Purpose
from core.ports.clock import Clock
from core.ports.unit_of_work import UnitOfWork, Units
from core.ports.wakeups import Wakeups

SHOWN_LINES = 6
"""Lines of the conversation before that a desk is told at once; the rest can be looked up."""

SHOWN_CHARS = 200
"""Longest of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """The house's side of handoffs.

    `words` are the templates by name. Nobody took it for `untaken`, or answered for `unanswered`
    (both counted in office hours): it times out.
    """

    units: Units
    clock: Clock
    wakeups: Wakeups
    desks: Desks
    words: Mapping[str, str]
    untaken: timedelta = timedelta(minutes=10)
    unanswered: timedelta = timedelta(minutes=30)

    def say(self, name: str, **facts: object) -> Reply:
        """A template filled."""
        return Reply(kind=ReplyKind.NOTICE, text=self.words[name].format(**facts))

    def unanswered_at(self, handoff: Handoff) -> datetime:
        """When one that is taken now, or hears from the person now, times out."""
        return self.desks.named(handoff.desk).after(self.clock.now(), self.unanswered)

    def note(
        self, unit: UnitOfWork, handoff: Handoff, step: Step, *, by: str
    ) -> HandoffEvent | None:
        """Append what happened to a handoff that is held; its number in order makes it one."""
        number = len(unit.handoffs.events(handoff.id))
        return unit.handoffs.note(
            HandoffEvent(
                handoff=handoff.id,
                key=f"{step}:{handoff.id}:{number}",
                step=step,
                by=by,
                at=self.clock.now(),
            )
        )

    def tell(
        self,
        unit: UnitOfWork,
        address: Address,
        reply: Reply,
        *,
        key: str,
        reply_to: InboundId | None = None,
    ) -> None:
        """Queue a message, once a key."""
        message = OutboundMessage(
            key=f"handoff:{key}",
            address=address,
            reply=reply,
            reply_to=reply_to,
            purpose=Purpose.ANSWER,
        )
        unit.outbox.put(message, self.clock.now())

    def tell_desk(
        self, unit: UnitOfWork, handoff: Handoff, name: str, *, key: str, **facts: object
    ) -> None:
        """Queue a message to the handoff's desk, if it is told anything."""
        desk = self.desks.named(handoff.desk)
        if desk.told is not None:
            reply = self.say(name, number=handoff.id, **facts)
            self.tell(unit, desk.told, reply, key=f"{key}:desk")

    def shown(self, lines: tuple[Line, ...]) -> str:
        """The end of a conversation as a desk reads it."""
        names = {Speaker.USER: "line_user", Speaker.ASSISTANT: "line_assistant"}
        told = [
            self.words[names[line.speaker]].format(text=" ".join(line.text.split())[:SHOWN_CHARS])
            for line in lines[-SHOWN_LINES:]
        ]
        return "\n".join(told) or self.words["before_none"]
