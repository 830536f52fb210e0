"""Adding to a need that was submitted, or correcting it; what it said before is kept."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace

from core.domain.conversations import Address
from core.domain.matching.matches import SHOWN, Match
from core.domain.moves import IllegalMoveError, NeedEvent, has_ended
from core.domain.needs import Contact, Need, NeedDraft, NeedId
from core.ports.clock import Clock
from core.ports.unit_of_work import UnitOfWork, Units
from core.services.own_needs.moving import LONGEST_NOTE, own
from core.services.own_needs.offers import OfferMatches

ADDED = "；"
"""Stands between a problem and what is added to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Supplemented:
    """A need as it stands now, the fields that changed, and matches when they are others."""

    need: Need
    changed: tuple[str, ...]
    matches: tuple[Match, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplementNeed:
    """Write what was added or corrected into a need, once per message."""

    units: Units
    clock: Clock
    offer: OfferMatches

    def __call__(
        self, need_id: NeedId, said: NeedDraft, *, address: Address, key: str, text: str
    ) -> Supplemented:
        """Merge what `text` said into the need; see `supplemented`.

        Raises:
            NotFoundError: the person has no such need.
            IllegalMoveError: the need has ended.
        """
        with self.units() as unit:
            need = own(unit, need_id, address)
            before, need, new = self._write(unit, need, said, key=key, text=text)
            unit.commit()
        changed = tuple(f.name for f in fields(NeedDraft) if _differ(f.name, before, need.draft))
        if not (new and changed):
            return Supplemented(need=need, changed=changed)
        was = self.offer.find(replace(need, draft=before), limit=SHOWN)
        now = self.offer.find(need, limit=SHOWN)
        others = {one.record_id for one in now} - {one.record_id for one in was}
        return Supplemented(need=need, changed=changed, matches=self.offer(need) if others else ())

    def _write(
        self, unit: UnitOfWork, need: Need, said: NeedDraft, *, key: str, text: str
    ) -> tuple[NeedDraft, Need, bool]:
        """The draft before, the need after, and whether this message is heard the first time."""
        known = unit.needs.find_event(key)
        if known is not None:
            return known.replaced or need.draft, need, False
        if has_ended(need):
            raise IllegalMoveError(need, need.status)
        after = replace(need, draft=supplemented(need.draft, said))
        if after != need:
            unit.needs.save(after)
            unit.needs.log(
                NeedEvent(
                    key=key,
                    need_id=need.id,
                    at=self.clock.now(),
                    by=str(need.address),
                    before=need.status,
                    after=need.status,
                    note=text.strip()[:LONGEST_NOTE],
                    replaced=need.draft,
                )
            )
        return need.draft, after, True


def _differ(name: str, one: NeedDraft, other: NeedDraft) -> bool:
    return bool(getattr(one, name) != getattr(other, name))


def supplemented(draft: NeedDraft, said: NeedDraft) -> NeedDraft:
    """The draft with what was said.

    A problem and its indicators are added to, and parts of a contact are kept; any other field
    that was said takes the place of what it was.
    """
    new = {f.name: getattr(said, f.name) for f in fields(NeedDraft) if getattr(said, f.name)}
    for name in MERGED.keys() & new.keys():
        new[name] = MERGED[name](draft, said)
    return replace(draft, **new)


def _problem(draft: NeedDraft, said: NeedDraft) -> str | None:
    known, added = draft.problem or "", said.problem or ""
    if not known or added in known:
        return known or added
    return f"{known}{ADDED}{added}"


def _contact(draft: NeedDraft, said: NeedDraft) -> Contact | None:
    known, added = draft.contact, said.contact
    if known is None or added is None:
        return added or known
    return Contact(
        name=added.name or known.name,
        phone=added.phone or known.phone,
        wechat=added.wechat or known.wechat,
        email=added.email or known.email,
    )


def _indicators(draft: NeedDraft, said: NeedDraft) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*draft.indicators, *said.indicators)))


MERGED: Mapping[str, Callable[[NeedDraft, NeedDraft], object]] = {
    "problem": _problem,
    "contact": _contact,
    "indicators": _indicators,
}
"""Fields of which what was said is a part."""
