"""Who is at which address."""

from datetime import datetime
from typing import override

from sqlalchemy import Connection, select, union

from core.domain.broadcasts import Portrait, Profile
from core.domain.conversations import Address
from core.persistence.push_tables import profiles, subscriptions
from core.persistence.statements import insert
from core.persistence.tables import needs
from core.ports.broadcasts import People


class SqlPeople(People):
    """Rows of profiles, with what subscriptions and needs say besides."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @override
    def find(self, address: Address) -> Profile:
        row = self._connection.execute(
            select(profiles).where(profiles.c.address == str(address))
        ).first()
        if row is None:
            return Profile(address=address)
        return Profile(
            address=address,
            role=row.role,
            region=row.region,
            industries=row.industries,
            refuses=row.refuses,
        )

    @override
    def keep(self, profile: Profile, by: str, now: datetime) -> None:
        values = {
            "role": profile.role,
            "region": profile.region,
            "industries": profile.industries,
            "refuses": profile.refuses,
            "told_by": by,
            "at": now,
        }
        self._connection.execute(
            insert(self._connection, profiles)
            .values(address=str(profile.address), **values)
            .on_conflict_do_update(index_elements=["address"], set_=values)
        )

    @override
    def page(self, after: str, limit: int) -> list[Portrait]:
        known = union(select(subscriptions.c.address), select(profiles.c.address)).subquery()
        refusing = select(profiles.c.address).where(profiles.c.refuses)
        rows = self._connection.execute(
            select(known.c.address)
            .where(known.c.address > after, known.c.address.not_in(refusing))
            .order_by(known.c.address)
            .limit(limit)
        )
        return self._told_of(list(rows.scalars()))

    def _told_of(self, addresses: list[str]) -> list[Portrait]:
        regions: dict[str, set[str]] = {one: set() for one in addresses}
        industries: dict[str, set[str]] = {one: set() for one in addresses}
        roles = {}
        asked = select(subscriptions.c.address, subscriptions.c.interest)
        for address, interest in self._connection.execute(
            asked.where(subscriptions.c.address.in_(addresses))
        ):
            regions[address].add(interest.region)
            industries[address].update(interest.industries)
        stated = select(needs.c.address, needs.c.draft).where(needs.c.address.in_(addresses))
        for address, draft in self._connection.execute(stated):
            if draft.region is not None:
                place = draft.region
                named = (place.province, place.city, place.county)
                regions[address].add("".join(name or "" for name in named) or place.raw)
            if draft.industry is not None:
                industries[address].update(draft.industry.labels)
        for row in self._connection.execute(
            select(profiles).where(profiles.c.address.in_(addresses))
        ):
            roles[row.address] = row.role
            regions[row.address].add(row.region)
            industries[row.address].update(row.industries)
        return [
            Portrait(
                address=Address.parse(one),
                role=roles.get(one),
                regions=frozenset(regions[one] - {""}),
                industries=frozenset(industries[one]),
            )
            for one in addresses
        ]
