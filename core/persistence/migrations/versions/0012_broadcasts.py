"""Broadcasts and who is at an address; which messages were pushed."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(JSONB(), "postgresql")
TIME = sa.DateTime(timezone=True)


def _partial(name: str, table: str, columns: list[str], where: str) -> None:
    condition = sa.text(where)
    op.create_index(name, table, columns, sqlite_where=condition, postgresql_where=condition)


def upgrade() -> None:
    pushed: sa.Column[bool] = sa.Column(
        "pushed", sa.Boolean(), nullable=False, server_default=sa.false()
    )
    op.add_column("outbox", pushed)
    _partial("ix_outbox_pushed", "outbox", ["address", "created_at"], "pushed")
    op.create_table(
        "profiles",
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("role", sa.String(16)),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("industries", JSON, nullable=False),
        sa.Column("refuses", sa.Boolean(), nullable=False),
        sa.Column("told_by", sa.Text(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("address", name="pk_profiles"),
    )
    op.create_table(
        "broadcasts",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("audience", JSON, nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("made_at", TIME, nullable=False),
        sa.Column("until", TIME),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("reached", sa.Text(), nullable=False),
        sa.Column("planned", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_broadcasts"),
        sa.UniqueConstraint("key", name="uq_broadcasts_key"),
        sqlite_autoincrement=True,
    )
    _partial("ix_broadcasts_sending", "broadcasts", ["id"], "state = 'sending'")
    op.create_table(
        "recipients",
        sa.Column("broadcast", SERIAL, nullable=False, autoincrement=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("due_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("broadcast", "address", name="pk_recipients"),
        sa.ForeignKeyConstraint(["broadcast"], ["broadcasts.id"], name="fk_recipients_broadcast"),
    )
    held = ["broadcast", "due_at", "address"]
    _partial("ix_recipients_held", "recipients", held, "state = 'held'")
    op.create_table(
        "broadcast_events",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("broadcast", SERIAL, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_broadcast_events"),
        sa.ForeignKeyConstraint(
            ["broadcast"], ["broadcasts.id"], name="fk_broadcast_events_broadcast"
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_broadcast_events_broadcast", "broadcast_events", ["broadcast", "id"])


def downgrade() -> None:
    for table in ("broadcast_events", "recipients", "broadcasts", "profiles"):
        op.drop_table(table)
    op.drop_index("ix_outbox_pushed", "outbox")
    op.drop_column("outbox", "pushed")
