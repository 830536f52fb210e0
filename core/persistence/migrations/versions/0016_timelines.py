"""What each message is for, and a timeline of what became of it."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)
NAME = sa.String(16)

QUEUED = "state = 'queued'"


def upgrade() -> None:
    columns: list[sa.Column[object]] = [
        sa.Column("purpose", NAME, nullable=False, server_default="notice"),
        sa.Column("priority", sa.Integer(), nullable=False, server_default=sa.text("2")),
        sa.Column("promised_at", TIME),
        sa.Column("tries", sa.Integer(), nullable=False, server_default=sa.text("0")),
        sa.Column("may_repeat", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("taken_at", TIME),
        sa.Column("taken_by", sa.Text(), nullable=False, server_default=""),
    ]
    for column in columns:
        op.add_column("outbox", column)
    # What was queued before keeps its steps, and answers keep their place.
    op.execute("UPDATE outbox SET tries = attempts")
    op.execute("UPDATE outbox SET purpose = 'answer', priority = 0 WHERE reply_to IS NOT NULL")
    op.execute("UPDATE outbox SET purpose = 'broadcast', priority = 4 WHERE pushed")
    _index(["channel", "priority", "due_at", "id"])
    op.drop_index("ix_outbox_state", "outbox")
    op.create_index("ix_outbox_state", "outbox", ["state", "id"])
    op.create_table(
        "delivery_steps",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("delivery_id", SERIAL, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("began_at", TIME),
        sa.Column("state", NAME, nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("trouble", NAME),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("hint", sa.Text(), nullable=False),
        sa.Column("platform_id", sa.Text(), nullable=False),
        sa.Column("due_at", TIME),
        sa.PrimaryKeyConstraint("id", name="pk_delivery_steps"),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["outbox.id"], name="fk_delivery_steps_delivery_id_outbox"
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_delivery_steps_delivery", "delivery_steps", ["delivery_id", "id"])


def downgrade() -> None:
    op.drop_table("delivery_steps")
    op.execute("UPDATE outbox SET state = 'expired' WHERE state = 'cancelled'")
    op.drop_index("ix_outbox_state", "outbox")
    op.create_index("ix_outbox_state", "outbox", ["state"])
    _index(["channel", "due_at", "id"])
    for name in (
        "taken_by",
        "taken_at",
        "may_repeat",
        "tries",
        "promised_at",
        "priority",
        "purpose",
    ):
        op.drop_column("outbox", name)


def _index(columns: list[str]) -> None:
    op.drop_index("ix_outbox_due", "outbox")
    condition = sa.text(QUEUED)
    op.create_index(
        "ix_outbox_due",
        "outbox",
        columns,
        sqlite_where=condition,
        postgresql_where=condition,
    )
