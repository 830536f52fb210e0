"""Ways out that fail as a whole."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "routes",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("closings", sa.Integer(), nullable=False),
        sa.Column("held_until", sa.DateTime(timezone=True)),
        sa.Column("probing", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_routes"),
    )
    op.create_index("ix_routes_held_until", "routes", ["held_until"])


def downgrade() -> None:
    op.drop_table("routes")
