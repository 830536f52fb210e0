"""Moving a need along its life, with a log, and telling its person."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from core.domain.conversations import Address, Reply
from core.domain.deliveries import OutboundMessage
from core.domain.errors import NotFoundError
from core.domain.moves import NeedEvent, check_move
from core.domain.needs import Need, NeedId, NeedStatus
from core.ports.clock import Clock
from core.ports.unit_of_work import UnitOfWork, Units
from core.ports.wakeups import Wakeups, Work

LONGEST_NOTE = 500
"""Characters of a note or a reason that are kept."""

TAKEN_BACK = "withdrawn"
"""Why a line waits for operators: a need was taken back while in talks."""


def move(
    unit: UnitOfWork, need: Need, to: NeedStatus, *, by: str, note: str = "", now: datetime
) -> tuple[Need, NeedEvent]:
    """Move a need that is held, and write it into the log.

    Raises:
        IllegalMoveError: it cannot go there.
    """
    check_move(need, to)
    moved = replace(need, status=to)
    event = NeedEvent(
        key=f"move:{need.id}:{to}",
        need_id=need.id,
        at=now,
        by=by,
        before=need.status,
        after=to,
        note=note.strip()[:LONGEST_NOTE],
    )
    unit.needs.save(moved)
    unit.needs.log(event)
    return moved, event


def push_key(need_id: NeedId, what: str = "") -> str:
    """What makes a message about a need unique; without `what`, how all of them begin."""
    return f"need:{need_id}:{what}"


def own(unit: UnitOfWork, need_id: NeedId, address: Address) -> Need:
    """A person's own need, held until the unit ends.

    Raises:
        NotFoundError: there is none, or it is somebody else's, which is not told apart.
    """
    need = unit.needs.get(need_id, hold=True)
    if need.address != address:
        raise NotFoundError(f"{address} has no need of the id {need_id}")
    return need


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveNeed:
    """An operator's move: the need, the log and the words to its person are one transaction.

    `report` gives the words.
    """

    units: Units
    clock: Clock
    wakeups: Wakeups
    report: Callable[[Need, NeedEvent], Reply]

    def __call__(self, need_id: NeedId, to: NeedStatus, *, by: str, note: str = "") -> Need:
        """Move it; one that is there already stays, and nobody is told again.

        Raises:
            NotFoundError: there is no such need.
            IllegalMoveError: it cannot go there.
        """
        with self.units() as unit:
            need = unit.needs.get(need_id, hold=True)
            if need.status is to:
                return need
            now = self.clock.now()
            moved, event = move(unit, need, to, by=by, note=note, now=now)
            message = OutboundMessage(
                key=push_key(need.id, str(to)),
                address=need.address,
                reply=self.report(moved, event),
            )
            unit.outbox.put(message, now)
            unit.commit()
        self.wakeups.wake(Work.OUTBOX)
        return moved


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawNeed:
    """Take a need back: it is no longer matched, and what is queued about it is not sent."""

    units: Units
    clock: Clock

    def __call__(self, need_id: NeedId, *, address: Address, note: str, request: str) -> Need:
        """Withdraw it; one that is withdrawn stays so.

        When it was in talks, `request` is queued for operators, who tell the other side.

        Raises:
            NotFoundError: the person has no such need.
            IllegalMoveError: it has landed or was closed.
        """
        with self.units() as unit:
            need = own(unit, need_id, address)
            if need.status is NeedStatus.WITHDRAWN:
                return need
            now = self.clock.now()
            to = NeedStatus.WITHDRAWN
            moved, event = move(unit, need, to, by=str(address), note=note, now=now)
            for delivery in unit.outbox.queued(address):
                if delivery.message.key.startswith(push_key(need.id)):
                    unit.outbox.take_back(delivery, now)
            if event.before is NeedStatus.IN_TALKS:
                key = f"{TAKEN_BACK}:{need.id}"
                unit.questions.put(address, request, TAKEN_BACK, now, key=key)
            unit.commit()
        return moved
