"""What was shown to a need's person last."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

TREE = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    op.add_column("needs", sa.Column("offered", TREE, nullable=False, server_default="[]"))
    op.add_column("needs", sa.Column("offered_at", sa.DateTime(timezone=True)))


def downgrade() -> None:
    op.drop_column("needs", "offered_at")
    op.drop_column("needs", "offered")
