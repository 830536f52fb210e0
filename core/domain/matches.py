"""Scoring a need against a record, with reasons and what is missing: pure rules.

Hard gates first (a record that is not current or serves another place never passes); then a
weighted sum of facets in [0, 1]. Every reason names the fields it stands on.
"""

from dataclasses import dataclass
from enum import StrEnum

from core.domain.needs import NeedDraft
from core.domain.records import Library, Record, RecordId
from core.domain.regions import serves_in


class Facet(StrEnum):
    """What a reason or a gap is about."""

    TEXT = "text"
    INDUSTRY = "industry"
    REGION = "region"
    MODE = "mode"


WEIGHTS = {Facet.TEXT: 0.5, Facet.INDUSTRY: 0.2, Facet.REGION: 0.15, Facet.MODE: 0.15}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """A facet on which both sides agree; `evidence` is what they share, in their own words."""

    facet: Facet
    evidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A record recalled by text: `relevance` in [0, 1] and the terms both sides share."""

    record_id: RecordId
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


def serves(record: Record, draft: NeedDraft) -> bool:
    """Whether the record's region scope admits the need; unknown on either side admits."""
    return _region_agrees(record, draft) is not False


def _region_agrees(record: Record, draft: NeedDraft) -> bool | None:
    if record.region is None or draft.region is None:
        return None
    return serves_in(record.region, draft.region)


def match(draft: NeedDraft, record: Record, candidate: Candidate) -> Match | None:
    """Score one recalled record, or None when a gate forbids it or nothing agrees."""
    if not serves(record, draft):
        return None
    agreeing = dict(_agreements(draft, record, candidate))
    if not agreeing:
        return None
    score = sum(
        WEIGHTS[facet] * (candidate.relevance if facet is Facet.TEXT else 1.0)
        for facet in agreeing
    )
    return Match(
        library=record.library,
        record_id=record.id,
        title=record.title,
        score=round(score, 4),
        reasons=tuple(Reason(facet=f, evidence=e) for f, e in agreeing.items()),
        missing=_gaps(draft, record),
    )


def _agreements(draft: NeedDraft, record: Record, candidate: Candidate) -> list[tuple[Facet, str]]:
    found: list[tuple[Facet, str]] = []
    labels = draft.industry.labels if draft.industry else ()
    # Words of an industry's name agree as the industry, not a second time as text.
    terms = [term for term in candidate.terms if not any(term in label for label in labels)]
    if terms:
        found.append((Facet.TEXT, "、".join(terms)))
    shared = [label for label in labels if label in record.industries]
    if shared:
        found.append((Facet.INDUSTRY, "、".join(shared)))
    if record.region and _region_agrees(record, draft):
        found.append((Facet.REGION, record.region))
    modes = [mode for mode in draft.modes if mode in record.modes]
    if modes:
        found.append((Facet.MODE, "、".join(modes)))
    return found


def _gaps(draft: NeedDraft, record: Record) -> tuple[Facet, ...]:
    gaps: list[Facet] = []
    if not draft.industry or not record.industries:
        gaps.append(Facet.INDUSTRY)
    if _region_agrees(record, draft) is None:
        gaps.append(Facet.REGION)
    if not draft.modes or not record.modes:
        gaps.append(Facet.MODE)
    return tuple(gaps)
