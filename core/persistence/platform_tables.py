"""The tables of what platforms lend and grant."""

from sqlalchemy import Column, ForeignKey, Integer, Table

from core.persistence.columns import SERIAL, SafeText, UtcDateTime, metadata
from core.persistence.tables import inbox, outbox

tokens = Table(
    "tokens",
    metadata,
    Column("name", SafeText, primary_key=True),
    Column("value", SafeText, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
)
"""Access tokens, sealed, shared by all processes."""

allowances = Table(
    "allowances",
    metadata,
    Column("address", SafeText, primary_key=True),
    Column("name", SafeText, primary_key=True),
    Column("left", Integer, nullable=False),
    Column("until", UtcDateTime),
    Column("source", SafeText, nullable=False),
)
"""How many messages a platform still takes for a person."""

handed = Table(
    "handed",
    metadata,
    Column("delivery_id", SERIAL, ForeignKey(outbox.c.id), primary_key=True, autoincrement=False),
    Column("entry_id", SERIAL, ForeignKey(inbox.c.id), nullable=False, index=True),
)
"""Deliveries that went out as the answer to a platform's own request."""
