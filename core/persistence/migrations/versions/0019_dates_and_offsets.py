"""Records end, have phases and take place again; offsets know clock times and workdays."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeEngine

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

TREE = sa.JSON().with_variant(JSONB(), "postgresql")
REPEATED = sa.text("series IS NOT NULL")
EXPIRED = sa.text("state = 'expired'")


def upgrade() -> None:
    op.add_column("records", sa.Column("ends_at", sa.DateTime(timezone=True)))
    op.add_column("records", sa.Column("phases", TREE, nullable=False, server_default="[]"))
    op.add_column("records", sa.Column("series", TREE))
    op.create_index(
        "ix_records_series",
        "records",
        ["starts_at"],
        sqlite_where=REPEATED,
        postgresql_where=REPEATED,
    )
    op.add_column("reminders", sa.Column("phase", sa.Text(), nullable=False, server_default=""))
    _change_offsets(sa.Interval(), sa.Text(), _written)
    op.drop_index("ix_reminders_record", "reminders")
    op.create_index("ix_reminders_record", "reminders", ["record_id", "id"])
    op.create_index(
        "ix_reminders_expired",
        "reminders",
        ["expires_at"],
        sqlite_where=EXPIRED,
        postgresql_where=EXPIRED,
    )


def downgrade() -> None:
    op.drop_index("ix_reminders_expired", "reminders")
    op.drop_index("ix_reminders_record", "reminders")
    op.create_index("ix_reminders_record", "reminders", ["record_id", "due_at", "id"])
    _change_offsets(sa.Text(), sa.Interval(), _plain)
    op.drop_column("reminders", "phase")
    op.drop_index("ix_records_series", "records")
    for name in ("series", "phases", "ends_at"):
        op.drop_column("records", name)


def _change_offsets(
    before: TypeEngine[Any], after: TypeEngine[Any], change: Callable[[Any], object]
) -> None:
    """Keep the offsets of reminders as another type."""
    default = "" if isinstance(after, sa.Text) else None
    nullable = default is None
    op.add_column("reminders", sa.Column("kept", after, nullable=nullable, server_default=default))
    connection = op.get_bind()
    table = sa.table("reminders", sa.column("offset", before), sa.column("kept", after))
    for offset in connection.execute(sa.select(table.c.offset).distinct()).scalars().all():
        same = sa.update(table).where(table.c.offset == offset)
        connection.execute(same.values(kept=change(offset)))
    op.drop_column("reminders", "offset")
    op.execute('ALTER TABLE reminders RENAME COLUMN kept TO "offset"')


def _written(offset: timedelta) -> str:
    return str(int(offset.total_seconds()))


def _plain(offset: str) -> timedelta:
    return timedelta(seconds=int(offset.lstrip("wr").partition("@")[0]))
