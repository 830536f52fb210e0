"""All readers over one text: the draft of a need, and what in the text is doubtful."""

import re
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from actions.understanding.budget import BudgetReading, read_budget
from actions.understanding.contact import ContactReading, read_contact
from actions.understanding.deadline import DeadlineReading, read_deadline
from actions.understanding.indicators import read_indicators
from actions.understanding.industry import codes_of, industry_by_form, read_industry
from actions.understanding.modes import ModesReading, read_modes
from actions.understanding.problem import Marks, read_problem
from actions.understanding.region import RegionReading, read_region
from actions.understanding.scope import later_needs, pleasantries, unticked
from actions.understanding.text import Span, fold, mask
from core.domain.needs import Budget, Contact, Deadline, NeedDraft, Region

BLANK = re.compile(r"(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff])")
"""A blank inside a Chinese name: 赵 先生."""


EVERYTHING = "四川绵阳做轴承的,套圈开裂,想联合研发,预算二十万,春节前完成,找王工,0816-2345678"
"""A need in which every reader finds something, so that all of them are loaded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What every reader found in one text."""

    draft: NeedDraft
    budget: BudgetReading
    deadline: DeadlineReading
    region: RegionReading
    contact: ContactReading
    modes: ModesReading
    aside: tuple[Span, ...] = ()
    """What is no part of the need: the contact, later needs, what was taken back."""

    @property
    def ask(self) -> tuple[str, ...]:
        """What must be asked back because it is ambiguous or wrong, not because it is missing."""
        doubtful = {
            "region": self.region.ambiguous,
            "budget": self.budget.unitless or self.budget.vague,
            "deadline": self.deadline.past or self.deadline.vague,
            "phone": self.contact.bad_phone,
        }
        return tuple(name for name, doubt in doubtful.items() if doubt)


def warm_up(said_at: datetime) -> None:
    """Load what the first needs would wait for: tables, patterns, the libraries of numbers."""
    read(EVERYTHING, said_at)


def extract(text: str, said_at: datetime) -> NeedDraft:
    """The need a text states; every value stands in the text."""
    return read(text, said_at).draft


def read(text: str, said_at: datetime, *, asked: str = "") -> Reading:
    """Read everything; `asked` names the field of the draft that the text answers for."""
    folded = fold(text)
    contact = read_contact(folded, asked=asked == "contact")
    polite = [*pleasantries(folded), *unticked(folded)]
    whole = mask(folded, (*contact.spans, *polite))
    later = later_needs(whole)
    rest = mask(whole, later)
    deadline = read_deadline(rest, said_at, asked=asked == "deadline")
    budget = read_budget(
        mask(rest, [deadline.span] if deadline.span else []), asked=asked == "budget"
    )
    region = read_region(whole, asked=asked == "region")
    known = [span for span in (deadline.span, budget.span) if span]
    indicators = read_indicators(mask(rest, known))
    elsewhere = mask(rest, [region.span] if region.span else [])
    industry = read_industry(elsewhere)
    modes = read_modes(rest)
    facts = [span for span in (deadline.span, budget.span, region.span) if span]
    marks = Marks(
        facts=facts,
        trade=industry.spans,
        wishes=modes.spans,
        barriers=(*contact.spans, *later),
    )
    problem = read_problem(rest, marks, asked=asked == "problem")
    told = (region.region, budget.budget, deadline.deadline, modes.modes)
    if problem is None and industry.industry and any(told):
        problem = read_problem(
            rest, marks, asked=True
        )  # what else the person says is what it is about
    named = industry.industry
    if problem:
        named = industry_by_form(mask(elsewhere, known), named)
    return Reading(
        draft=NeedDraft(
            problem=problem.of(text) if problem else None,
            industry=named,
            region=_verbatim(region, text),
            budget=_budget(budget, text),
            deadline=_deadline(deadline.deadline, deadline.span, text),
            modes=modes.modes,
            contact=_contact(contact, text),
            indicators=tuple(dict.fromkeys(span.of(text).strip() for span in indicators)),
        ),
        budget=budget,
        deadline=deadline,
        region=region,
        contact=contact,
        modes=modes,
        aside=(*contact.spans, *polite, *later),
    )


def _verbatim(reading: RegionReading, text: str) -> Region | None:
    if reading.region is None or reading.span is None:
        return None
    return replace(reading.region, raw=reading.span.of(text))


def _budget(reading: BudgetReading, text: str) -> Budget | None:
    if reading.budget is None or reading.span is None:
        return None
    return replace(reading.budget, raw=reading.span.of(text).strip())


def _contact(reading: ContactReading, text: str) -> Contact | None:
    """The contact with the name in the script it was written in."""
    if reading.contact is None or reading.name is None:
        return reading.contact
    return replace(reading.contact, name=BLANK.sub("", reading.name.of(text)))


def _deadline(deadline: Deadline | None, span: Span | None, text: str) -> Deadline | None:
    if deadline is None or span is None:
        return None
    return replace(deadline, raw=span.of(text).strip())


def to_json(draft: NeedDraft) -> dict[str, Any]:
    """The draft as `keqiao extract` prints it: money in yuan, absent fields null."""
    industry, region, deadline, contact = (
        draft.industry,
        draft.region,
        draft.deadline,
        draft.contact,
    )
    return {
        "industry": industry
        and {
            "labels": list(industry.labels),
            "sei_2018": codes_of(industry.labels),
            "raw": industry.raw,
        },
        "problem": draft.problem,
        "indicators": list(draft.indicators),
        "region": region
        and {
            "province": region.province,
            "city": region.city,
            "county": region.county,
            "raw": region.raw,
        },
        "budget": draft.budget and _budget_json(draft.budget),
        "deadline": deadline
        and {"iso": deadline.on.isoformat(), "raw": deadline.raw, "kind": str(deadline.kind)},
        "cooperation_mode": list(draft.modes) or None,
        "contact": contact
        and {
            "name": contact.name,
            "phone": contact.phone,
            "wechat": contact.wechat,
            "email": contact.email,
        },
        "missing": ["cooperation_mode" if one == "modes" else one for one in draft.missing],
    }


def _budget_json(budget: Budget) -> dict[str, Any]:
    return {
        "min": yuan(budget.min),
        "max": yuan(budget.max),
        "currency": budget.currency,
        "raw": budget.raw,
        "approx": budget.approx,
    }


def yuan(amount: Decimal | None) -> int | float | None:
    """An amount as a JSON number, whole where it is whole."""
    if amount is None:
        return None
    return int(amount) if amount == amount.to_integral_value() else float(amount)
