"""Whether evidence answers: what a question demands must be said, and the rest is weighed."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from knowledge.answers.composition import say
from knowledge.answers.evidence import Evidence
from knowledge.answers.kinds import CONTACTS, STRICT, Kind
from knowledge.answers.question import BARE, Question
from knowledge.answers.weighing.cover import NOWHERE
from knowledge.answers.weighing.scorer import scorer
from knowledge.answers.weighing.years import speaks_of_years
from knowledge.lexicon.words import NAMING, normalise

LIKELY = 0.46
"""Evidence less likely than this to answer is only the nearest thing stated."""

NEAR = 0.3
"""Share of a question's subject that the nearest thing stated has to name to be told."""

_LOOKED_AT = 3
_THIS_YEAR = "今年"
"""People say it of a call they read now, whenever it was issued; its end is noted instead."""


_DEMANDS = (
    "exact_unsaid",
    "only_planned",
    "only_reached",
    "turn_unsaid",
    "scope_unsaid",
    "cited_unsaid",
    "outcome_unsaid",
    "cost_unsaid",
    "grant_unsaid",
    "apiece_unsaid",
    "office_unsaid",
    "plan_unsaid",
    "grade_unsaid",
    "average_unsaid",
    "person_unsaid",
    "others_unsaid",
    "region_unsaid",
)
"""Features each of which alone means that the documents do not say what is asked."""

_NAMED = frozenset({Kind.MEMBERS, Kind.LIST})
"""Kinds for which a set has to be told, not counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why the documents do not answer: reason, what is missing, the nearest thing stated."""

    reason: str
    missing: str = ""
    nearest: Evidence | None = None


def ranked(asked: Question, admitted: Sequence[Evidence]) -> list[Evidence]:
    """Evidence, best first; where a kind of thing must be held, what holds none goes last."""
    if asked.kind not in STRICT:
        return list(admitted)
    return sorted(admitted, key=lambda one: not one.held)


def shares(evidence: Sequence[Evidence]) -> list[float]:
    """How the belief in one of them being the answer is spread over all; adds up to 1."""
    top = max((one.score for one in evidence), default=0.0)
    powers = [math.exp(one.score - top) for one in evidence]
    return [one / sum(powers) for one in powers]


def case_of(asked: Question, order: Sequence[Evidence]) -> dict[str, float]:
    """The features of the best evidence and of how it stands among the others."""
    best = order[0]
    case = dict(best.seen.features)
    case["share"] = shares(order)[0]
    case["score"] = best.score / 10
    case["coverage"] = best.coverage
    case["lost"] = max(0.0, best.lost)
    case["grounded"] = float(best.grounded)
    case["is_held"] = float(best.held)
    case["missing"] = float(len(best.missing))
    case["names"] = float(sum(weight >= NAMING for weight in asked.words.values()))
    case["words"] = float(len(asked.words))
    case["others_held"] = float(any(one.held for one in order[:_LOOKED_AT]))
    if asked.kind:
        case[f"kind_{asked.kind}"] = 1.0
    return case


def refusal(asked: Question, order: Sequence[Evidence]) -> Refusal | None:
    """Why the best evidence does not answer, or None when it does."""
    best = order[0]
    near = best if best.coverage >= NEAR else None
    if asked.kind in STRICT and not best.held:
        return Refusal(reason="kind", missing=say(f"kinds.{asked.kind}"), nearest=near)
    dated = asked.years and _THIS_YEAR not in asked.text
    if dated and not speaks_of_years(asked.years, best.sentence, best.passage):
        years = "、".join(str(year) for year in sorted(asked.years))
        return Refusal(reason="year", missing=years, nearest=near)
    case = case_of(asked, order)
    unlikely = scorer().likely(case) < LIKELY and not _anyones(asked)
    if unlikely or _unmet(asked, case) or (asked.kind is None and _only_titled(best)):
        missing = "、".join(best.missing[:3] or sorted(asked.sorts)[:1])
        if missing:
            return Refusal(reason="subject", missing=missing, nearest=near)
        return Refusal(reason="nothing_found", nearest=near)
    return None


def _only_titled(best: Evidence) -> bool:
    """Whether evidence has nothing of a question but its document's name, and lacks the rest."""
    title = normalise(best.passage.source.facts.title)
    matter = {word: layer for word, (layer, _) in best.seen.places.items() if word not in title}
    return bool(matter) and all(layer == NOWHERE for layer in matter.values())


def _anyones(asked: Question) -> bool:
    """Whether a contact is asked for without saying whose: those that there are, are told."""
    return asked.kind in CONTACTS and all(weight <= BARE for weight in asked.words.values())


def _unmet(asked: Question, case: Mapping[str, float]) -> bool:
    """Whether the evidence leaves out something without which there is no answer."""
    if asked.kind in _NAMED and case.get("set_only"):
        return True
    if asked.kind is Kind.MEMBERS and case.get("unlisted"):
        return True
    if (asked.kind in STRICT or asked.polar) and case.get("place_unsaid"):
        return True
    return any(case.get(one) for one in _DEMANDS)
