"""The first tables."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
NAME = sa.String(16)
SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TREE = sa.JSON().with_variant(JSONB(), "postgresql")

INDEXES: tuple[tuple[str, str, list[str], str | None], ...] = (
    ("ix_conversations_due", "conversations", ["due_at"], "due_at IS NOT NULL"),
    ("ix_documents_id", "documents", ["id"], None),
    ("ix_inbox_history", "inbox", ["address", "id"], None),
    ("ix_inbox_waiting", "inbox", ["address", "id"], "state = 'received'"),
    ("ix_needs_address", "needs", ["address", "id"], None),
    ("ix_outbox_due", "outbox", ["channel", "due_at", "id"], "state = 'queued'"),
    ("ix_outbox_expiring", "outbox", ["expires_at"], "state = 'queued'"),
    ("ix_outbox_order", "outbox", ["address", "id"], "state = 'queued'"),
    ("ix_outbox_reply_to", "outbox", ["reply_to"], None),
    ("ix_outbox_sending", "outbox", ["address"], "state = 'sending'"),
    ("ix_outbox_sent", "outbox", ["address", "sent_number"], "state = 'sent'"),
    ("ix_outbox_state", "outbox", ["state"], None),
    ("ix_records_library", "records", ["library", "id"], None),
    ("ix_reminders_address", "reminders", ["address", "due_at"], "state = 'planned'"),
    ("ix_reminders_due", "reminders", ["due_at", "id"], "state = 'planned'"),
    ("ix_reminders_record", "reminders", ["record_id", "due_at", "id"], None),
)
"""Name, table, columns and, for a partial index, its condition."""


def upgrade() -> None:
    op.create_table(
        "conversations",
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("due_at", INSTANT),
        sa.Column("leased_until", INSTANT),
        sa.PrimaryKeyConstraint("address", name="pk_conversations"),
    )
    op.create_table(
        "documents",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("facts", TREE, nullable=False),
        sa.Column("ingested_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("source", name="pk_documents"),
    )
    op.create_table(
        "feedback",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("key", sa.Text()),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("given_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_feedback"),
        sa.UniqueConstraint("key", name="uq_feedback_key"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "leases",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("leased_until", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_leases"),
    )
    op.create_table(
        "needs",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("draft", TREE, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("status", NAME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_needs"),
        sa.UniqueConstraint("key", name="uq_needs_key"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "questions",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("key", sa.Text()),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column("handoff", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_questions"),
        sa.UniqueConstraint("key", name="uq_questions_key"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "records",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("library", NAME, nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("organisation", sa.Text()),
        sa.Column("industries", TREE, nullable=False),
        sa.Column("keywords", TREE, nullable=False),
        sa.Column("modes", TREE, nullable=False),
        sa.Column("region", sa.Text()),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date()),
        sa.Column("valid_until", sa.Date()),
        sa.Column("starts_at", INSTANT),
        sa.Column("closes_at", INSTANT),
        sa.Column("details", TREE, nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_records"),
    )
    op.create_table(
        "reminders",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("record_id", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("anchor", NAME, nullable=False),
        sa.Column("offset", sa.Interval(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("state", NAME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_reminders"),
        sa.UniqueConstraint("key", name="uq_reminders_key"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "subscriptions",
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("address", "topic", name="pk_subscriptions"),
    )
    op.create_table(
        "inbox",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("kind", NAME, nullable=False),
        sa.Column("said_at", INSTANT, nullable=False),
        sa.Column("received_at", INSTANT, nullable=False),
        sa.Column("state", NAME, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("leased_until", INSTANT),
        sa.ForeignKeyConstraint(["address"], ["conversations.address"], name="fk_inbox_address"),
        sa.PrimaryKeyConstraint("id", name="pk_inbox"),
        sa.UniqueConstraint("channel", "message_id", name="uq_inbox_channel_message_id"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "outbox",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("reply", TREE, nullable=False),
        sa.Column("reply_to", SERIAL),
        sa.Column("expires_at", INSTANT),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("state", NAME, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("leased_until", INSTANT),
        sa.Column("sent_at", INSTANT),
        sa.Column("sent_number", SERIAL),
        sa.Column("error", sa.Text()),
        sa.ForeignKeyConstraint(
            ["reply_to"], ["inbox.id"], name="fk_outbox_reply_to", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sa.UniqueConstraint("key", name="uq_outbox_key"),
        sqlite_autoincrement=True,
    )
    for name, table, columns, where in INDEXES:
        condition = None if where is None else sa.text(where)
        op.create_index(name, table, columns, sqlite_where=condition, postgresql_where=condition)


def downgrade() -> None:
    for name, table, _columns, _where in INDEXES:
        op.drop_index(name, table)
    op.drop_table("outbox")
    op.drop_table("inbox")
    op.drop_table("subscriptions")
    op.drop_table("reminders")
    op.drop_table("records")
    op.drop_table("questions")
    op.drop_table("needs")
    op.drop_table("leases")
    op.drop_table("feedback")
    op.drop_table("documents")
    op.drop_table("conversations")
