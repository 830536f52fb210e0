"""What documents say of themselves, operators' edits, and earlier editions."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
TREE = sa.JSON().with_variant(JSONB(), "postgresql")
TOLD = ("readings", "edits", "parts")


def upgrade() -> None:
    for name in TOLD:
        op.add_column("documents", sa.Column(name, TREE, nullable=False, server_default="[]"))
    op.create_table(
        "editions",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("facts", TREE, nullable=False),
        sa.Column("ingested_at", INSTANT, nullable=False),
        *(sa.Column(name, TREE, nullable=False) for name in TOLD),
        sa.PrimaryKeyConstraint("id", name="pk_editions"),
    )
    op.create_index("ix_editions_source", "editions", ["source"])


def downgrade() -> None:
    op.drop_table("editions")
    for name in TOLD:
        op.drop_column("documents", name)
