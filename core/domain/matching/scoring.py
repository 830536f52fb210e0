"""Scoring a need against a record for both sides, with reasons and what is missing: pure rules.

Gates first; then a weighted sum of facets for either side, and of the two their harmonic mean.
What is not known counts a little and is named. Every reason names the fields it stands on.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from core.domain.matching.gates import (
    budget_agrees,
    in_time,
    modes_agree,
    region_agrees,
    shut,
)
from core.domain.matching.matches import TOPICAL, Candidate, Facet, Match, Objection, Reason
from core.domain.matching.quotes import pairs, quote, texts_of
from core.domain.matching.rules import Rules, folded
from core.domain.needs import NeedDraft
from core.domain.records import Record

READY, TRIED = 7, 4
"""Levels of readiness: proven in use, and tried outside the laboratory's head."""
BEST_OF = 3
"""So many of a record's key words speak for it; a long list is no fault."""
PARTLY = 0.8
"""What a key word counts of which all pairs of characters stand in the need, but not together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """What a person taught by declining: a facet that counts less where `words` apply."""

    facet: Facet
    words: tuple[str, ...]
    because: str
    """The title of what was declined."""


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What one facet comes to: how well it agrees, None when nothing is known of it."""

    value: float | None
    reason: Reason | None = None
    against: str = ""


UNKNOWN = View(value=None)


def match(
    draft: NeedDraft,
    record: Record,
    candidate: Candidate,
    rules: Rules,
    *,
    today: date,
    lessons: Sequence[Lesson] = (),
) -> Match | None:
    """Score one recalled record, or None when a gate is shut or nothing agrees on the topic."""
    if shut(draft, record, rules, today):
        return None
    views = views_of(draft, record, candidate, rules, today=today)
    if not any(views[facet].reason for facet in TOPICAL):
        return None
    taught = dict(_taught(views, record, lessons))
    weights = rules.weights
    values = {
        facet: weights.unknown if view.value is None else view.value
        for facet, view in views.items()
    }
    for facet in taught:
        values[facet] *= weights.told
    against = [Objection(facet=f, evidence=v.against) for f, v in views.items() if v.against]
    against += [Objection(facet=f, evidence=e, told=True) for f, e in taught.items()]
    return Match(
        library=record.library,
        record_id=record.id,
        title=record.title,
        score=round(_mean(_side(weights.need, values), _side(weights.record, values)), 4),
        reasons=tuple(view.reason for view in views.values() if view.reason),
        missing=tuple(facet for facet, view in views.items() if view.value is None),
        against=tuple(against),
        weights=weights.version,
    )


def _side(weights: Mapping[Facet, float], values: Mapping[Facet, float]) -> float:
    return sum(weight * values[facet] for facet, weight in weights.items()) / sum(weights.values())


def _mean(one: float, other: float) -> float:
    """The harmonic mean: a pair is as good as its less willing side lets it be."""
    return 2 * one * other / (one + other) if one and other else 0.0


def views_of(
    draft: NeedDraft, record: Record, candidate: Candidate, rules: Rules, *, today: date
) -> dict[Facet, View]:
    """What each facet comes to."""
    return {
        Facet.TEXT: _text(draft, record, candidate),
        Facet.SPECIALITY: _speciality(draft, record),
        Facet.RELATED: _related(record, candidate),
        Facet.INDUSTRY: _industry(draft, record, rules),
        Facet.REGION: _region(draft, record),
        Facet.MODE: _mode(draft, record, rules),
        Facet.BUDGET: _budget(draft, record, rules),
        Facet.DEADLINE: _deadline(draft, record, today),
        Facet.STAGE: _stage(draft, record, rules),
        Facet.CONSENT: View(value=None if record.conditions.consent is None else 1.0),
    }


def _text(draft: NeedDraft, record: Record, candidate: Candidate) -> View:
    labels = draft.industry.labels if draft.industry else ()
    # Words of an industry's name agree as the industry, not a second time as text.
    terms = [term for term in candidate.terms if not any(term in label for label in labels)]
    if not terms:
        return View(value=candidate.relevance)
    reason = Reason(
        facet=Facet.TEXT,
        evidence="、".join(terms),
        need=quote((draft.problem or "", *draft.indicators), terms),
        record=quote(texts_of(record), terms),
    )
    return View(value=candidate.relevance, reason=reason)


def _related(record: Record, candidate: Candidate) -> View:
    if not candidate.near:
        return View(value=candidate.related)
    reason = Reason(
        facet=Facet.RELATED,
        evidence="、".join(candidate.near),
        record=quote(texts_of(record), candidate.near),
    )
    return View(value=candidate.related, reason=reason)


def _speciality(draft: NeedDraft, record: Record) -> View:
    said = folded("\n".join((draft.problem or "", *draft.indicators)))
    if not said or not record.keywords:
        return UNKNOWN
    near = pairs(said)
    told = {word: _covered(folded(word), said, near) for word in record.keywords}
    best = sorted(told.values(), reverse=True)[:BEST_OF]
    whole = [word for word, share in told.items() if share == 1.0]
    reason = Reason(
        facet=Facet.SPECIALITY,
        evidence="、".join(whole),
        need=quote((draft.problem or "", *draft.indicators), [folded(word) for word in whole]),
        record="、".join(whole),
    )
    return View(value=sum(best) / len(best), reason=reason if whole else None)


def _covered(word: str, said: str, near: set[str]) -> float:
    if word in said:
        return 1.0
    own = pairs(word)
    return PARTLY * len(own & near) / len(own) if own else 0.0


def _industry(draft: NeedDraft, record: Record, rules: Rules) -> View:
    wanted = draft.industry.labels if draft.industry else ()
    own = record.conditions.accepts or record.industries
    if not wanted or not own:
        return UNKNOWN
    trades = rules.trades
    same = [(one, two) for one in wanted for two in own if trades.named(one) == trades.named(two)]
    near = same or [(one, two) for one in wanted for two in own if trades.kin(one, two)]
    if not near:
        return View(value=0.0, against="、".join(own))
    ours = "、".join(dict.fromkeys(one for one, _ in near))
    theirs = "、".join(dict.fromkeys(two for _, two in near))
    evidence = ours if same else f"{ours} / {theirs}"
    return View(
        value=1.0 if same else rules.weights.kin,
        reason=Reason(facet=Facet.INDUSTRY, evidence=evidence, need=ours, record=theirs),
    )


def _region(draft: NeedDraft, record: Record) -> View:
    if not region_agrees(draft, record) or record.region is None or draft.region is None:
        return UNKNOWN
    where = draft.region.raw or draft.region.name
    reason = Reason(facet=Facet.REGION, evidence=record.region, need=where, record=record.region)
    return View(value=1.0, reason=reason)


def _mode(draft: NeedDraft, record: Record, rules: Rules) -> View:
    if modes_agree(draft, record, rules) is None:
        return UNKNOWN
    same = [mode for mode in draft.modes if mode in record.modes]
    if same:
        shown = "、".join(same)
        reason = Reason(facet=Facet.MODE, evidence=shown, need=shown, record=shown)
        return View(value=1.0, reason=reason)
    near = rules.families(draft.modes) & rules.families(record.modes)
    return View(value=rules.weights.family if near else 0.0, against="、".join(record.modes))


def _budget(draft: NeedDraft, record: Record, rules: Rules) -> View:
    if not budget_agrees(draft, record, rules) or draft.budget is None:
        return UNKNOWN
    terms = record.conditions
    ends = ["" if end is None else str(end) for end in (terms.budget_min, terms.budget_max)]
    shown = "-".join(ends)
    reason = Reason(facet=Facet.BUDGET, evidence=shown, need=draft.budget.raw, record=shown)
    return View(value=1.0, reason=reason)


def _deadline(draft: NeedDraft, record: Record, today: date) -> View:
    if draft.deadline is not None and draft.deadline.on < today:
        return View(value=None, against=draft.deadline.on.isoformat())
    if not in_time(draft, record, today) or draft.deadline is None:
        return UNKNOWN
    days = str(record.conditions.lead_days)
    said = draft.deadline.raw or draft.deadline.on.isoformat()
    reason = Reason(facet=Facet.DEADLINE, evidence=days, need=said, record=days)
    return View(value=1.0, reason=reason)


def _stage(draft: NeedDraft, record: Record, rules: Rules) -> View:
    wanted = [mode for mode in draft.modes if mode in rules.finished]
    level = record.conditions.trl
    if not wanted or level is None:
        return UNKNOWN
    if level < TRIED:
        return View(value=0.0, against=str(level))
    if level < READY:
        return View(value=rules.weights.kin)
    reason = Reason(
        facet=Facet.STAGE, evidence=str(level), need="、".join(wanted), record=str(level)
    )
    return View(value=1.0, reason=reason)


def _taught(
    views: Mapping[Facet, View], record: Record, lessons: Iterable[Lesson]
) -> Iterator[tuple[Facet, str]]:
    """The facets that count less, and which match taught it."""
    least = record.conditions.budget_min
    words: dict[Facet, set[str | None]] = {
        Facet.REGION: {record.region},
        Facet.TEXT: set(_words(views[Facet.TEXT])),
    }
    for lesson in lessons:
        if lesson.facet is Facet.BUDGET:
            applies = least is not None and least >= min(map(int, lesson.words))
        else:
            own = words.get(lesson.facet) or {None}
            applies = own <= set(lesson.words)
        if applies:
            yield lesson.facet, lesson.because


def _words(view: View) -> list[str]:
    return view.reason.evidence.split("、") if view.reason else []
