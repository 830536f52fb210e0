"""Why a match was declined, and what that teaches for others like it."""

from collections.abc import Iterable, Iterator, Mapping

from core.domain.matching.matches import Facet, Refusal
from core.domain.matching.pairings import Pairing, PairingState
from core.domain.matching.rules import folded
from core.domain.matching.scoring import Lesson
from core.domain.needs import NeedId
from core.domain.records import Record, RecordId

OF_THE_NEED = frozenset({Refusal.OFF, Refusal.SOLVED})
"""Refusals that say nothing of the record for another need."""

_FACETS = {Refusal.FAR: Facet.REGION, Refusal.DEAR: Facet.BUDGET, Refusal.OFF: Facet.TEXT}


def refusal_of(reason: str, words: Mapping[Refusal, tuple[str, ...]]) -> Refusal:
    """What a reason is about, by the first kind of which a word stands in it."""
    said = folded(reason)
    kinds = (kind for kind, some in words.items() if any(word in said for word in some))
    return next(kinds, Refusal.OTHER)


def ruled_out(
    need_id: NeedId, declined: Iterable[Pairing], words: Mapping[Refusal, tuple[str, ...]]
) -> frozenset[RecordId]:
    """Records that a person does not want: for this need, or whatever the need."""
    return frozenset(
        one.record_id
        for one in declined
        if one.need_id == need_id or refusal_of(one.reason, words) not in OF_THE_NEED
    )


def lessons(
    declined: Iterable[Pairing],
    records: Mapping[RecordId, Record],
    words: Mapping[Refusal, tuple[str, ...]],
) -> Iterator[Lesson]:
    """What declining taught: the facet that the reason was about, and where it applies."""
    for one in declined:
        record = records.get(one.record_id)
        facet = _FACETS.get(refusal_of(one.reason, words))
        if one.state is not PairingState.DECLINED or record is None or facet is None:
            continue
        caused = tuple(word for word in _caused(facet, one, record) if word)
        if caused:
            yield Lesson(facet=facet, words=caused, because=record.title)


def _caused(facet: Facet, pairing: Pairing, record: Record) -> tuple[str, ...]:
    if facet is Facet.REGION:
        return (record.region or "",)
    if facet is Facet.BUDGET:
        return (str(record.conditions.budget_min or ""),)
    shared = (reason.evidence for reason in pairing.reasons if reason.facet is Facet.TEXT)
    return tuple(word for evidence in shared for word in evidence.split("、"))
