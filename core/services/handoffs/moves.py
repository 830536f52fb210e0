"""What liaisons do with a handoff, each inside a unit of work."""

from core.domain.errors import NotFoundError
from core.domain.handoffs import Handoff, HandoffEvent, HandoffId, HandoffState, Liaison, Step
from core.ports.unit_of_work import UnitOfWork
from core.services.handoffs.office import Office


def take(unit: UnitOfWork, number: HandoffId, by: Liaison, *, office: Office) -> Handoff:
    """Put it into that liaison's hands and tell the person; once, however often it is said.

    Raises:
        NotFoundError: there is none at this liaison's desks.
        HandoffTakenError: somebody else has it.
        HandoffClosedError: it is over.
    """
    handoff = _held(unit, number, by)
    moved = handoff.taken(by.name, office.unanswered_at(handoff))
    if handoff.state is HandoffState.TAKEN:
        return handoff
    unit.handoffs.save(moved)
    event = office.note(unit, moved, Step.TAKEN, by=by.name)
    if event is not None:
        told = office.say("taken", number=moved.id)
        office.tell(unit, moved.address, told, key=event.key)
        _tell_colleagues(unit, moved, "desk_taken", event, office=office)
    return moved


def reply(
    unit: UnitOfWork,
    number: HandoffId,
    by: Liaison,
    *,
    text: str,
    key: str,
    office: Office,
) -> HandoffEvent:
    """Say `text` to the person, once a key, taking the handoff if nobody has; what was said.

    Raises:
        NotFoundError: there is none at this liaison's desks.
        HandoffTakenError: somebody else has it.
        HandoffClosedError: it is over.
    """
    handoff = _held(unit, number, by)
    key = f"replied:{handoff.id}:{by.name}:{key}"
    known = unit.handoffs.noted(key)
    if known is not None:
        return known
    taken = take(unit, number, by, office=office)
    unit.handoffs.save(taken.taken(by.name, office.unanswered_at(taken)))
    event = HandoffEvent(
        handoff=taken.id,
        key=key,
        step=Step.REPLIED,
        by=by.name,
        at=office.clock.now(),
        text=text,
    )
    stored = unit.handoffs.note(event) or event
    office.tell(unit, taken.address, office.say("reply", text=text), key=key)
    _tell_colleagues(unit, taken, "desk_replied", stored, office=office)
    return stored


def hand_back(unit: UnitOfWork, number: HandoffId, by: Liaison, *, office: Office) -> Handoff:
    """End it; the person is told when the bot was silent.

    Raises:
        NotFoundError: there is none at this liaison's desks.
        HandoffClosedError: it is over already.
    """
    handoff = _held(unit, number, by)
    moved = handoff.handed_back()
    unit.handoffs.save(moved)
    event = office.note(unit, moved, Step.HANDED_BACK, by=by.name)
    if event is not None:
        if handoff.silent:
            told = office.say("handed_back", number=moved.id)
            office.tell(unit, moved.address, told, key=event.key)
        _tell_colleagues(unit, moved, "desk_handed_back", event, office=office)
    return moved


def _held(unit: UnitOfWork, number: HandoffId, by: Liaison) -> Handoff:
    handoff = unit.handoffs.get(number, hold=True)
    if not by.serves(handoff.desk):
        raise NotFoundError(f"no handoff has the number {number}")
    return handoff


def _tell_colleagues(
    unit: UnitOfWork, handoff: Handoff, name: str, event: HandoffEvent, *, office: Office
) -> None:
    """The desk hears what was done elsewhere; what it did itself it knows."""
    told = office.desks.named(handoff.desk).told
    if event.by != str(told):
        facts = {"by": event.by, "text": event.text}
        office.tell_desk(unit, handoff, name, key=event.key, **facts)
