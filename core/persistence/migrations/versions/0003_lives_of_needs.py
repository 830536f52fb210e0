"""What happens to needs, what is said to matches, and what feedback is about."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
NAME = sa.String(16)
SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TREE = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "need_events",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("need_id", SERIAL, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("before", NAME, nullable=False),
        sa.Column("after", NAME, nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("replaced", TREE),
        sa.ForeignKeyConstraint(["need_id"], ["needs.id"], name="fk_need_events_need_id"),
        sa.PrimaryKeyConstraint("id", name="pk_need_events"),
        sa.UniqueConstraint("key", name="uq_need_events_key"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_need_events_need", "need_events", ["need_id", "id"])
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
    op.add_column("feedback", sa.Column("verdict", NAME))
    op.add_column("feedback", sa.Column("question", sa.Text()))
    op.add_column("feedback", sa.Column("answer", sa.Text()))


def downgrade() -> None:
    for name in ("verdict", "question", "answer"):
        op.drop_column("feedback", name)
    op.drop_table("match_answers")
    op.drop_index("ix_need_events_need", "need_events")
    op.drop_table("need_events")
