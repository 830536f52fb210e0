"""One person at several addresses, bound by codes; whether a message was said in a group."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column(
        "inbox",
        sa.Column("in_group", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.create_table(
        "persons",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("home", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_persons"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "bound",
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("person", SERIAL, nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("brought", JSON, nullable=False),
        sa.Column("closed_at", INSTANT),
        sa.Column("why", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["persons.id"], name="fk_bound_person_persons"),
        sa.PrimaryKeyConstraint("address", name="pk_bound"),
    )
    op.create_index("ix_bound_person", "bound", ["person", "place"])
    op.create_table(
        "bind_codes",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("used_by", sa.Text()),
        sa.PrimaryKeyConstraint("digest", name="pk_bind_codes"),
    )
    op.create_index("ix_bind_codes_address", "bind_codes", ["address", "made_at"])
    op.create_table(
        "wrong_codes",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_wrong_codes"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_wrong_codes_address", "wrong_codes", ["address", "at"])


def downgrade() -> None:
    for table in ("wrong_codes", "bind_codes", "bound", "persons"):
        op.drop_table(table)
    op.drop_column("inbox", "in_group")
