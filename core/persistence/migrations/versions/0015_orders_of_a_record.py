"""Orders are found by the record they were handed to."""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_orders_record", "orders", ["record_id"])


def downgrade() -> None:
    op.drop_index("ix_orders_record", "orders")
