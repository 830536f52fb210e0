"""Conversations: one row an address, the lock under which its waiting rows change."""

from collections.abc import Collection
from functools import cache

from sqlalchemy import Connection, bindparam, select

from core.persistence.statements import Insert, holding, insert
from core.persistence.tables import conversations

HOLD = holding(select(conversations.c.address).where(conversations.c.address == bindparam("held")))


def ensure(connection: Connection, address: str) -> None:
    """Let the conversation exist from now on."""
    connection.execute(_ensuring(connection.dialect.name), {"address": address})


def ensure_all(connection: Connection, addresses: Collection[str]) -> None:
    """Let conversations exist from now on; in one order, so that two who do it never deadlock."""
    rows = [{"address": address} for address in sorted(addresses)]
    connection.execute(_ensuring(connection.dialect.name), rows)


def hold(connection: Connection, address: str) -> None:
    """Lock the conversation, which exists from now on, until the unit of work ends."""
    ensure(connection, address)
    if connection.dialect.name != "sqlite":  # there, writing locks everything
        connection.execute(HOLD, {"held": address})


@cache
def _ensuring(dialect: str) -> Insert:
    new = insert(dialect, conversations).values(address=bindparam("address"))
    return new.on_conflict_do_nothing(index_elements=["address"])
