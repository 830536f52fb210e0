"""One step of the need form: what a turn fills, what stays doubtful, what is asked next."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from actions import wording
from actions.needs.hearing import NO_PROBLEM, hear
from actions.needs.slots import (
    CONFIRMED,
    DECLINED,
    FORM,
    NOTE,
    REQUESTED,
    Json,
    draft_of,
    field_of,
    next_slot,
    region_json,
    slot_of,
    to_slot,
)
from actions.turn import Turn
from actions.understanding import manners
from actions.understanding.extract import Reading
from core.domain.needs import FIELDS, Contact, Industry, NeedDraft, Region

PATIENCE = 2
"""Answers not understood in a row after which one is taken in the person's own words."""
LONGEST_RAW = 40
ALWAYS = frozenset({"budget", "deadline", "contact"})
"""A second word on these replaces the first."""
RESOLVED = frozenset({"need_budget", "need_deadline"})
"""What is read as a sum or a day is said back as such."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """The slots to set, the next question, and the note to say with it."""

    slots: Mapping[str, Any] = field(default_factory=dict)
    requested: str | None = None
    doubt: Mapping[str, Any] | None = None
    noted: tuple[str, ...] = ()
    confirmed: bool = False
    left: bool = False
    """The person gave the need up when asked."""


def is_opening(turn: Turn) -> bool:
    """Whether this turn opens the form."""
    return turn.active_form != FORM or FORM in turn.opened


def take_step(turn: Turn, requested: str | None) -> Step:
    """Read a turn of the form; `requested` is the slot that was asked for, if any."""
    asked = field_of(requested)
    early = _special(turn, asked, requested)
    if early is not None:
        return early
    note = turn.slots.get(NOTE) or {}
    reading = hear(turn, asked, note.get("doubt") or {})
    filled = _filled(turn, reading, asked, requested)
    doubt = _doubt(reading, filled)
    if not filled and doubt is None and requested and not _repeats(turn, reading):
        filled, doubt = _own_words(turn, asked, requested, note)
    return _step(turn, filled, doubt)


def _step(turn: Turn, filled: Mapping[str, Any], doubt: Mapping[str, Any] | None) -> Step:
    after = {**turn.slots, **filled}
    requested = str(doubt["slot"]) if doubt else next_slot(after)
    noted = tuple(_known(after) if is_opening(turn) else filled)
    return Step(
        slots=filled,
        requested=requested,
        doubt=doubt,
        noted=noted if _is_worth_saying(turn, noted) else (),
    )


def _known(slots: Mapping[str, Any]) -> list[str]:
    return [slot_of(field) for field in FIELDS if slots.get(slot_of(field))]


def _is_worth_saying(turn: Turn, noted: tuple[str, ...]) -> bool:
    """Several values, a changed one, one that was not asked for, a sum or a day."""
    asked = turn.slots.get(REQUESTED)
    return len(noted) > 1 or any(
        turn.slots.get(name) or name != asked or name in RESOLVED for name in noted
    )


def _special(turn: Turn, asked: str, requested: str | None) -> Step | None:
    """Answers that are no facts: yes, no, go on, skip, change."""
    text = turn.text
    if (turn.slots.get(NOTE) or {}).get("leaving") and manners.affirms(text):
        return Step(left=True)
    if requested and manners.goes_on(text):
        return _step(turn, {}, None)
    if requested == CONFIRMED:
        return _on_card(text)
    if asked and turn.slots.get(slot_of("problem")) and manners.submits(text):
        return _step(turn, dict.fromkeys(_missing(turn), DECLINED), None)
    return _skipped(turn, asked) if asked and manners.skips(text) else None


def _missing(turn: Turn) -> list[str]:
    return [slot_of(field) for field in FIELDS if not turn.slots.get(slot_of(field))]


def _on_card(text: str) -> Step | None:
    """An answer to the summary: yes, or no without saying what is wrong."""
    if manners.affirms(text):
        return Step(confirmed=True)
    if manners.denies(text) or manners.wants_change(text):
        return Step(requested=CONFIRMED, doubt={"slot": CONFIRMED, "kind": "modify"})
    return None


def _skipped(turn: Turn, asked: str) -> Step:
    slot = slot_of(asked)
    if asked == "problem":
        return Step(requested=slot, doubt={"slot": slot, "kind": "needed"})
    return _step(turn, {slot: DECLINED}, None)


def _filled(turn: Turn, reading: Reading, asked: str, requested: str | None) -> dict[str, Any]:
    found = {name: to_slot(reading.draft, name) for name in FIELDS}
    found["contact"] = _merged_contact(turn, reading)
    found["industry"] = _merged_industry(turn, reading, asked)
    found = {name: value for name, value in found.items() if value}
    accepted = [name for name in found if _accepts(turn, name, asked, requested)]
    if not accepted and asked != "problem":
        # Said for no other reason than to be heard: a second word on what is known.
        accepted = [name for name in found if name in {"industry", "region", "modes"}]
    filled = {slot_of(name): found[name] for name in accepted}
    for name in _declined(turn, reading, asked):
        filled.setdefault(slot_of(name), DECLINED)
    return {name: value for name, value in filled.items() if turn.slots.get(name) != value}


def _accepts(turn: Turn, name: str, asked: str, requested: str | None) -> bool:
    """Whether a value found for a field replaces what is known of it."""
    known = turn.slots.get(slot_of(name))
    if not known or not requested or name == asked or name in ALWAYS:
        return True
    if name == "problem":
        return requested == CONFIRMED and manners.named_field(turn.text) == "problem"
    return requested == CONFIRMED or manners.corrects(turn.text)


def _merged_contact(turn: Turn, reading: Reading) -> Json:
    """Name, phone and the rest may come in several turns."""
    said = reading.draft.contact
    known = draft_of(turn.slots).contact
    if said is None:
        return None
    if known is None:
        return to_slot(reading.draft, "contact")
    merged = Contact(
        name=said.name or known.name,
        phone=said.phone or known.phone,
        wechat=said.wechat or known.wechat,
        email=said.email or known.email,
    )
    return to_slot(NeedDraft(contact=merged), "contact")


def _merged_industry(turn: Turn, reading: Reading, asked: str) -> Json:
    """A second word on the trade adds to the first, unless it corrects it."""
    said, known = reading.draft.industry, draft_of(turn.slots).industry
    if said is None or known is None or asked == "industry" or manners.corrects(turn.text):
        return to_slot(reading.draft, "industry")
    words = [word for word in said.raw.split("、") if word not in known.raw]
    merged = Industry(
        labels=tuple(dict.fromkeys((*known.labels, *said.labels))),
        raw="、".join((known.raw, *words)),
    )
    return to_slot(NeedDraft(industry=merged), "industry")


def _repeats(turn: Turn, reading: Reading) -> bool:
    """Whether the turn says again what is known: heard, and nothing to be puzzled about."""
    found = (to_slot(reading.draft, name) for name in ("industry", "region", "modes"))
    known = (turn.slots.get(slot_of(name)) for name in ("industry", "region", "modes"))
    return any(one and two for one, two in zip(found, known, strict=True))


def _declined(turn: Turn, reading: Reading, asked: str) -> list[str]:
    """The fields that the turn leaves open: the asked one, or a budget that it names."""
    left = []
    if reading.budget.open_price and (asked == "budget" or manners.speaks_of(turn.text, "budget")):
        left.append("budget")
    if asked == "deadline" and reading.deadline.no_deadline:
        left.append(asked)
    if asked not in {"", "problem", "contact"} and reading.modes.any_mode:
        left.append(asked)
    return left


def _doubt(reading: Reading, filled: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The first thing in the text that has to be asked back."""
    doubts = (_doubt_of_region, _doubt_of_deadline, _doubt_of_budget, _doubt_of_contact)
    return next((found for doubt in doubts if (found := doubt(reading, filled))), None)


def _doubt_of_region(reading: Reading, filled: Mapping[str, Any]) -> Mapping[str, Any] | None:
    region = reading.region
    if not region.ambiguous or slot_of("region") in filled:
        return None
    options = [region_json(one) for one in region.options]
    return {
        "slot": "need_region",
        "kind": "ambiguous",
        "name": region.ambiguous,
        "options": options,
    }


def _doubt_of_deadline(reading: Reading, filled: Mapping[str, Any]) -> Mapping[str, Any] | None:
    past = reading.deadline.past
    if not past or slot_of("deadline") in filled:
        return None
    return {"slot": "need_deadline", "kind": "past", "day": wording.day(past.on)}


def _doubt_of_budget(reading: Reading, filled: Mapping[str, Any]) -> Mapping[str, Any] | None:
    number = reading.budget.unitless
    if not number or slot_of("budget") in filled:
        return None
    return {"slot": "need_budget", "kind": "unit", "number": number}


def _doubt_of_contact(reading: Reading, filled: Mapping[str, Any]) -> Mapping[str, Any] | None:
    if reading.contact.bad_phone:
        return {"slot": "need_contact", "kind": "phone", "number": reading.contact.bad_phone}
    contact = filled.get(slot_of("contact")) or {}
    if not contact.get("name") or any(contact[n] for n in ("phone", "wechat", "email")):
        return None
    return {"slot": "need_contact", "kind": "reach", "name": contact["name"]}


def _own_words(
    turn: Turn, asked: str, requested: str, note: Mapping[str, Any]
) -> tuple[dict[str, Any], Mapping[str, Any] | None]:
    """Nothing was recognised: take the person's own words, or ask again more clearly."""
    named = manners.named_field(turn.text)
    if named:
        return {}, {"slot": slot_of(named), "kind": "change"}
    times = int((note.get("doubt") or {}).get("times", 0)) + 1
    raw = turn.text.strip()
    usable = 0 < len(raw) <= LONGEST_RAW and not (
        manners.affirms(raw)
        or manners.denies(raw)
        or manners.asks(raw)
        or NO_PROBLEM.search(raw)
        or not re.search(r"[^\W\d_]", raw)
    )
    if usable and asked == "industry":
        return {slot_of(asked): to_slot(NeedDraft(industry=Industry(raw=raw)), asked)}, None
    if usable and asked == "region" and times >= PATIENCE:
        return {slot_of(asked): to_slot(NeedDraft(region=Region(raw=raw)), asked)}, None
    return {}, {"slot": requested, "kind": "unclear", "times": times}
