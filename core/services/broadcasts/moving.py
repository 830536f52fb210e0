"""Letting a broadcast go, with a second person when it is large, and stopping it."""

from dataclasses import dataclass, replace

from core.domain.broadcasts import Broadcast, BroadcastEvent, BroadcastId, BroadcastState
from core.domain.errors import BadInputError, ConflictError
from core.ports.clock import Clock
from core.ports.unit_of_work import UnitOfWork, Units
from core.services.broadcasts.making import CountAudience

UNDER_WAY = (BroadcastState.SENDING, BroadcastState.DONE)


@dataclass(frozen=True, slots=True, kw_only=True)
class SendBroadcast:
    """Let a draft go; one for more people than `alone` waits for somebody else's approval.

    Again on one that is under way, this changes nothing.
    """

    units: Units
    clock: Clock
    count: CountAudience
    alone: int

    def __call__(self, broadcast_id: BroadcastId, *, by: str) -> Broadcast:
        """The broadcast as it is now.

        Raises:
            NotFoundError: there is none.
            BadInputError: its audience is empty.
            ConflictError: it was stopped.
        """
        with self.units() as unit:
            audience = unit.broadcasts.get(broadcast_id).audience
        people = sum(self.count(audience).values())
        if not people:
            raise BadInputError(f"the audience of broadcast {broadcast_id} is empty")
        with self.units() as unit:
            broadcast = unit.broadcasts.get(broadcast_id, hold=True)
            if broadcast.state is BroadcastState.DRAFT:
                large = people > self.alone
                state = BroadcastState.WAITING if large else BroadcastState.SENDING
                note = str(people)
                broadcast = move(unit, self.clock, broadcast, state, by=by, note=note)
            elif broadcast.state is BroadcastState.STOPPED:
                raise ConflictError(f"broadcast {broadcast_id} was stopped; make another")
            unit.commit()
        return broadcast


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproveBroadcast:
    """Let a broadcast go that waits for a second person."""

    units: Units
    clock: Clock

    def __call__(self, broadcast_id: BroadcastId, *, by: str) -> Broadcast:
        """The broadcast as it is now.

        Raises:
            NotFoundError: there is none.
            ConflictError: it does not wait, or `by` is who made it or asked for it to be sent.
        """
        with self.units() as unit:
            broadcast = unit.broadcasts.get(broadcast_id, hold=True)
            if broadcast.state in UNDER_WAY:
                return broadcast
            if broadcast.state is not BroadcastState.WAITING:
                raise ConflictError(f"broadcast {broadcast_id} does not wait for approval")
            first = {one.by for one in unit.broadcasts.events(broadcast_id)}
            if by in first | {broadcast.made_by}:
                raise ConflictError(f"broadcast {broadcast_id} needs somebody else than {by}")
            broadcast = move(unit, self.clock, broadcast, BroadcastState.SENDING, by=by)
            unit.commit()
        return broadcast


@dataclass(frozen=True, slots=True, kw_only=True)
class StopBroadcast:
    """Stop at once: whoever was not told yet is not told, whatever waits in the outbox."""

    units: Units
    clock: Clock

    def __call__(self, broadcast_id: BroadcastId, *, by: str) -> Broadcast:
        """The broadcast as it is now.

        Raises:
            NotFoundError: there is none.
        """
        with self.units() as unit:
            broadcast = unit.broadcasts.get(broadcast_id, hold=True)
            if broadcast.state is not BroadcastState.STOPPED:
                broadcast = move(unit, self.clock, broadcast, BroadcastState.STOPPED, by=by)
                unit.broadcasts.stop(broadcast_id, self.clock.now())
            unit.commit()
        return broadcast


def move(
    unit: UnitOfWork,
    clock: Clock,
    broadcast: Broadcast,
    state: BroadcastState,
    *,
    by: str,
    note: str = "",
) -> Broadcast:
    """The broadcast in another state, stored and logged."""
    moved = replace(broadcast, state=state)
    unit.broadcasts.change(moved)
    event = BroadcastEvent(at=clock.now(), by=by, step=str(state), note=note)
    unit.broadcasts.log(broadcast.id, event)
    return moved
