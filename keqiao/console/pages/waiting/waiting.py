"""待办: questions and requests that wait for people, and handoffs."""

from collections.abc import Sequence
from dataclasses import dataclass

from nicegui import html, ui
from starlette.requests import Request

from core.domain.documents import OpenQuestion
from core.domain.handoffs import Handoff, HandoffState
from core.services.matching.orders import UNPLACED
from core.services.own_needs.moving import TAKEN_BACK
from core.services.own_needs.offers import WANTED
from core.services.questions import COMPLAINT
from keqiao.console.pages.frame import frame
from keqiao.console.pages.parts import empty, line, rows, soft
from keqiao.console.rooms import Rooms
from keqiao.console.stay import Stay
from keqiao.console.wording import moment, say

HERE = "/waiting"
LISTED = 100
OPEN = (HandoffState.WAITING, HandoffState.TAKEN, HandoffState.TIMED_OUT)
TONES = {HandoffState.WAITING: "gold", HandoffState.TIMED_OUT: "bad", HandoffState.TAKEN: "good"}
KINDS = (WANTED, TAKEN_BACK, COMPLAINT, UNPLACED)
"""Reasons that have a name of their own; all others are questions that were not answered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """What waits, newest first, and how many questions there are."""

    handoffs: Sequence[Handoff]
    asked: Sequence[str]
    questions: Sequence[OpenQuestion]
    count: int


def add(rooms: Rooms) -> None:
    """Add the page."""

    @ui.page(HERE, response_timeout=30)
    async def waiting(request: Request) -> None:
        stay = Stay.of(rooms, request)

        def look() -> Waiting:
            with rooms.units() as unit:
                handoffs = unit.handoffs.find(OPEN, limit=LISTED)[::-1]
                asked = [unit.handoffs.events(one.id)[0].text for one in handoffs]
                questions = unit.questions.open()
            return Waiting(
                handoffs=handoffs,
                asked=asked,
                questions=questions[: -LISTED - 1 : -1],
                count=len(questions),
            )

        found = await stay.look(look)
        with frame(stay, say("nav", HERE), here=HERE):
            html.h2(say("waiting", "handoffs"))
            _handoffs(found)
            html.h2(say("waiting", "questions"))
            soft(say("list", "found", count=found.count))
            _questions(found)


def _handoffs(found: Waiting) -> None:
    if not found.handoffs:
        empty(say("waiting", "no_handoffs"))
        return
    with rows():
        for one, text in zip(found.handoffs, found.asked, strict=True):
            line(
                text,
                sign=say("handoff_states", one.state),
                tone=TONES.get(one.state, ""),
                more=f"{one.desk} · {moment(one.asked_at)}",
                below=" · ".join(filter(None, (str(one.id), one.taken_by, one.why))),
                to=f"/handoffs/{one.id}",
            )


def _questions(found: Waiting) -> None:
    if not found.questions:
        empty(say("waiting", "no_questions"))
        return
    with rows():
        for one in found.questions:
            kind = one.reason if one.reason in KINDS else "unanswered"
            line(one.question, sign=say("question_kinds", kind), more=moment(one.asked_at))
