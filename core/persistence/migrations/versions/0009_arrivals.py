"""Records keep what is private and what was edited, and are known by their names."""

import re
import unicodedata

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

TREE = sa.JSON().with_variant(JSONB(), "postgresql")
MARKS = re.compile(r"[\s()\[\]{}<>《》〈〉「」『』【】〔〕“”\"'·・]+")


def upgrade() -> None:
    for column in (
        sa.Column("private", TREE, nullable=False, server_default="{}"),
        sa.Column("edited", TREE, nullable=False, server_default="[]"),
        sa.Column("name_key", sa.Text(), nullable=False, server_default=""),
    ):
        op.add_column("records", column)
    connection = op.get_bind()
    rows = connection.execute(sa.text("SELECT id, title, organisation FROM records")).all()
    update = sa.text("UPDATE records SET name_key = :key WHERE id = :id")
    for row in rows:
        key = f"{_plain(row.title)}|{_plain(row.organisation or '')}"
        connection.execute(update, {"key": key, "id": row.id})
    op.create_index("ix_records_name", "records", ["library", "name_key"])


def downgrade() -> None:
    op.drop_index("ix_records_name", "records")
    for name in ("private", "edited", "name_key"):
        op.drop_column("records", name)


def _plain(name: str) -> str:
    return MARKS.sub("", unicodedata.normalize("NFKC", name)).casefold()
