"""Policy documents, the passages cited from them, and answers."""

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import NewType

DocumentId = NewType("DocumentId", str)


class Level(StrEnum):
    """The level of government or association that issued a document."""

    NATIONAL = "national"
    PROVINCIAL = "provincial"
    CITY = "city"


class Kind(StrEnum):
    """What a document or an annex is, told by its title."""

    PLAN = "plan"
    CALL = "call"
    RULES = "rules"
    STANDARD = "standard"
    LIST = "list"
    NOTICE = "notice"
    REPORT = "report"


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentFacts:
    """The summary of what was read and edited; None where neither says."""

    title: str
    issuer: str | None = None
    number: str | None = None
    """文号, e.g. 苏科协发〔2021〕50号."""
    region: str | None = None
    level: Level | None = None
    kind: Kind | None = None
    year: int | None = None
    signed_on: date | None = None
    issued_on: date | None = None
    """印发日期, when it is told apart from the day of signing."""
    effective_on: date | None = None
    opens_on: date | None = None
    closes_on: date | None = None
    """Last day of an application window the document opens."""
    closes_at: time | None = None
    """Time of that day, Asia/Shanghai."""
    expires_on: date | None = None
    """Last day of the period a plan covers, or of the document's force."""
    superseded_by: str | None = None
    """File name of a newer edition; both can be cited, the newer one holds."""


class Standing(StrEnum):
    """Whether a document holds on a day."""

    CURRENT = "current"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"


def standing_of(facts: DocumentFacts, today: date) -> Standing:
    """A newer edition goes before an expiry; a call without an expiry ends with its window."""
    if facts.superseded_by is not None:
        return Standing.SUPERSEDED
    last = facts.expires_on or facts.closes_on
    return Standing.EXPIRED if last is not None and last < today else Standing.CURRENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One thing a document says of itself; `text[start:end]` is the quote it was read from."""

    name: str
    """A field of `DocumentFacts`, or `contact`, `phone`, `email`, `address`, `quota` or `total`.

    A `total` is one that does not equal the sum of its column: what is stated ≠ the sum.
    """
    value: str
    """Days and times in ISO form, everything else as written, without spaces inside Chinese."""
    start: int
    end: int
    part: int = 0
    """0 for the main text, then the annexes in order."""
    details: tuple[tuple[str, str], ...] = ()
    """Of a contact its unit, phone …; of a quota the cells of its row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """A value an operator set in place of what was read; it stands until it is unset."""

    name: str
    value: str
    part: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The main text or an annex: a document of its own inside one file."""

    start: int
    end: int
    facts: DocumentFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A document as ingested; `text` is verbatim and quotes are cut from it by offsets."""

    id: DocumentId
    source: str
    """The file name as ingested; a second ingest of the same name is a newer edition."""
    digest: str
    """SHA-256 of the file's bytes, hex."""
    text: str
    facts: DocumentFacts
    ingested_at: datetime
    readings: tuple[Reading, ...] = ()
    edits: tuple[Edit, ...] = ()
    parts: tuple[Part, ...] = ()
    """The main text and its annexes in order; none when there is no annex."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentEntry:
    """A line of the list of documents."""

    id: DocumentId
    source: str
    facts: DocumentFacts
    ingested_at: datetime
    editions: int
    """How many earlier editions of the file are kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """A document without its text and facts: what tells that either has changed."""

    id: DocumentId
    source: str
    state: str
    """Another one whenever the file's bytes, the facts or the parts are others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """A verbatim quote and where it stands: `text[start:end] == quote` in its document."""

    document: str
    """The document's title."""
    source: str
    section: str
    """Path of headings, joined by ' > '."""
    quote: str
    document_id: DocumentId
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer with its evidence, or an abstention with its reason.

    `text` is what the person reads. When `abstained`, `reason` says why and citations, if any,
    are the nearest stated facts.
    """

    question: str
    text: str
    abstained: bool = False
    reason: str | None = None
    citations: tuple[Citation, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """An earlier question of the same conversation and its answer, for follow-ups."""

    question: str
    answer: str = ""


class IngestState(StrEnum):
    """What became of one file."""

    STORED = "stored"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


class IngestStep(StrEnum):
    """What is being done to documents after they were stored."""

    INDEX = "index"
    VECTORS = "vectors"


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestOutcome:
    """One line of an ingest report; `detail` says why a file was refused, or what is odd in it."""

    source: str
    state: IngestState
    chunks: int = 0
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenQuestion:
    """A question the documents do not answer, queued for operators."""

    id: int
    address: str
    question: str
    reason: str
    asked_at: datetime


class Verdict(StrEnum):
    """What a person thinks of an answer."""

    GOOD = "good"
    BAD = "bad"


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback:
    """What a person says about the service, or about the answer they were given."""

    text: str
    verdict: Verdict | None = None
    about: Exchange | None = None
    """The question and the answer it is about; None when it is about neither."""
