"""What becomes of matches, orders for providers, and the conditions of records."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
NAME = sa.String(16)
SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TREE = sa.JSON().with_variant(JSONB(), "postgresql")

PAIRED = """
INSERT INTO pairings (need_id, record_id, state, offered_at, weights, score, reasons, steps,
                      reason, answered_at, followed)
SELECT need_id, record_id, CASE WHEN wanted THEN 'accepted' ELSE 'declined' END, at, '', 0,
       '[]', '[]', reason, at, 0
FROM match_answers
"""
ANSWERED = """
INSERT INTO match_answers (need_id, record_id, wanted, reason, at)
SELECT need_id, record_id, state <> 'declined', reason, answered_at
FROM pairings WHERE answered_at IS NOT NULL
"""


def upgrade() -> None:
    op.add_column("records", sa.Column("conditions", TREE, nullable=False, server_default="{}"))
    op.create_index("ix_needs_created", "needs", ["created_at"])
    op.create_index("ix_need_events_at", "need_events", ["at"])
    _pairings()
    op.execute(PAIRED)
    op.drop_table("match_answers")
    op.create_table(
        "orders",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("need_id", SERIAL, nullable=False),
        sa.Column("record_id", sa.Text(), nullable=False),
        sa.Column("state", NAME, nullable=False),
        sa.Column("sent_at", INSTANT, nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["need_id"], ["needs.id"], name="fk_orders_need_id"),
        sa.PrimaryKeyConstraint("id", name="pk_orders"),
        sa.UniqueConstraint("need_id", "record_id", name="uq_orders_need_id_record_id"),
        sqlite_autoincrement=True,
    )
    _partial("uq_orders_open", "orders", ["need_id"], "state IN ('sent', 'taken')", unique=True)
    _partial("ix_orders_due", "orders", ["due_at", "id"], "state = 'sent'")


def _pairings() -> None:
    op.create_table(
        "pairings",
        sa.Column("need_id", SERIAL, nullable=False),
        sa.Column("record_id", sa.Text(), nullable=False),
        sa.Column("state", NAME, nullable=False),
        sa.Column("offered_at", INSTANT, nullable=False),
        sa.Column("weights", sa.Text(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("reasons", TREE, nullable=False),
        sa.Column("steps", TREE, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("answered_at", INSTANT),
        sa.Column("followed", sa.Integer(), nullable=False),
        sa.Column("due_at", INSTANT),
        sa.ForeignKeyConstraint(["need_id"], ["needs.id"], name="fk_pairings_need_id"),
        sa.PrimaryKeyConstraint("need_id", "record_id", name="pk_pairings"),
    )
    op.create_index("ix_pairings_record", "pairings", ["record_id", "offered_at"])
    _partial("ix_pairings_due", "pairings", ["due_at"], "due_at IS NOT NULL")


def _partial(
    name: str, table: str, columns: list[str], where: str, *, unique: bool = False
) -> None:
    condition = sa.text(where)
    op.create_index(
        name,
        table,
        columns,
        unique=unique,
        sqlite_where=condition,
        postgresql_where=condition,
    )


def downgrade() -> None:
    op.create_table(
        "match_answers",
        sa.Column("need_id", SERIAL, nullable=False),
        sa.Column("record_id", sa.Text(), nullable=False),
        sa.Column("wanted", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["need_id"], ["needs.id"], name="fk_match_answers_need_id"),
        sa.PrimaryKeyConstraint("need_id", "record_id", name="pk_match_answers"),
    )
    op.execute(ANSWERED)
    for name in ("orders", "pairings"):
        op.drop_table(name)
    op.drop_index("ix_need_events_at", "need_events")
    op.drop_index("ix_needs_created", "needs")
    op.drop_column("records", "conditions")
