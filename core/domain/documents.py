"""Policy documents, the passages cited from them, and answers."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NewType

DocumentId = NewType("DocumentId", str)


class Level(StrEnum):
    """The level of government or association that issued a document."""

    NATIONAL = "national"
    PROVINCIAL = "provincial"
    CITY = "city"


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentFacts:
    """What was read from the text itself; None where the text does not say."""

    title: str
    issuer: str | None = None
    number: str | None = None
    """文号, e.g. 苏科协发〔2021〕50号."""
    region: str | None = None
    level: Level | None = None
    year: int | None = None
    signed_on: date | None = None
    closes_on: date | None = None
    """Last day of an application window the document opens."""
    expires_on: date | None = None
    """Last day of the period a plan covers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A document as ingested; `text` is verbatim and quotes are cut from it by offsets."""

    id: DocumentId
    source: str
    """The file name as ingested; a second ingest of the same name replaces the first."""
    digest: str
    """SHA-256 of the file's bytes, hex."""
    text: str
    facts: DocumentFacts
    ingested_at: datetime


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


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestOutcome:
    """One line of an ingest report; `detail` says why a file was refused."""

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
    handoff: bool = False
    """True when the person asked for a human."""
