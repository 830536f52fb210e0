"""The tables of people with several addresses."""

from sqlalchemy import Column, ForeignKey, Index, Integer, Table

from core.domain.people import Belongings
from core.persistence.columns import SERIAL, DomainJson, SafeText, UtcDateTime, metadata

persons = Table(
    "persons",
    metadata,
    Column("id", SERIAL, primary_key=True),
    Column("home", SafeText, nullable=False),
    sqlite_autoincrement=True,
)

bound = Table(
    "bound",
    metadata,
    Column("address", SafeText, primary_key=True),
    Column("person", SERIAL, ForeignKey(persons.c.id), nullable=False),
    Column("place", Integer, nullable=False),
    Column("brought", DomainJson[Belongings](Belongings), nullable=False),
    Column("closed_at", UtcDateTime),
    Column("why", SafeText, nullable=False),
    Index("ix_bound_person", "person", "place"),
)
"""Addresses of persons; an address that is bound to no other has no row."""

bind_codes = Table(
    "bind_codes",
    metadata,
    Column("digest", SafeText, primary_key=True),
    Column("address", SafeText, nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("used_by", SafeText),
    Index("ix_bind_codes_address", "address", "made_at"),
)

wrong_codes = Table(
    "wrong_codes",
    metadata,
    Column("id", SERIAL, primary_key=True),
    Column("address", SafeText, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Index("ix_wrong_codes_address", "address", "at"),
    sqlite_autoincrement=True,
)
