"""The tables of what goes out unasked: subscriptions, and what people are to be told."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, Table, UniqueConstraint

from core.domain.broadcasts import Audience, BroadcastState, RecipientState, Role
from core.domain.subscriptions import Interest, QuietHours, Rhythm
from core.persistence.columns import (
    SERIAL,
    DomainJson,
    SafeText,
    UtcDateTime,
    enum_names,
    metadata,
    partial,
)

subscriptions = Table(
    "subscriptions",
    metadata,
    Column("id", SERIAL, primary_key=True),
    Column("address", SafeText, nullable=False),
    Column("key", SafeText, nullable=False),
    Column("interest", DomainJson[Interest](Interest), nullable=False),
    Column("rhythm", DomainJson[Rhythm](Rhythm), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    UniqueConstraint("address", "key"),
    Index("ix_subscriptions_key", "key"),
    sqlite_autoincrement=True,
)

quiet_hours = Table(
    "quiet_hours",
    metadata,
    Column("address", SafeText, primary_key=True),
    Column("hours", DomainJson[QuietHours](QuietHours), nullable=False),
)

announcements = Table(
    "announcements",
    metadata,
    Column("id", SERIAL, primary_key=True),
    Column("record_id", SafeText, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Index("ix_announcements_at", "at", "id"),
    sqlite_autoincrement=True,
)
"""Records for which subscribers are still to be found."""

tidings = Table(
    "tidings",
    metadata,
    Column("id", SERIAL, primary_key=True),
    Column("address", SafeText, nullable=False),
    Column("record_id", SafeText, nullable=False),
    Column("found_at", UtcDateTime, nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    # The key of the delivery that tells it; NULL while it waits.
    Column("told_by", SafeText),
    UniqueConstraint("address", "record_id"),
    # What waits is the bulk of what is written: it stands in as few indexes as can be.
    partial("ix_tidings_told_by", "told_by", where="told_by IS NOT NULL"),
    partial("ix_tidings_told", "record_id", where="told_by IS NOT NULL"),
    partial("ix_tidings_due", "due_at", "id", where="told_by IS NULL"),
    sqlite_autoincrement=True,
)
"""What subscribers are to be told, and were."""

profiles = Table(
    "profiles",
    metadata,
    Column("address", SafeText, primary_key=True),
    Column("role", enum_names(Role)),
    Column("region", SafeText, nullable=False),
    Column("industries", DomainJson[tuple[str, ...]](tuple[str, ...]), nullable=False),
    Column("refuses", Boolean, nullable=False),
    Column("told_by", SafeText, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)

broadcasts = Table(
    "broadcasts",
    metadata,
    Column("id", SERIAL, primary_key=True),
    Column("key", SafeText, nullable=False, unique=True),
    Column("text", SafeText, nullable=False),
    Column("audience", DomainJson[Audience](Audience), nullable=False),
    Column("made_by", SafeText, nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("until", UtcDateTime),
    Column("state", enum_names(BroadcastState), nullable=False),
    Column("reached", SafeText, nullable=False),
    Column("planned", Boolean, nullable=False),
    partial("ix_broadcasts_sending", "id", where="state = 'sending'"),
    sqlite_autoincrement=True,
)

recipients = Table(
    "recipients",
    metadata,
    Column(
        "broadcast", SERIAL, ForeignKey(broadcasts.c.id), primary_key=True, autoincrement=False
    ),
    Column("address", SafeText, primary_key=True),
    Column("state", enum_names(RecipientState), nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    partial("ix_recipients_held", "broadcast", "due_at", "address", where="state = 'held'"),
)
"""Whom a broadcast is for: each once, so that whoever resumes tells nobody twice."""

broadcast_events = Table(
    "broadcast_events",
    metadata,
    Column("id", SERIAL, primary_key=True),
    Column("broadcast", SERIAL, ForeignKey(broadcasts.c.id), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("by", SafeText, nullable=False),
    Column("step", SafeText, nullable=False),
    Column("note", SafeText, nullable=False),
    Index("ix_broadcast_events_broadcast", "broadcast", "id"),
    sqlite_autoincrement=True,
)
"""Who did what with a broadcast: only ever appended."""

calendar_feeds = Table(
    "calendar_feeds",
    metadata,
    Column("address", SafeText, primary_key=True),
    Column("serial", Integer, nullable=False),
)
"""How often the link to somebody's calendar was changed; who has no row has the first."""
