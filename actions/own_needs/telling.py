"""Needs as their person reads them."""

from collections.abc import Iterable, Sequence

from actions import wording
from core.domain.conversations import Button
from core.domain.moves import NeedEvent, has_ended
from core.domain.needs import Need
from core.domain.reminders import SHANGHAI

PROBLEM_CHARS = 40
"""As much of a problem is shown as tells which need is meant."""


def phrase(name: str, **values: object) -> str:
    """A line pattern of words.yml, filled."""
    return str(wording.words()["own_needs"][name]).format(**values)


def problem(need: Need) -> str:
    """The problem in short."""
    said = " ".join((need.draft.problem or "").split())
    return said if len(said) <= PROBLEM_CHARS else f"{said[:PROBLEM_CHARS]}…"


def listing(needs: Iterable[Need]) -> str:
    """Needs as a numbered list: number, problem, status, day."""
    return "\n".join(
        phrase(
            "line",
            n=n,
            number=need.number,
            problem=problem(need),
            status=wording.need_status(need.status),
            day=wording.day(need.created_at.astimezone(SHANGHAI).date()),
        )
        for n, need in enumerate(needs, start=1)
    )


def whole(need: Need, events: Sequence[NeedEvent]) -> str:
    """One need: its problem, where it is, what happened when, what is missing to match better."""
    lines = [
        phrase("status", status=wording.need_status(need.status)),
        wording.field_line(need.draft, "problem"),
        phrase("submitted", moment=wording.moment(need.created_at)),
        *map(_happened, events),
    ]
    if not has_ended(need):
        lines += missing(need)
    return "\n".join(lines)


def missing(need: Need) -> list[str]:
    """The line that says what would match the need better; none when all is known."""
    fields = [wording.field_name(name) for name in need.draft.missing]
    return [phrase("missing", fields=wording.join(fields))] if fields else []


def _happened(event: NeedEvent) -> str:
    what = phrase("supplement") if event.replaced else wording.need_status(event.after)
    name = "happened_because" if event.note else "happened"
    return phrase(name, moment=wording.moment(event.at), what=what, note=event.note)


def number_buttons(pattern: str, needs: Iterable[Need], most: int = 3) -> list[Button]:
    """A quick reply a need; its words name the number."""
    return [
        Button(title=need.number, payload=phrase(pattern, number=need.number))
        for need in list(needs)[:most]
    ]


def button(pattern: str, **values: object) -> Button:
    """A quick reply that says its title; the pattern is one of words.yml."""
    title = phrase(pattern, **values)
    return Button(title=title, payload=title)
