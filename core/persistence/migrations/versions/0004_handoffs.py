"""Handoffs in tables of their own; those that waited among the questions wait there now."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TREE = sa.JSON().with_variant(JSONB(), "postgresql")

# Only the newest of a person can be the one that is not over. The number people quote is kept.
MOVED = """
INSERT INTO handoffs (id, address, desk, why, asked_at, state, before, acknowledged)
SELECT id, address, '', '', asked_at,
  CASE WHEN id IN (SELECT max(id) FROM questions WHERE handoff GROUP BY address)
    THEN 'timed_out' ELSE 'handed_back' END,
  '[]', false
FROM questions WHERE handoff
"""
ASKED = """
INSERT INTO handoff_events (handoff, key, step, "by", "at", text)
SELECT id, 'asked:moved:' || id, 'asked', address, asked_at, question
FROM questions WHERE handoff
"""
MOVED_BACK = """
INSERT INTO questions (address, question, reason, asked_at, handoff)
SELECT handoffs.address, handoff_events.text, '', handoff_events."at", true
FROM handoffs JOIN handoff_events ON handoff_events.handoff = handoffs.id
WHERE handoff_events.step = 'asked' AND handoffs.state <> 'handed_back'
ORDER BY handoff_events.id
"""
GO_ON = "SELECT setval('handoffs_id_seq', (SELECT coalesce(max(id), 0) + 1 FROM questions), false)"


def upgrade() -> None:
    op.create_table(
        "handoffs",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("desk", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("due_at", INSTANT),
        sa.Column("before", TREE, nullable=False),
        sa.Column("taken_by", sa.Text()),
        sa.Column("acknowledged", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_handoffs"),
        sqlite_autoincrement=True,
    )
    _partial("uq_handoffs_unclosed", ["address"], "state <> 'handed_back'", unique=True)
    _partial("ix_handoffs_due", ["due_at", "id"], "due_at IS NOT NULL")
    op.create_table(
        "handoff_events",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("handoff", SERIAL, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("step", sa.String(16), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["handoff"], ["handoffs.id"], name="fk_handoff_events_handoff_handoffs"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_handoff_events"),
        sa.UniqueConstraint("key", name="uq_handoff_events_key"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_handoff_events_handoff", "handoff_events", ["handoff", "id"])
    op.execute(MOVED)
    op.execute(ASKED)
    if op.get_context().dialect.name == "postgresql":
        op.execute(GO_ON)
    op.execute("DELETE FROM questions WHERE handoff")
    op.drop_column("questions", "handoff")


def downgrade() -> None:
    op.add_column(
        "questions", sa.Column("handoff", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.execute(MOVED_BACK)
    op.drop_table("handoff_events")
    op.drop_table("handoffs")


def _partial(name: str, columns: list[str], where: str, *, unique: bool = False) -> None:
    condition = sa.text(where)
    op.create_index(
        name,
        "handoffs",
        columns,
        unique=unique,
        sqlite_where=condition,
        postgresql_where=condition,
    )
