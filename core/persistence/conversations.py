"""Conversations: one row an address, the lock under which its waiting rows change."""

from sqlalchemy import Connection, select

from core.persistence.statements import holding, insert
from core.persistence.tables import conversations


def ensure(connection: Connection, address: str) -> None:
    """Let the conversation exist from now on."""
    connection.execute(
        insert(connection, conversations)
        .values(address=address)
        .on_conflict_do_nothing(index_elements=["address"])
    )


def hold(connection: Connection, address: str) -> None:
    """Lock the conversation, which exists from now on, until the unit of work ends."""
    ensure(connection, address)
    connection.execute(
        holding(select(conversations.c.address).where(conversations.c.address == address))
    )
