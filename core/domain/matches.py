"""Scoring a need against a record, with reasons and what is missing: pure rules.

Hard gates first (a record that is not current or serves another place never passes); then a
weighted sum of facets in [0, 1]. Every reason names the fields it stands on.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.domain.needs import NeedDraft, NeedId, Region
from core.domain.records import Library, Record, RecordId

_MUNICIPALITIES = "北京|天津|上海|重庆"
_PROVINCES = (
    "河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|"
    "云南|陕西|甘肃|青海|台湾|内蒙古|广西|西藏|宁夏|新疆|香港|澳门"
)
_PROVINCE = re.compile(
    rf"(?:{_MUNICIPALITIES})市?|[^省市]{{2,3}}省"
    rf"|(?:{_PROVINCES})(?!市|藏族)(?:(?:壮族|回族|维吾尔)?自治区|特别行政区)?"
)
_CITY = re.compile(r"[^市盟]{2,}?(?:市|自治州|地区|盟)|.*[^区县旗]$")
_SUFFIX = re.compile(
    r"(?<=..)(?:(?:壮族|回族|维吾尔)?自治区|特别行政区|自治州|地区|[省市区县盟旗])$"
)
_BETWEEN = re.compile(r"[\s、，,;；/|]+")


class Facet(StrEnum):
    """What a reason or a gap is about."""

    TEXT = "text"
    INDUSTRY = "industry"
    REGION = "region"
    MODE = "mode"


WEIGHTS = {Facet.TEXT: 0.5, Facet.INDUSTRY: 0.2, Facet.REGION: 0.15, Facet.MODE: 0.15}


SHOWN = 3
"""How many matches a person is shown at once."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchAnswer:
    """What a person said to a match that was shown: wanted, or not and why, in their words."""

    need_id: NeedId
    record_id: RecordId
    wanted: bool
    at: datetime
    reason: str = ""


def serves(record: Record, draft: NeedDraft) -> bool:
    """Whether the record's region scope admits the need; unknown on either side admits."""
    return _region_agrees(record, draft) is not False


def _region_agrees(record: Record, draft: NeedDraft) -> bool | None:
    if record.region is None or draft.region is None:
        return None
    return _serves_in(record.region, draft.region)


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


def _serves_in(scope: str, region: Region) -> bool | None:
    """Whether a record of that scope serves the region; None when no level is known of both.

    A scope may name several places; one that serves is enough. Levels that one side does not
    name agree with everything.
    """
    verdicts = [_agree(_read_scope(place), region) for place in _BETWEEN.split(scope) if place]
    if True in verdicts:
        return True
    return None if None in verdicts or not verdicts else False


def _read_scope(place: str) -> Region:
    """The levels that one written place names, with or without the words for the levels."""
    found = _PROVINCE.match(place)
    province = found[0] if found else None
    rest = place[len(province or "") :]
    if province and re.match(_MUNICIPALITIES, province):
        return Region(province=province, city=province, county=rest or None, raw=place)
    city = _CITY.match(rest)
    county = rest[city.end() :] if city else rest
    return Region(
        province=province, city=city[0] if city else None, county=county or None, raw=place
    )


def _agree(scope: Region, region: Region) -> bool | None:
    if not scope.province and _same(scope.city, region.county):
        return True  # a city below a city, written alone
    levels = ("province", "city", "county")
    pairs = [(getattr(scope, level), getattr(region, level)) for level in levels]
    known = [_same(one, other) for one, other in pairs if one and other]
    return all(known) if known else None


def _same(one: str | None, other: str | None) -> bool:
    if not one or not other:
        return False
    short, long = sorted((_SUFFIX.sub("", one), _SUFFIX.sub("", other)), key=len)
    return long.startswith(short)
