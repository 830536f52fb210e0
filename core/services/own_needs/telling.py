"""Telling people of what was found for their needs unasked, and asking how it goes once signed."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from core.domain.conversations import Reply
from core.domain.deliveries import OutboundMessage
from core.domain.matching.matches import SHOWN
from core.domain.matching.pairings import (
    Pairing,
    PairingState,
    followed_up,
    moved,
    offered,
)
from core.domain.moves import SYSTEM
from core.domain.needs import Need
from core.domain.purposes import Purpose
from core.domain.records import Record, RecordId
from core.domain.reminders import SHANGHAI
from core.domain.subscriptions import Caps
from core.ports.clock import Clock
from core.ports.unit_of_work import UnitOfWork, Units
from core.ports.wakeups import Wakeups, Work
from core.services.matching.finding import FindMatches
from core.services.matching.records import SEARCHING, MatchRecord
from core.services.own_needs.moving import push_key
from core.services.pushes.pausing import capped_until, quiet_until

LOOKED_AT = 5
"""Of how many needs it is looked whether a new record is among their best."""
AT_ONCE = 20
APART = timedelta(days=1)
"""A need's person is told of what was found at most so often."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FindOwners:
    """Find the needs for which a new record is among the best, so that their people are told.

    The pair is noted once: who was shown the record, or declined it, is not told of it again.
    """

    units: Units
    match_record: MatchRecord
    find: FindMatches

    def __call__(self, record_ids: Iterable[RecordId]) -> None:
        """Look at records that are news."""
        with self.units() as unit:
            records = unit.records.several(record_ids)
        for record in records:
            for one in self.match_record(record, limit=LOOKED_AT):
                self._note(one.need, record)

    def _note(self, need: Need, record: Record) -> None:
        best = {one.record_id: one for one in self.find(need, limit=SHOWN)}
        now = self.find.match_need.clock.now()
        with self.units() as unit:
            unit.needs.get(need.id, hold=True)
            if record.id not in best or unit.pairings.find(need.id, record.id) is not None:
                return
            pairing = offered(need.id, best[record.id], None, opened=False, at=now)
            unit.pairings.put(replace(pairing, due_at=now))
            unit.commit()


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuePairings:
    """Move what one need's person is to be told to the outbox; in quiet hours it waits.

    Who refuses what comes unasked is told nothing.

    `report_found` gives the words for records found, `ask_how` those for one signed so many days
    ago.
    """

    units: Units
    clock: Clock
    wakeups: Wakeups
    report_found: Callable[[Need, Sequence[Record]], Reply]
    ask_how: Callable[[Need, Record, int], Reply]
    caps: Caps = field(default_factory=Caps)

    def __call__(self) -> int:
        """1 when there was somebody to tell (or to let wait), 0 when nothing is due."""
        now = self.clock.now()
        with self.units() as unit:
            due = unit.pairings.due(now, AT_ONCE)
            if not due:
                return 0
            need = unit.needs.get(due[0].need_id, hold=True)
            own = [one for one in due if one.need_id == need.id]
            if unit.people.find(need.address).refuses:
                for one in own:
                    _leave(unit, one, now)
            else:
                self._settle(unit, need, own, now)
            unit.commit()
        self.wakeups.wake(Work.OUTBOX)
        return 1

    def _settle(self, unit: UnitOfWork, need: Need, due: Sequence[Pairing], now: datetime) -> None:
        later = self._later(unit, need, due, now)
        if later is not None:
            for one in due:
                unit.pairings.put(replace(one, due_at=later))
            return
        known = {one.id: one for one in unit.records.several(one.record_id for one in due)}
        found: list[Record] = []
        for one in due:
            record = known.get(one.record_id)
            if one.state is PairingState.SIGNED:
                after = followed_up(one)
                unit.pairings.put(after)
                if record is not None:
                    unit.outbox.put(self._asking(need, after, record, now), now)
            elif one.state is PairingState.PUSHED and _serves(need, record, now):
                found += [record] if record else []
                unit.pairings.put(replace(one, due_at=None, offered_at=now))
            else:
                _leave(unit, one, now)
        if found:
            numbers = ",".join(sorted(record.id for record in found))
            key = push_key(need.id, f"match:{numbers}")
            reply = self.report_found(need, found)
            message = OutboundMessage(
                key=key,
                address=need.address,
                reply=reply,
                pushed=True,
                purpose=Purpose.MATCH,
            )
            unit.outbox.put(message, now)

    def _later(
        self, unit: UnitOfWork, need: Need, due: Sequence[Pairing], now: datetime
    ) -> datetime | None:
        """Until when it waits: quiet hours, enough pushes, or matches shown within a day."""
        until = quiet_until(unit, need.address, now)
        until = until or capped_until(unit, need.address, self.caps, now)
        if until is not None or any(one.state is PairingState.SIGNED for one in due):
            return until
        waiting = {one.record_id for one in due}
        shown = (
            one.offered_at for one in unit.pairings.of(need.id) if one.record_id not in waiting
        )
        last = max((*shown, *([need.offered_at] if need.offered_at else [])), default=None)
        return last + APART if last is not None and last + APART > now else None

    def _asking(
        self, need: Need, pairing: Pairing, record: Record, now: datetime
    ) -> OutboundMessage:
        signed = max(one.at for one in pairing.steps if one.state is PairingState.SIGNED)
        return OutboundMessage(
            key=push_key(need.id, f"after:{record.id}:{pairing.followed}"),
            address=need.address,
            reply=self.ask_how(need, record, (now - signed).days),
            pushed=True,
            purpose=Purpose.MATCH,
        )


def _serves(need: Need, record: Record | None, now: datetime) -> bool:
    today = now.astimezone(SHANGHAI).date()
    return need.status in SEARCHING and record is not None and record.current_at(now, today)


def _leave(unit: UnitOfWork, one: Pairing, now: datetime) -> None:
    """Nothing is to be told any more; what nobody was told of has come to nothing."""
    if one.state is PairingState.PUSHED:
        one = moved(one, PairingState.ENDED, by=SYSTEM, at=now)
    unit.pairings.put(replace(one, due_at=None))
