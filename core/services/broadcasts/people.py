"""Who somebody is, and whether it wants broadcasts."""

from dataclasses import dataclass, replace

from core.domain.broadcasts import Profile, Role
from core.domain.conversations import Address
from core.domain.purposes import UNASKED
from core.ports.clock import Clock
from core.ports.unit_of_work import UnitOfWork, Units


@dataclass(frozen=True, slots=True, kw_only=True)
class TellRole:
    """Keep what somebody says of itself, or an operator of somebody; the rest stays as it was."""

    units: Units
    clock: Clock

    def __call__(
        self,
        address: Address,
        role: Role | None,
        *,
        by: str,
        region: str | None = None,
        industries: tuple[str, ...] | None = None,
    ) -> Profile:
        """The profile as it is now."""
        with self.units() as unit:
            before = unit.people.find(address)
            profile = replace(
                before,
                role=role or before.role,
                region=before.region if region is None else region,
                industries=before.industries if industries is None else industries,
            )
            unit.people.keep(profile, by, self.clock.now())
            unit.commit()
        return profile


@dataclass(frozen=True, slots=True, kw_only=True)
class RefuseBroadcasts:
    """Take no broadcasts and no finds from now on, not even queued ones; or take them again."""

    units: Units
    clock: Clock

    def __call__(self, address: Address, *, refuses: bool) -> None:
        """Make it so."""
        with self.units() as unit:
            unit.outbox.hold(address)
            refuse(unit, address, self.clock, refuses=refuses)
            unit.commit()


def refuse(unit: UnitOfWork, address: Address, clock: Clock, *, refuses: bool) -> None:
    """Keep it, and take back what is queued unasked for who refuses: broadcasts and finds."""
    before = unit.people.find(address)
    if before.refuses != refuses:
        unit.people.keep(replace(before, refuses=refuses), str(address), clock.now())
    if refuses:
        for delivery in unit.outbox.queued(address):
            if delivery.message.purpose in UNASKED:
                unit.outbox.take_back(delivery, clock.now())
