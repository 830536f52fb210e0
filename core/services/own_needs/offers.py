"""Matches offered to a need's person, and what the person says to them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from core.domain.conversations import Address
from core.domain.errors import NotFoundError
from core.domain.matching.matches import SHOWN, Match
from core.domain.matching.pairings import (
    PAIRING_MOVES,
    Pairing,
    PairingState,
    moved,
)
from core.domain.moves import SYSTEM, IllegalMoveError, has_ended
from core.domain.needs import Need, NeedId, NeedStatus
from core.domain.records import Record, RecordId
from core.domain.reminders import SHANGHAI
from core.ports.clock import Clock
from core.ports.unit_of_work import UnitOfWork, Units
from core.services.matching.finding import FindMatches
from core.services.matching.keeping import remember
from core.services.own_needs.moving import LONGEST_NOTE, move, own

WANTED = "match"
"""Why a line waits for operators: a person asks to be brought together with a match."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferMatches:
    """Matches for a need's person to see: remembered in their order.

    A published need that has some becomes matched.
    """

    units: Units
    clock: Clock
    find: FindMatches

    def __call__(self, need: Need) -> tuple[Match, ...]:
        """Best first, `SHOWN` at most; none for a need that has ended."""
        found = self.find(need, limit=SHOWN)
        now = self.clock.now()
        with self.units() as unit:
            held = unit.needs.get(need.id, hold=True)
            unit.needs.offer(need.id, [one.record_id for one in found], now)
            remember(unit, need.id, found, opened=True, at=now)
            if found and held.status is NeedStatus.PUBLISHED:
                move(unit, held, NeedStatus.MATCHED, by=SYSTEM, now=now)
            unit.commit()
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What was shown to a person last: the need and its matches in their order."""

    need: Need
    records: tuple[Record, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LastOffer:
    """What was shown to a person last, whenever and however."""

    units: Units

    def __call__(self, address: Address) -> Offer | None:
        """The newest offer of the person's needs; None when nothing was shown."""
        with self.units() as unit:
            shown = [need for need in unit.needs.of(address) if need.offered]
            need = max(shown, key=lambda one: one.offered_at or one.created_at, default=None)
            if need is None:
                return None
            return Offer(need=need, records=tuple(map(unit.records.get, need.offered)))


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptMatch:
    """A person wants to be brought together with a match: talks begin through the operators."""

    units: Units
    clock: Clock

    def __call__(
        self, need_id: NeedId, record_id: RecordId, *, address: Address, request: str
    ) -> Need:
        """Keep it once, move the need to talks, and queue `request` for operators.

        Raises:
            NotFoundError: the person has no such need, or the record is not offered any more.
            IllegalMoveError: the need has ended.
        """
        with self.units() as unit:
            need = _open(unit, need_id, address)
            now = self.clock.now()
            record = unit.records.get(record_id)
            if not record.current_at(now, now.astimezone(SHANGHAI).date()):
                raise NotFoundError(f"record {record_id} is not offered any more")
            if need.status is not NeedStatus.IN_TALKS:
                to = NeedStatus.IN_TALKS
                need, _ = move(unit, need, to, by=str(address), note=record.title, now=now)
            answer(unit, need, record_id, PairingState.ACCEPTED, now=now)
            key = f"{WANTED}:{need.id}:{record_id}"
            unit.questions.put(address, request, WANTED, now, key=key)
            unit.commit()
        return need


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclineMatches:
    """A person does not want matches: they do not come back for this need."""

    units: Units
    clock: Clock

    def __call__(
        self, need_id: NeedId, records: Iterable[RecordId], *, address: Address, reason: str = ""
    ) -> Need:
        """Keep it with its reason, which may come later; said again without one, it stays.

        Raises:
            NotFoundError: the person has no such need.
            IllegalMoveError: the need has ended.
        """
        with self.units() as unit:
            need = _open(unit, need_id, address)
            now = self.clock.now()
            for record_id in records:
                note = reason.strip()[:LONGEST_NOTE]
                answer(unit, need, record_id, PairingState.DECLINED, now=now, note=note)
            unit.commit()
        return need


def answer(
    unit: UnitOfWork,
    need: Need,
    record_id: RecordId,
    to: PairingState,
    *,
    now: datetime,
    note: str = "",
) -> None:
    """Keep what a need's person says to a match; said again without a reason, that one stays."""
    pairing = unit.pairings.find(need.id, record_id) or Pairing(
        need_id=need.id, record_id=record_id, state=PairingState.OPENED, offered_at=now
    )
    if pairing.state is to:
        unit.pairings.put(replace(pairing, reason=note or pairing.reason))
        return
    if to in PAIRING_MOVES[pairing.state]:
        unit.pairings.put(moved(pairing, to, by=str(need.address), at=now, note=note))


def _open(unit: UnitOfWork, need_id: NeedId, address: Address) -> Need:
    need = own(unit, need_id, address)
    if has_ended(need):
        raise IllegalMoveError(need, NeedStatus.IN_TALKS)
    return need
