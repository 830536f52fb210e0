"""The need as the dialogue remembers it: JSON in Rasa's slots, a draft in ours."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from actions.turn import Events, set_slot
from actions.understanding.extract import yuan
from core.domain.needs import (
    FIELDS,
    Budget,
    Contact,
    Deadline,
    DeadlineKind,
    Industry,
    NeedDraft,
    Region,
)

FORM = "need_form"
REQUESTED = "requested_slot"
CONFIRMED = "need_confirmed"
NOTE = "need_note"
"""What the form has to say before its next question: doubts, what was noted, the retry key."""
type Json = dict[str, Any] | None

DECLINED = {"declined": True}
"""The value of a slot that the person does not want to fill."""


def slot_of(field: str) -> str:
    """The slot that holds a field of the draft."""
    return f"need_{field}"


def field_of(slot: str | None) -> str:
    """The field of the draft that a slot holds; empty for other slots."""
    name = (slot or "").removeprefix("need_")
    return name if name in FIELDS else ""


def is_declined(value: object) -> bool:
    """Whether a slot's value says that the person declined."""
    return isinstance(value, Mapping) and bool(value.get("declined"))


def clear() -> Events:
    """Forget the need."""
    names = [slot_of(field) for field in FIELDS]
    return [set_slot(name, None) for name in (*names, CONFIRMED, NOTE)]


def next_slot(slots: Mapping[str, Any]) -> str:
    """The most useful slot still to be asked; the confirmation when nothing is missing."""
    missing = (slot_of(field) for field in FIELDS if not slots.get(slot_of(field)))
    return next(missing, CONFIRMED)


def to_slot(draft: NeedDraft, field: str) -> Json:
    """A field of a draft as a slot's value; None when it is not known."""
    if not getattr(draft, field):
        return None
    writers: dict[str, Callable[[], Json]] = {
        "problem": lambda: _problem(draft),
        "modes": lambda: {"names": list(draft.modes)},
        "industry": lambda: _industry(draft.industry),
        "region": lambda: region_json(draft.region),
        "budget": lambda: _budget(draft.budget),
        "deadline": lambda: _deadline(draft.deadline),
        "contact": lambda: _contact(draft.contact),
    }
    return writers[field]()


def _problem(draft: NeedDraft) -> Json:
    indicators = {"indicators": list(draft.indicators)} if draft.indicators else {}
    return {"text": draft.problem, **indicators}


def _industry(one: Industry | None) -> Json:
    if one is None:
        return None
    return {"labels": list(one.labels), "raw": one.raw}


def region_json(one: Region | None) -> Json:
    """A region as JSON."""
    if one is None:
        return None
    return {
        "province": one.province,
        "city": one.city,
        "county": one.county,
        "raw": one.raw,
    }


def _budget(one: Budget | None) -> Json:
    if one is None:
        return None
    return {
        "min": yuan(one.min),
        "max": yuan(one.max),
        "raw": one.raw,
        "approx": one.approx,
        "currency": one.currency,
    }


def _deadline(one: Deadline | None) -> Json:
    if one is None:
        return None
    return {"iso": one.on.isoformat(), "raw": one.raw, "kind": str(one.kind)}


def _contact(one: Contact | None) -> Json:
    if one is None:
        return None
    return {
        "name": one.name,
        "phone": one.phone,
        "wechat": one.wechat,
        "email": one.email,
    }


def draft_of(slots: Mapping[str, Any]) -> NeedDraft:
    """The draft that the slots hold; declined fields stay empty."""
    known = {
        field: slots[slot_of(field)]
        for field in FIELDS
        if slots.get(slot_of(field)) and not is_declined(slots[slot_of(field)])
    }
    problem, modes = known.get("problem", {}), known.get("modes", {})
    budget, deadline = known.get("budget"), known.get("deadline")
    return NeedDraft(
        problem=problem.get("text"),
        indicators=tuple(problem.get("indicators", ())),
        industry=_read_industry(known.get("industry")),
        region=Region(**known["region"]) if "region" in known else None,
        modes=tuple(modes.get("names", ())),
        budget=_read_budget(budget) if budget else None,
        deadline=_read_deadline(deadline) if deadline else None,
        contact=Contact(**known["contact"]) if "contact" in known else None,
    )


def _read_industry(one: Mapping[str, Any] | None) -> Industry | None:
    return Industry(labels=tuple(one["labels"]), raw=one["raw"]) if one else None


def _read_budget(one: Mapping[str, Any]) -> Budget:
    return Budget(
        min=_decimal(one["min"]),
        max=_decimal(one["max"]),
        raw=one["raw"],
        approx=one["approx"],
        currency=one["currency"],
    )


def _decimal(amount: float | None) -> Decimal | None:
    return None if amount is None else Decimal(str(amount))


def _read_deadline(one: Mapping[str, Any]) -> Deadline:
    return Deadline(
        on=date.fromisoformat(one["iso"]), raw=one["raw"], kind=DeadlineKind(one["kind"])
    )
