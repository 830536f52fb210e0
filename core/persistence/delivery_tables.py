"""The tables of what becomes of messages on their way out."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, Table

from core.domain.deliveries import DeliveryState
from core.domain.troubles import Trouble
from core.persistence.columns import SERIAL, SafeText, UtcDateTime, enum_names, metadata
from core.persistence.tables import outbox

delivery_steps = Table(
    "delivery_steps",
    metadata,
    Column("id", SERIAL, primary_key=True),
    Column("delivery_id", SERIAL, ForeignKey(outbox.c.id), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("began_at", UtcDateTime),
    Column("state", enum_names(DeliveryState), nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("by", SafeText, nullable=False),
    Column("trouble", enum_names(Trouble)),
    Column("code", SafeText, nullable=False),
    Column("said", SafeText, nullable=False),
    Column("hint", SafeText, nullable=False),
    Column("platform_id", SafeText, nullable=False),
    Column("due_at", UtcDateTime),
    Index("ix_delivery_steps_delivery", "delivery_id", "id"),
    sqlite_autoincrement=True,
)
"""What became of each attempt, and what people did with a delivery: only ever appended."""

routes = Table(
    "routes",
    metadata,
    Column("name", SafeText, primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("closings", Integer, nullable=False),
    Column("held_until", UtcDateTime, index=True),
    Column("probing", Boolean, nullable=False),
)
"""Ways out that fail: a handful of rows, mostly none."""
