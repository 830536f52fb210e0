"""Records that are news, for subscribers to be found; fewer indexes of what waits."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TOLD = sa.text("told_by IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "announcements",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("record_id", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_announcements"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_announcements_at", "announcements", ["at", "id"])
    op.create_index("ix_subscriptions_key", "subscriptions", ["key"])
    op.drop_index("ix_tidings_told_by", "tidings")
    op.drop_index("ix_tidings_record", "tidings")
    op.drop_index("ix_tidings_waiting", "tidings")
    for name, column in (("ix_tidings_told_by", "told_by"), ("ix_tidings_told", "record_id")):
        op.create_index(name, "tidings", [column], sqlite_where=TOLD, postgresql_where=TOLD)


def downgrade() -> None:
    waiting = sa.text("told_by IS NULL")
    op.create_index(
        "ix_tidings_waiting",
        "tidings",
        ["address", "due_at"],
        sqlite_where=waiting,
        postgresql_where=waiting,
    )
    op.drop_index("ix_tidings_told", "tidings")
    op.drop_index("ix_tidings_told_by", "tidings")
    op.create_index("ix_tidings_record", "tidings", ["record_id"])
    op.create_index("ix_tidings_told_by", "tidings", ["told_by"])
    op.drop_index("ix_subscriptions_key", "subscriptions")
    op.drop_index("ix_announcements_at", "announcements")
    op.drop_table("announcements")
