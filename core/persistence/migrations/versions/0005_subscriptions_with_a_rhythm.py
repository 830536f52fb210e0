"""Subscriptions get an interest and a rhythm; quiet hours; what subscribers are to be told."""

import json
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
TREE = sa.JSON().with_variant(JSONB(), "postgresql")
SERIAL = sa.BigInteger().with_variant(sa.Integer, "sqlite")
KINDS = frozenset(
    {
        "路演",
        "培训",
        "大赛",
        "论坛",
        "沙龙",
        "讲座",
        "对接会",
        "研讨会",
        "交流会",
        "发布会",
        "展会",
    }
    | {"年会", "会议", "竞赛", "比赛"}
)
AT_ONCE = {"pace": "at_once", "at": "09:00:00", "weekday": 0}


def upgrade() -> None:
    old = op.get_bind().execute(sa.text("SELECT address, topic, created_at FROM subscriptions"))
    rows = [(row.address, row.topic, row.created_at) for row in old]
    op.drop_table("subscriptions")
    op.create_table(
        "subscriptions",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("interest", TREE, nullable=False),
        sa.Column("rhythm", TREE, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_subscriptions"),
        sa.UniqueConstraint("address", "key", name="uq_subscriptions_address_key"),
        sqlite_autoincrement=True,
    )
    _carry_over(rows)
    op.create_table(
        "quiet_hours",
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("hours", TREE, nullable=False),
        sa.PrimaryKeyConstraint("address", name="pk_quiet_hours"),
    )
    _create_tidings()


def _carry_over(rows: list[tuple[str, str, object]]) -> None:
    """A topic was looked for in new events, and told at once."""
    for address, topic, created_at in sorted(rows, key=lambda row: str(row[2])):
        kind = topic in KINDS
        interest = {
            "libraries": ["events"],
            "kinds": [topic] if kind else [],
            "industries": [],
            "region": "",
            "places": [],
            "keyword": "" if kind else topic,
            "organiser": "",
        }
        op.execute(
            sa.text(
                "INSERT INTO subscriptions (address, key, interest, rhythm, created_at)"
                " VALUES (:address, :key, :interest, :rhythm, :created_at)"
            ).bindparams(
                sa.bindparam("interest", interest, type_=TREE),
                sa.bindparam("rhythm", AT_ONCE, type_=TREE),
                address=address,
                key=f"events|{topic}||||" if kind else f"events||||{topic}|",
                created_at=created_at,
            )
        )


def _create_tidings() -> None:
    op.create_table(
        "tidings",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("record_id", sa.Text(), nullable=False),
        sa.Column("found_at", INSTANT, nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("told_by", sa.Text()),
        sa.PrimaryKeyConstraint("id", name="pk_tidings"),
        sa.UniqueConstraint("address", "record_id", name="uq_tidings_address_record_id"),
        sqlite_autoincrement=True,
    )
    waiting = sa.text("told_by IS NULL")
    op.create_index("ix_tidings_told_by", "tidings", ["told_by"])
    op.create_index("ix_tidings_record", "tidings", ["record_id"])
    for name, columns in (
        ("ix_tidings_due", ["due_at", "id"]),
        ("ix_tidings_waiting", ["address", "due_at"]),
    ):
        op.create_index(name, "tidings", columns, sqlite_where=waiting, postgresql_where=waiting)
    # What was announced before counts as told, and is taken back as what is told now.
    op.execute(
        "INSERT INTO tidings (address, record_id, found_at, due_at, told_by)"
        " SELECT address, substr(key, length('announce:' || address || ':') + 1),"
        " created_at, created_at, key FROM outbox WHERE key LIKE 'announce:%'"
    )


def downgrade() -> None:
    op.drop_table("tidings")
    op.drop_table("quiet_hours")
    old = op.get_bind().execute(sa.text("SELECT address, interest, created_at FROM subscriptions"))
    rows = {(row.address, _topic(row.interest)): row.created_at for row in old}
    op.drop_table("subscriptions")
    op.create_table(
        "subscriptions",
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("address", "topic", name="pk_subscriptions"),
    )
    for (address, topic), created_at in rows.items():
        op.execute(
            sa.text("INSERT INTO subscriptions VALUES (:address, :topic, :created_at)").bindparams(
                address=address, topic=topic, created_at=created_at
            )
        )


def _topic(stored: Any) -> str:  # noqa: ANN401 -- text on SQLite, a tree on PostgreSQL
    """The narrowest word of an interest."""
    interest: dict[str, Any] = json.loads(stored) if isinstance(stored, str) else stored
    named = [interest["keyword"], *interest["industries"], interest["region"], *interest["kinds"]]
    return next((word for word in named if word), "")
