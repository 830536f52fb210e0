"""The tables. Instants are aware UTC; addresses are `channel:user`.

An index exists for every claim and listing; partial ones hold only the rows that are waiting, so
that a claim costs the same however long the history is.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    Table,
    UniqueConstraint,
    false,
    text,
)

from core.domain.conversations import InboundState, MessageKind, Reply
from core.domain.dates.offsets import Offset
from core.domain.dates.series import Series
from core.domain.deliveries import DeliveryState
from core.domain.documents import DocumentFacts, Edit, Part, Reading, Verdict
from core.domain.handoffs import HandoffState, Line, Step
from core.domain.matching.matches import Reason
from core.domain.matching.orders import OrderState
from core.domain.matching.pairings import PairingState, PairingStep
from core.domain.needs import NeedDraft, NeedStatus
from core.domain.purposes import Purpose
from core.domain.records import Conditions, Library, Phase
from core.domain.reminders import Anchor, ReminderState
from core.domain.sources import Counts
from core.domain.submissions import FilledForm, SubmissionStatus
from core.persistence.columns import (
    SERIAL,
    DomainJson,
    SafeText,
    UtcDateTime,
    Written,
    enum_names,
    metadata,
    partial,
)


def _told_columns() -> tuple[Column[Any], ...]:
    return (
        Column("readings", DomainJson[tuple[Reading, ...]](tuple[Reading, ...]), nullable=False),
        Column("edits", DomainJson[tuple[Edit, ...]](tuple[Edit, ...]), nullable=False),
        Column("parts", DomainJson[tuple[Part, ...]](tuple[Part, ...]), nullable=False),
    )


conversations = Table(
    "conversations",
    metadata,
    Column("address", SafeText, primary_key=True),
    # Both are derived from the inbox rows that wait, and NULL when there is none.
    Column("due_at", UtcDateTime),
    Column("leased_until", UtcDateTime),
    partial("ix_conversations_due", "due_at", where="due_at IS NOT NULL"),
)
"""The lock of a conversation, and when it has work: what `Inbox.claim` looks at.

Every address of the inbox and the outbox has one.
"""

inbox = Table(
    "inbox",
    metadata,
    Column("id", SERIAL, primary_key=True),
    Column("channel", SafeText, nullable=False),
    Column("message_id", SafeText, nullable=False),
    Column("address", SafeText, ForeignKey(conversations.c.address), nullable=False),
    Column("text", SafeText, nullable=False),
    Column("kind", enum_names(MessageKind), nullable=False),
    Column("said_at", UtcDateTime, nullable=False),
    Column("received_at", UtcDateTime, nullable=False),
    Column("state", enum_names(InboundState), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("leased_until", UtcDateTime),
    Column("in_group", Boolean, nullable=False, server_default=false()),
    UniqueConstraint("channel", "message_id"),
    Index("ix_inbox_history", "address", "id"),
    partial("ix_inbox_waiting", "address", "id", where="state = 'received'"),
    sqlite_autoincrement=True,
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", SERIAL, primary_key=True),
    Column("key", SafeText, nullable=False, unique=True),
    Column("channel", SafeText, nullable=False),
    Column("address", SafeText, nullable=False),
    Column("reply", DomainJson[Reply](Reply), nullable=False),
    Column("reply_to", SERIAL, ForeignKey(inbox.c.id, ondelete="SET NULL"), index=True),
    Column("expires_at", UtcDateTime),
    Column("created_at", UtcDateTime, nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("state", enum_names(DeliveryState), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("leased_until", UtcDateTime),
    Column("sent_at", UtcDateTime),
    # Counts an address's sent messages: the order people got them in, whatever the ids.
    Column("sent_number", SERIAL),
    Column("error", SafeText),
    Column("pushed", Boolean, nullable=False, server_default=false()),
    Column("purpose", enum_names(Purpose), nullable=False, server_default=Purpose.NOTICE),
    # The purpose's, kept so that an index has it.
    Column("priority", Integer, nullable=False, server_default=text("2")),
    Column("promised_at", UtcDateTime),
    Column("tries", Integer, nullable=False, server_default=text("0")),
    Column("may_repeat", Boolean, nullable=False, server_default=false()),
    Column("taken_at", UtcDateTime),
    Column("taken_by", SafeText, nullable=False, server_default=""),
    Index("ix_outbox_state", "state", "id"),
    partial("ix_outbox_due", "channel", "priority", "due_at", "id", where="state = 'queued'"),
    partial("ix_outbox_order", "address", "id", where="state = 'queued'"),
    partial("ix_outbox_sending", "address", where="state = 'sending'"),
    partial("ix_outbox_expiring", "expires_at", where="state = 'queued'"),
    partial("ix_outbox_pushed", "address", "created_at", where="pushed"),
    partial("ix_outbox_sent", "address", "sent_number", where="state = 'sent'"),
    sqlite_autoincrement=True,
)

documents = Table(
    "documents",
    metadata,
    Column("source", SafeText, primary_key=True),
    Column("id", SafeText, nullable=False, index=True),
    Column("digest", SafeText, nullable=False),
    Column("text", SafeText, nullable=False),
    Column("facts", DomainJson[DocumentFacts](DocumentFacts), nullable=False),
    Column("ingested_at", UtcDateTime, nullable=False),
    *_told_columns(),
)

editions = Table(
    "editions",
    metadata,
    Column("id", SafeText, primary_key=True),
    Column("source", SafeText, nullable=False, index=True),
    Column("digest", SafeText, nullable=False),
    Column("text", SafeText, nullable=False),
    Column("facts", DomainJson[DocumentFacts](DocumentFacts), nullable=False),
    Column("ingested_at", UtcDateTime, nullable=False),
    *_told_columns(),
)
"""Earlier editions of documents: no longer searched, still there for who follows a citation."""

records = Table(
    "records",
    metadata,
    Column("id", SafeText, primary_key=True),
    Column("library", enum_names(Library), nullable=False),
    Column("external_id", SafeText, nullable=False),
    Column("title", SafeText, nullable=False),
    Column("summary", SafeText, nullable=False),
    Column("organisation", SafeText),
    Column("industries", DomainJson[tuple[str, ...]](tuple[str, ...]), nullable=False),
    Column("keywords", DomainJson[tuple[str, ...]](tuple[str, ...]), nullable=False),
    Column("modes", DomainJson[tuple[str, ...]](tuple[str, ...]), nullable=False),
    Column("region", SafeText),
    Column("source", SafeText, nullable=False),
    Column("valid_from", Date),
    Column("valid_until", Date),
    Column("starts_at", UtcDateTime),
    Column("closes_at", UtcDateTime),
    Column("ends_at", UtcDateTime),
    Column("phases", DomainJson[tuple[Phase, ...]](tuple[Phase, ...]), nullable=False),
    Column("series", DomainJson[Series](Series)),
    Column("details", DomainJson[Mapping[str, str]](dict[str, str]), nullable=False),
    Column("conditions", DomainJson[Conditions](Conditions), nullable=False),
    Column("private", DomainJson[Mapping[str, str]](dict[str, str]), nullable=False),
    Column("edited", DomainJson[tuple[str, ...]](tuple[str, ...]), nullable=False),
    Column("withdrawn", Boolean, nullable=False),
    Column("version", Integer, nullable=False),
    # What spellings of one title and organisation have in common.
    Column("name_key", SafeText, nullable=False),
    Index("ix_records_library", "library", "id"),
    Index("ix_records_name", "library", "name_key"),
    partial("ix_records_series", "starts_at", where="series IS NOT NULL"),
)

pulls = Table(
    "pulls",
    metadata,
    Column("name", SafeText, primary_key=True),
    Column("tried_at", UtcDateTime, nullable=False),
    Column("succeeded_at", UtcDateTime),
    Column("etag", SafeText, nullable=False),
    Column("modified", SafeText, nullable=False),
    Column("digest", SafeText, nullable=False),
    Column("counts", DomainJson[Counts](Counts), nullable=False),
    Column("error", SafeText, nullable=False),
)
"""The last pull of each source."""

needs = Table(
    "needs",
    metadata,
    Column("id", SERIAL, primary_key=True),
    Column("key", SafeText, nullable=False, unique=True),
    Column("address", SafeText, nullable=False),
    Column("draft", DomainJson[NeedDraft](NeedDraft), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("status", enum_names(NeedStatus), nullable=False),
    Column("offered", DomainJson[tuple[str, ...]](tuple[str, ...]), nullable=False),
    Column("offered_at", UtcDateTime),
    Index("ix_needs_address", "address", "id"),
    Index("ix_needs_created", "created_at"),
    sqlite_autoincrement=True,
)

need_events = Table(
    "need_events",
    metadata,
    Column("id", SERIAL, primary_key=True),
    Column("key", SafeText, nullable=False, unique=True),
    Column("need_id", SERIAL, ForeignKey(needs.c.id), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("by", SafeText, nullable=False),
    Column("before", enum_names(NeedStatus), nullable=False),
    Column("after", enum_names(NeedStatus), nullable=False),
    Column("note", SafeText, nullable=False),
    Column("replaced", DomainJson[NeedDraft](NeedDraft)),
    Index("ix_need_events_need", "need_id", "id"),
    Index("ix_need_events_at", "at"),
    sqlite_autoincrement=True,
)

pairings = Table(
    "pairings",
    metadata,
    Column("need_id", SERIAL, ForeignKey(needs.c.id), primary_key=True, autoincrement=False),
    Column("record_id", SafeText, primary_key=True),
    Column("state", enum_names(PairingState), nullable=False),
    Column("offered_at", UtcDateTime, nullable=False),
    Column("weights", SafeText, nullable=False),
    Column("score", Float, nullable=False),
    Column("reasons", DomainJson[tuple[Reason, ...]](tuple[Reason, ...]), nullable=False),
    Column("steps", DomainJson[tuple[PairingStep, ...]](tuple[PairingStep, ...]), nullable=False),
    Column("reason", SafeText, nullable=False),
    Column("answered_at", UtcDateTime),
    Column("followed", Integer, nullable=False),
    Column("due_at", UtcDateTime),
    Index("ix_pairings_record", "record_id", "offered_at"),
    partial("ix_pairings_due", "due_at", where="due_at IS NOT NULL"),
)
"""What became of the matches shown; the last word on each counts."""

orders = Table(
    "orders",
    metadata,
    Column("id", SERIAL, primary_key=True),
    Column("need_id", SERIAL, ForeignKey(needs.c.id), nullable=False),
    Column("record_id", SafeText, nullable=False),
    Column("state", enum_names(OrderState), nullable=False),
    Column("sent_at", UtcDateTime, nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("round", Integer, nullable=False),
    Column("by", SafeText, nullable=False),
    Column("note", SafeText, nullable=False),
    # A provider gets a need once; one at most has it.
    UniqueConstraint("need_id", "record_id"),
    partial("uq_orders_open", "need_id", where="state IN ('sent', 'taken')", unique=True),
    partial("ix_orders_due", "due_at", "id", where="state = 'sent'"),
    Index("ix_orders_record", "record_id"),
    sqlite_autoincrement=True,
)

submissions = Table(
    "submissions",
    metadata,
    Column("id", SERIAL, primary_key=True),
    Column("key", SafeText, nullable=False, unique=True),
    Column("form", SafeText, nullable=False),
    Column("address", SafeText, nullable=False),
    Column("filled", DomainJson[FilledForm](FilledForm), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("status", enum_names(SubmissionStatus), nullable=False),
    Column("note", SafeText, nullable=False),
    Index("ix_submissions_form", "form", "id"),
    sqlite_autoincrement=True,
)

reminders = Table(
    "reminders",
    metadata,
    Column("id", SERIAL, primary_key=True),
    Column("key", SafeText, nullable=False, unique=True),
    Column("address", SafeText, nullable=False),
    Column("record_id", SafeText, nullable=False),
    Column("title", SafeText, nullable=False),
    Column("anchor", enum_names(Anchor), nullable=False),
    Column("phase", SafeText, nullable=False, server_default=""),
    Column("offset", Written[Offset](Offset.read), nullable=False),
    Column("version", Integer, nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("state", enum_names(ReminderState), nullable=False),
    partial("ix_reminders_due", "due_at", "id", where="state = 'planned'"),
    partial("ix_reminders_address", "address", "due_at", where="state = 'planned'"),
    partial("ix_reminders_expired", "expires_at", where="state = 'expired'"),
    Index("ix_reminders_record", "record_id", "id"),
    sqlite_autoincrement=True,
)

questions = Table(
    "questions",
    metadata,
    Column("id", SERIAL, primary_key=True),
    Column("key", SafeText, unique=True),
    Column("address", SafeText, nullable=False),
    Column("question", SafeText, nullable=False),
    Column("reason", SafeText, nullable=False),
    Column("asked_at", UtcDateTime, nullable=False),
    sqlite_autoincrement=True,
)

handoffs = Table(
    "handoffs",
    metadata,
    Column("id", SERIAL, primary_key=True),
    Column("address", SafeText, nullable=False),
    Column("desk", SafeText, nullable=False),
    Column("why", SafeText, nullable=False),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("state", enum_names(HandoffState), nullable=False),
    Column("due_at", UtcDateTime),
    Column("before", DomainJson[tuple[Line, ...]](tuple[Line, ...]), nullable=False),
    Column("taken_by", SafeText),
    Column("acknowledged", Boolean, nullable=False),
    # One at most that is not over, for each person.
    partial("uq_handoffs_unclosed", "address", where="state <> 'handed_back'", unique=True),
    partial("ix_handoffs_due", "due_at", "id", where="due_at IS NOT NULL"),
    sqlite_autoincrement=True,
)

handoff_events = Table(
    "handoff_events",
    metadata,
    Column("id", SERIAL, primary_key=True),
    Column("handoff", SERIAL, ForeignKey(handoffs.c.id), nullable=False),
    Column("key", SafeText, nullable=False, unique=True),
    Column("step", enum_names(Step), nullable=False),
    Column("by", SafeText, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("text", SafeText, nullable=False),
    Index("ix_handoff_events_handoff", "handoff", "id"),
    sqlite_autoincrement=True,
)
"""Who did what with a handoff, and what was said in it: only ever appended."""

feedback = Table(
    "feedback",
    metadata,
    Column("id", SERIAL, primary_key=True),
    Column("key", SafeText, unique=True),
    Column("address", SafeText, nullable=False),
    Column("text", SafeText, nullable=False),
    Column("given_at", UtcDateTime, nullable=False),
    Column("verdict", enum_names(Verdict)),
    Column("question", SafeText),
    Column("answer", SafeText),
    sqlite_autoincrement=True,
)

leases = Table(
    "leases",
    metadata,
    Column("name", SafeText, primary_key=True),
    Column("holder", SafeText, nullable=False),
    Column("leased_until", UtcDateTime, nullable=False),
)
