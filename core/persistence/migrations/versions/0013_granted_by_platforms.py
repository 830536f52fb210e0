"""What may still be sent to whom, and what platforms' own requests were answered with."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "allowances",
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("left", sa.Integer(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True)),
        sa.Column("source", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("address", "name", name="pk_allowances"),
    )
    op.create_table(
        "handed",
        sa.Column("delivery_id", SERIAL, autoincrement=False, nullable=False),
        sa.Column("entry_id", SERIAL, nullable=False),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["outbox.id"], name="fk_handed_delivery_id_outbox"
        ),
        sa.ForeignKeyConstraint(["entry_id"], ["inbox.id"], name="fk_handed_entry_id_inbox"),
        sa.PrimaryKeyConstraint("delivery_id", name="pk_handed"),
    )
    op.create_index("ix_handed_entry_id", "handed", ["entry_id"])


def downgrade() -> None:
    op.drop_index("ix_handed_entry_id", "handed")
    op.drop_table("handed")
    op.drop_table("allowances")
