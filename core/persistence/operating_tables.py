"""The tables of operators."""

from sqlalchemy import Column, ForeignKey, Index, Table

from core.domain.operating.deeds import DeedState
from core.domain.operating.operators import OperatorRole
from core.persistence.columns import SERIAL, SafeText, UtcDateTime, enum_names, metadata

operators = Table(
    "operators",
    metadata,
    Column("name", SafeText, primary_key=True),
    Column("role", enum_names(OperatorRole), nullable=False),
    Column("password", SafeText, nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
)

visits = Table(
    "visits",
    metadata,
    Column("digest", SafeText, primary_key=True),
    Column(
        "operator",
        SafeText,
        ForeignKey(operators.c.name, ondelete="CASCADE"),
        nullable=False,
        index=True,
    ),
    Column("begun_at", UtcDateTime, nullable=False, index=True),
    Column("seen_at", UtcDateTime, nullable=False),
)
"""Who is signed in; of the token only its digest."""

deeds = Table(
    "deeds",
    metadata,
    Column("id", SERIAL, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("by", SafeText, nullable=False),
    Column("what", SafeText, nullable=False),
    Column("target", SafeText, nullable=False),
    Column("note", SafeText, nullable=False),
    Column("state", enum_names(DeedState), nullable=False),
    Index("ix_deeds_target", "target", "id"),
    Index("ix_deeds_by", "by", "id"),
    sqlite_autoincrement=True,
)
"""The audit trail. No key leads from it to operators: who is taken away leaves a trace."""
