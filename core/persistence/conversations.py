"""Conversations: one row an address, the lock under which its waiting rows change."""

from functools import cache

from sqlalchemy import Connection, bindparam, select

from core.persistence.statements import Insert, holding, insert
from core.persistence.tables import conversations

HOLD = holding(select(conversations.c.address).where(conversations.c.address == bindparam("held")))


def ensure(connection: Connection, address: str) -> None:
    """Let the conversation exist from now on."""
    connection.execute(_ensuring(connection.dialect.name), {"address": address})


def hold(connection: Connection, address: str) -> None:
    """Lock the conversation, which exists from now on, until the unit of work ends."""
    ensure(connection, address)
    if connection.dialect.name != "sqlite":  # there, writing locks everything
        connection.execute(HOLD, {"held": address})


@cache
def _ensuring(dialect: str) -> Insert:
    new = insert(dialect, conversations).values(address=bindparam("address"))
    return new.on_conflict_do_nothing(index_elements=["address"])
