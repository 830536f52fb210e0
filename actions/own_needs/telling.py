"""Needs and submissions as their person reads them."""

from collections.abc import Iterable, Sequence

from actions import wording
from core.domain.conversations import Button
from core.domain.moves import NeedEvent, has_ended
from core.domain.needs import Need
from core.domain.reminders import SHANGHAI
from core.domain.submissions import Submission, is_decided

PROBLEM_CHARS = 40
"""As much of a problem is shown as tells which need is meant."""


def phrase(name: str, **values: object) -> str:
    """A line pattern of words.yml, filled."""
    return str(wording.words()["own_needs"][name]).format(**values)


def problem(need: Need) -> str:
    """The problem in short."""
    said = " ".join((need.draft.problem or "").split())
    return said if len(said) <= PROBLEM_CHARS else f"{said[:PROBLEM_CHARS]}…"


def called(one: Need | Submission) -> str:
    """What it is about, in short: the problem of a need, the name of another form."""
    return one.filled.title if isinstance(one, Submission) else problem(one)


def status(one: Need | Submission) -> str:
    """Where it is, in plain words."""
    if isinstance(one, Submission):
        return str(wording.words()["submission_status"][str(one.status)])
    return wording.need_status(one.status)


def is_over(one: Need | Submission) -> bool:
    """Whether nothing more can happen to it."""
    return is_decided(one) if isinstance(one, Submission) else has_ended(one)


def listing(ones: Iterable[Need | Submission]) -> str:
    """A numbered list: number, what it is, status, day."""
    return "\n".join(
        phrase(
            "line",
            n=n,
            number=one.number,
            called=called(one),
            status=status(one),
            day=wording.day(one.created_at.astimezone(SHANGHAI).date()),
        )
        for n, one in enumerate(ones, start=1)
    )


def whole_form(one: Submission) -> str:
    """One submission: what it is, where it is, why, and what was filled in."""
    pattern = str(wording.words()["field_line"])
    lines = [
        one.filled.title,
        phrase("status", status=status(one)),
        *([phrase("note", note=one.note)] if one.note else []),
        phrase("submitted", moment=wording.moment(one.created_at)),
        *(pattern.format(name=entry.label, value=entry.shown) for entry in one.filled.entries),
    ]
    return "\n".join(lines)


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


def number_buttons(pattern: str, ones: Iterable[Need | Submission], most: int = 3) -> list[Button]:
    """A quick reply for each; its words name the number."""
    return [
        Button(title=one.number, payload=phrase(pattern, number=one.number))
        for one in list(ones)[:most]
    ]


def button(pattern: str, **values: object) -> Button:
    """A quick reply that says its title; the pattern is one of words.yml."""
    title = phrase(pattern, **values)
    return Button(title=title, payload=title)
