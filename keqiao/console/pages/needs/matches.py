"""A match as operators see it: reasons, words of both sides, what is missing or against."""

from collections.abc import Iterator
from contextlib import contextmanager

from nicegui import html, ui

from actions.wording import facet, join, objection, reason
from actions.wording import library as called
from core.domain.matching.matches import Match
from keqiao.console.pages.parts import mark, soft
from keqiao.console.wording import say


@contextmanager
def match_panel(one: Match) -> Iterator[None]:
    """The match; what else belongs to it goes below."""
    with html.section().classes("panel"):
        with html.div().classes("bar"):
            mark(f"{one.score:.2f}", "good")
            ui.link(one.title, f"/records/{one.record_id}")
            soft(f"{called(one.library)} · {one.record_id}")
        for each in one.reasons:
            html.span(reason(each)).classes("said")
            if each.need or each.record:
                quoted = say("needs", "quotes", need=each.need, record=each.record)
                html.div(quoted).classes("quote")
        if one.against:
            against = join(map(objection, one.against))
            html.span(say("needs", "against", what=against)).classes("said bad-text")
        if one.missing:
            soft(say("needs", "missing", what=join(map(facet, one.missing))))
        yield
