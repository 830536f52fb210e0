"""Asking for a person."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from core.domain.conversations import Address, Speaker
from core.domain.desks import Desk
from core.domain.handoffs import Handoff, HandoffEvent, HandoffId, HandoffState, Line, Step
from core.ports.unit_of_work import UnitOfWork
from core.ports.wakeups import Work
from core.services.handoffs.office import Office
from core.services.handoffs.routing import ChooseDesk

KEPT_LINES = 20
"""Lines of the conversation before that go with a handoff."""


class Outcome(StrEnum):
    """What whoever asked is to be told."""

    QUEUED = "queued"
    AGAIN = "again"
    CLOSED = "closed"
    UNATTENDED = "unattended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A handoff that was asked for, at which desk; `opens_at` says when somebody is there."""

    handoff: Handoff
    desk: Desk
    outcome: Outcome
    opens_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenHandoff:
    """Hand a conversation to a desk, once a message; who has an open handoff gets no second.

    Outside office hours, and where nobody attends the desk, it only joins the queue: the bot goes
    on until a liaison takes it.
    """

    office: Office
    choose: ChooseDesk

    def __call__(self, text: str, *, address: Address, message_id: str) -> Asked:
        """Open it, or add the text to the one there is."""
        with self.office.units() as unit:
            asked = self.within(unit, text, address=address, message_id=message_id)
            unit.commit()
        self.office.wakeups.wake(Work.OUTBOX)
        return asked

    def within(
        self,
        unit: UnitOfWork,
        text: str,
        *,
        address: Address,
        message_id: str,
        silent: bool = True,
    ) -> Asked:
        """The same inside a unit; not `silent` when the person has not asked for it."""
        key = asked_key(address, message_id)
        known = unit.handoffs.of(address, hold=True)
        noted = unit.handoffs.noted(key)
        if noted is not None:
            return self._asked(unit.handoffs.get(noted.handoff))
        if known is not None and known.silent:
            self._note(unit, known, key, text)
            self.office.tell_desk(unit, known, "desk_asked_again", key=key, text=text)
            return self._asked(known, again=True)
        handoff = self._opened(unit, known, text, address, silent=silent)
        self._note(unit, handoff, key, text)
        self.office.tell_desk(
            unit,
            handoff,
            "desk_asked",
            key=key,
            text=text,
            channel=address.channel,
            why=handoff.why,
            before=self.office.shown(handoff.before),
        )
        return self._asked(handoff)

    def _opened(
        self,
        unit: UnitOfWork,
        known: Handoff | None,
        text: str,
        address: Address,
        *,
        silent: bool,
    ) -> Handoff:
        """A new handoff, or the one that timed out begun anew under its number."""
        before = _before(unit, address, text)
        said = [line.text for line in reversed(before) if line.speaker is Speaker.USER]
        desk, why = self.choose(unit, address, text, said)
        now = self.office.clock.now()
        attended = silent and desk.attended and desk.opens_after(now) == now
        handoff = Handoff(
            id=HandoffId(0),
            address=address,
            desk=desk.name,
            why=why,
            asked_at=now,
            state=HandoffState.WAITING if attended else HandoffState.TIMED_OUT,
            due_at=desk.after(now, self.office.untaken) if attended else None,
            before=before,
        )
        if known is None:
            return unit.handoffs.open(handoff)
        again = replace(handoff, id=known.id)
        unit.handoffs.save(again)
        return again

    def _note(self, unit: UnitOfWork, handoff: Handoff, key: str, text: str) -> None:
        unit.handoffs.note(
            HandoffEvent(
                handoff=handoff.id,
                key=key,
                step=Step.ASKED,
                by=str(handoff.address),
                at=self.office.clock.now(),
                text=text,
            )
        )

    def _asked(self, handoff: Handoff, *, again: bool = False) -> Asked:
        desk, now = self.office.desks.named(handoff.desk), self.office.clock.now()
        opens_at = desk.opens_after(now)
        if handoff.silent:
            outcome = Outcome.AGAIN if again else Outcome.QUEUED
        else:
            outcome = Outcome.CLOSED if desk.attended and opens_at > now else Outcome.UNATTENDED
        return Asked(handoff=handoff, desk=desk, outcome=outcome, opens_at=opens_at)


def asked_key(address: Address, message_id: str) -> str:
    """What makes one message ask once."""
    return f"asked:{address.channel}:{message_id}"


def _before(unit: UnitOfWork, address: Address, text: str) -> tuple[Line, ...]:
    """The end of the conversation, without the asking itself."""
    lines = [
        Line(speaker=line.speaker, text=line.text, at=line.at)
        for line in unit.inbox.history(address, KEPT_LINES + 1)
        if line.text
    ]
    if lines and lines[-1].speaker is Speaker.USER and text.startswith(lines[-1].text):
        lines.pop()
    return tuple(lines[-KEPT_LINES:])
