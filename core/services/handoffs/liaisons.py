"""What a liaison does, wherever it is said: by HTTP or on the command line."""

from dataclasses import dataclass

from core.domain.handoffs import Handoff, HandoffEvent, HandoffId, Liaison
from core.ports.wakeups import Work
from core.services.handoffs import moves
from core.services.handoffs.office import Office


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeHandoff:
    """Take a handoff."""

    office: Office

    def __call__(self, number: HandoffId, *, by: Liaison) -> Handoff:
        """Take it; raises as `moves.take` does."""
        with self.office.units() as unit:
            handoff = moves.take(unit, number, by, office=self.office)
            unit.commit()
        self.office.wakeups.wake(Work.OUTBOX)
        return handoff


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyToPerson:
    """Answer a person."""

    office: Office

    def __call__(self, number: HandoffId, text: str, *, by: Liaison, key: str) -> HandoffEvent:
        """Say it once a key; raises as `moves.reply` does."""
        with self.office.units() as unit:
            event = moves.reply(unit, number, by, text=text, key=key, office=self.office)
            unit.commit()
        self.office.wakeups.wake(Work.OUTBOX)
        return event


@dataclass(frozen=True, slots=True, kw_only=True)
class HandBack:
    """Give a conversation back to the bot."""

    office: Office

    def __call__(self, number: HandoffId, *, by: Liaison) -> Handoff:
        """End the handoff; raises as `moves.hand_back` does."""
        with self.office.units() as unit:
            handoff = moves.hand_back(unit, number, by, office=self.office)
            unit.commit()
        self.office.wakeups.wake(Work.OUTBOX)
        return handoff
