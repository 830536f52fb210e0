"""Messages that are not for the bot: of a person in a liaison's hands, and of the liaison."""

from collections.abc import Mapping
from dataclasses import dataclass

from core.domain.conversations import InboxEntry, Reply
from core.domain.errors import (
    HandoffClosedError,
    HandoffTakenError,
    KeqiaoError,
    NotFoundError,
)
from core.domain.handoffs import (
    SILENT,
    Handoff,
    HandoffEvent,
    HandoffState,
    Liaison,
    Step,
)
from core.domain.reminders import SHANGHAI
from core.ports.unit_of_work import UnitOfWork
from core.services.handoffs import moves
from core.services.handoffs.office import Office
from core.services.handoffs.opening import OpenHandoff, asked_key
from core.services.handoffs.reading import Command, Verb, Wish, command_of, wish_of

LISTED = 20
"""Most handoffs in the answer to a desk's 列表."""

LISTED_CHARS = 30

_REFUSALS: Mapping[type[KeqiaoError], str] = {
    NotFoundError: "unknown",
    HandoffTakenError: "taken_by_other",
    HandoffClosedError: "closed",
}
"""What a desk is told when its command cannot be done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HearHandoffs:
    """Take a message from the inbox past the bot, where it belongs to a handoff.

    Taking the message out of the inbox, keeping it and passing it on are one transaction, under
    the conversation's lock: a liaison's move comes before it or after it, never in its middle.
    """

    office: Office
    open_handoff: OpenHandoff

    def __call__(self, entry: InboxEntry) -> bool:
        """Whether the message was such a one; then it is handled."""
        return self._of_desk(entry) or self._of_person(entry)

    def queue(self, unit: UnitOfWork, entry: InboxEntry) -> None:
        """Put a message that nothing could be done with before operators; the bot goes on."""
        message = entry.message
        self.open_handoff.within(
            unit,
            message.text,
            address=message.address,
            message_id=message.message_id,
            silent=False,
        )

    def _of_person(self, entry: InboxEntry) -> bool:
        message, wish = entry.message, wish_of(entry.message.text)
        with self.office.units() as unit:
            if unit.handoffs.of(message.address) is None and wish is not Wish.END:
                return False
            handoff = unit.handoffs.of(message.address, hold=True)
            if wish is not Wish.END and (handoff is None or not handoff.silent):
                return False
            if unit.handoffs.noted(asked_key(message.address, message.message_id)):
                return False  # the asking itself, said again after a crash: the bot answers it
            if unit.inbox.finish(entry):
                if handoff is None:
                    self._answer(unit, entry, self.office.say("nothing_to_end"))
                else:
                    self._keep(unit, handoff, entry, wish)
                unit.commit()
        return True

    def _keep(
        self, unit: UnitOfWork, handoff: Handoff, entry: InboxEntry, wish: Wish | None
    ) -> None:
        waiting = handoff.state is HandoffState.WAITING
        # "不用了" to a liaison who asks something is an answer; to nobody it is the end.
        if wish is Wish.END or (wish is Wish.NEVER_MIND and waiting):
            self._end(unit, handoff, entry)
            return
        spoken_before = unit.handoffs.events(handoff.id)[-1].step is Step.SAID
        self._note(unit, handoff, entry, Step.SAID)
        due_at = handoff.due_at
        if not waiting and not spoken_before:
            due_at = self.office.unanswered_at(handoff)
        unit.handoffs.save(handoff.heard(due_at))
        key = f"said:{entry.id}"
        self.office.tell_desk(unit, handoff, "desk_said", key=key, text=entry.message.text)
        if waiting and (wish is Wish.AGAIN or not handoff.acknowledged):
            name = "again" if wish is Wish.AGAIN else "acknowledged"
            self._answer(unit, entry, self.office.say(name, number=handoff.id, desk=handoff.desk))

    def _end(self, unit: UnitOfWork, handoff: Handoff, entry: InboxEntry) -> None:
        unit.handoffs.save(handoff.handed_back())
        self._note(unit, handoff, entry, Step.ENDED)
        self.office.tell_desk(unit, handoff, "desk_ended", key=f"ended:{entry.id}")
        self._answer(unit, entry, self.office.say("ended", number=handoff.id))

    def _note(self, unit: UnitOfWork, handoff: Handoff, entry: InboxEntry, step: Step) -> None:
        unit.handoffs.note(
            HandoffEvent(
                handoff=handoff.id,
                key=f"{step}:{entry.id}",
                step=step,
                by=str(entry.message.address),
                at=self.office.clock.now(),
                text=entry.message.text,
            )
        )

    def _of_desk(self, entry: InboxEntry) -> bool:
        address = entry.message.address
        names = self.office.desks.at(address)
        command = command_of(entry.message.text) if names else None
        if command is None:
            return False
        with self.office.units() as unit:
            if unit.inbox.finish(entry):
                by = Liaison(name=str(address), desks=names)
                self._answer(unit, entry, self._obeyed(unit, command, by, entry))
                unit.commit()
        return True

    def _obeyed(self, unit: UnitOfWork, command: Command, by: Liaison, entry: InboxEntry) -> Reply:
        if command.verb is Verb.LIST:
            return self._listed(unit, by)
        if command.verb is Verb.UNCLEAR:
            return self.office.say("usage")
        name = f"done_{command.verb}"
        try:
            self._move(unit, command, by, entry)
        except tuple(_REFUSALS) as refused:
            name = _REFUSALS[type(refused)]
        return self.office.say(name, number=command.number)

    def _move(self, unit: UnitOfWork, command: Command, by: Liaison, entry: InboxEntry) -> None:
        office, number = self.office, command.number
        if command.verb is Verb.TAKE:
            moves.take(unit, number, by, office=office)
        elif command.verb is Verb.RETURN:
            moves.hand_back(unit, number, by, office=office)
        else:
            key = f"inbox:{entry.id}"
            moves.reply(unit, number, by, text=command.text, key=key, office=office)

    def _listed(self, unit: UnitOfWork, by: Liaison) -> Reply:
        states = SILENT | {HandoffState.TIMED_OUT}
        lines = [
            self.office.words["list_line"].format(
                number=one.id,
                state=self.office.words[f"state_{one.state}"],
                asked=f"{one.asked_at.astimezone(SHANGHAI):%m-%d %H:%M}",
                text=unit.handoffs.events(one.id)[0].text[:LISTED_CHARS],
            )
            for one in unit.handoffs.find(states, by.desks, limit=LISTED)
        ]
        if not lines:
            return self.office.say("list_none")
        return Reply(kind=self.office.say("list_none").kind, text="\n".join(lines))

    def _answer(self, unit: UnitOfWork, entry: InboxEntry, reply: Reply) -> None:
        address = entry.message.address
        self.office.tell(unit, address, reply, key=f"answer:{entry.id}", reply_to=entry.id)
