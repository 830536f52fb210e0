"""A house with desks: a person, a scripted bot, and liaisons who write from their own IM."""

from datetime import datetime
from typing import Any

from core.domain.conversations import Address, InboxEntry
from core.domain.handoffs import Handoff, HandoffEvent, HandoffState, Step
from core.ports.unit_of_work import Units
from core.services.conversations import AcceptInbound, HandleInbound
from core.services.handoffs.hearing import HearHandoffs
from core.services.handoffs.liaisons import HandBack, ReplyToPerson, TakeHandoff
from core.services.handoffs.opening import Asked
from core.services.handoffs.timing import TimeOutHandoffs
from keqiao.desks.office import make_hearing, make_opening
from tests.factories import LI, NOTICES, make_message
from tests.fakes.clock import FakeClock
from tests.fakes.dialogue import FakeDialogue
from tests.fakes.knowledge_base import FakeKnowledgeBase
from tests.fakes.wakeups import RecordingWakeups
from tests.offices import LIAISONS, make_office


class DeskHouse:
    """Messages in at the inbox, and what is queued for whom."""

    def __init__(self, units: Units, **office: Any) -> None:
        self.units = units
        self.clock = FakeClock()
        self.wakeups = RecordingWakeups()
        self.dialogue = FakeDialogue()
        self.office = make_office(units, self.clock, wakeups=self.wakeups, **office)
        self.hearing: HearHandoffs = make_hearing(self.office)
        self.accept = AcceptInbound(units=units, clock=self.clock, wakeups=self.wakeups)
        self.handle = HandleInbound(
            units=units,
            clock=self.clock,
            dialogue=self.dialogue,
            knowledge=FakeKnowledgeBase(),
            wakeups=self.wakeups,
            handoffs=self.hearing,
            notices=NOTICES,
            since=self.clock.now(),
        )
        self.open = make_opening(self.office)
        self.take = TakeHandoff(office=self.office)
        self.reply = ReplyToPerson(office=self.office)
        self.hand_back = HandBack(office=self.office)
        self.time_out = TimeOutHandoffs(office=self.office)

    def ask(self, text: str = "转人工", address: Address = LI, message_id: str = "ask") -> Asked:
        """The bot's action opens a handoff."""
        return self.open(text, address=address, message_id=message_id)

    def say(self, text: str, address: Address = LI, **changes: Any) -> list[str]:
        """A message comes in and is handled; what answers it."""
        entry = self.accept(make_message(text, address=address, **changes))
        while self.handle():
            pass
        return self.answers(entry)

    def answers(self, entry: InboxEntry) -> list[str]:
        """The texts that answer an entry."""
        with self.units() as unit:
            return [d.message.reply.text for d in unit.outbox.replies_to(entry.id)]

    def told(self, address: Address = LIAISONS) -> list[str]:
        """Everything queued for an address, oldest first."""
        with self.units() as unit:
            return [d.message.reply.text for d in unit.outbox.queued(address)]

    def one(self) -> Handoff:
        """The only handoff."""
        with self.units() as unit:
            (handoff,) = unit.handoffs.find(HandoffState)
        return handoff

    def events(self) -> list[HandoffEvent]:
        """What happened to it."""
        handoff = self.one()
        with self.units() as unit:
            return unit.handoffs.events(handoff.id)

    def steps(self) -> list[Step]:
        """The same in short."""
        return [event.step for event in self.events()]

    @property
    def heard_by_bot(self) -> list[str]:
        """What the bot was told."""
        return [message.text for message, _ in self.dialogue.said]

    @property
    def now(self) -> datetime:
        """The present."""
        return self.clock.now()
