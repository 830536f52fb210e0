"""What a match is: a need and a record that fit, why, what is unknown, what speaks against."""

from dataclasses import dataclass
from enum import StrEnum

from core.domain.needs import NeedId
from core.domain.records import Library, RecordId


class Facet(StrEnum):
    """What a reason or a gap is about."""

    TEXT = "text"
    """The need's words in the record."""
    SPECIALITY = "speciality"
    """The record's own key words in the need."""
    RELATED = "related"
    """Key words that the record shares with those nearest to the need."""
    INDUSTRY = "industry"
    REGION = "region"
    MODE = "mode"
    BUDGET = "budget"
    DEADLINE = "deadline"
    STAGE = "stage"
    CONSENT = "consent"


class Refusal(StrEnum):
    """What a reason for declining is about."""

    FAR = "far"
    DEAR = "dear"
    OFF = "off"
    """It does not suit this need."""
    SOLVED = "solved"
    """The need needs nobody any more."""
    OTHER = "other"


TOPICAL = frozenset({Facet.TEXT, Facet.SPECIALITY, Facet.RELATED, Facet.INDUSTRY})
"""Of these at least one must agree: a place and a mode alone make no match."""

SHOWN = 3
"""How many matches a person is shown at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """A facet on which both sides agree; `evidence` is what they share."""

    facet: Facet
    evidence: str
    need: str = ""
    """The words of the need it stands on, verbatim; empty where it gives none."""
    record: str = ""
    """The words of the record, verbatim."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Objection:
    """A facet that speaks against a match without ruling it out, and why."""

    facet: Facet
    evidence: str
    told: bool = False
    """Whether the need's person said so, when they declined another match."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A record recalled by text: how near it is, in [0, 1], and the words both sides share."""

    record_id: RecordId
    relevance: float
    terms: tuple[str, ...] = ()
    related: float = 0.0
    """How near it is, in [0, 1], to what was found first, by the key words of that."""
    near: tuple[str, ...] = ()
    """Which of those words it holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedCandidate:
    """A need recalled for a record: how much of it the record speaks of, and in which words."""

    need_id: NeedId
    relevance: float
    terms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A record that may help, best first by `score`; `missing` are facets nothing is known of."""

    library: Library
    record_id: RecordId
    title: str
    score: float
    reasons: tuple[Reason, ...]
    missing: tuple[Facet, ...] = ()
    against: tuple[Objection, ...] = ()
    weights: str = ""
    """The version of the weights it was scored with."""
