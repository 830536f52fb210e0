"""What no score overrides: who does not fit at all. What is not known passes."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from core.domain.matching.matches import Facet
from core.domain.matching.rules import Rules
from core.domain.matching.scopes import serves_in
from core.domain.needs import Budget, NeedDraft
from core.domain.records import Record

YUAN = "CNY"


def shut(draft: NeedDraft, record: Record, rules: Rules, today: date) -> tuple[Facet, ...]:
    """The gates that a pair does not pass."""
    return tuple(_shut(draft, record, rules, today))


def _shut(draft: NeedDraft, record: Record, rules: Rules, today: date) -> Iterator[Facet]:
    if record.conditions.consent is False:
        yield Facet.CONSENT
    if region_agrees(draft, record) is False:
        yield Facet.REGION
    if modes_agree(draft, record, rules) is False:
        yield Facet.MODE
    if budget_agrees(draft, record, rules) is False:
        yield Facet.BUDGET
    if in_time(draft, record, today) is False:
        yield Facet.DEADLINE


def region_agrees(draft: NeedDraft, record: Record) -> bool | None:
    """Whether the record's scope admits the need; None when nothing is known of either."""
    if record.region is None or draft.region is None:
        return None
    return serves_in(record.region, draft.region)


def modes_agree(draft: NeedDraft, record: Record, rules: Rules) -> bool | None:
    """Whether the ways of working together may go together; None when one side names none.

    Those that are neighbours do: who asks for advice may be helped by who develops. What is shut
    out is a way of `strangers` on one side and none of its family on the other.
    """
    if not draft.modes or not record.modes:
        return None
    wanted, given = rules.families(draft.modes), rules.families(record.modes)
    if not wanted or not given or wanted & given:
        return True
    one_sided = any(set(side) <= rules.strangers for side in (draft.modes, record.modes))
    return not one_sided


def budget_agrees(draft: NeedDraft, record: Record, rules: Rules) -> bool | None:
    """Whether the sums overlap; None when one side names none, or another currency."""
    least, most = record.conditions.budget_min, record.conditions.budget_max
    budget = draft.budget
    if budget is None or budget.currency != YUAN or (least is None and most is None):
        return None
    low, high = _spread(budget, Decimal(str(rules.weights.about)))
    if low is None and high is None:
        return None
    too_little = least is not None and high is not None and high < least
    too_much = most is not None and low is not None and low > most
    return not (too_little or too_much)


def _spread(budget: Budget, about: Decimal) -> tuple[Decimal | None, Decimal | None]:
    by = about if budget.approx else Decimal(0)
    low = None if budget.min is None else budget.min * (1 - by)
    high = None if budget.max is None else budget.max * (1 + by)
    return low, high


def in_time(draft: NeedDraft, record: Record, today: date) -> bool | None:
    """Whether the time is long enough; None when one side names none, or it has run out anyhow."""
    days = record.conditions.lead_days
    if draft.deadline is None or days is None or draft.deadline.on < today:
        return None
    return today + timedelta(days=days) <= draft.deadline.on
