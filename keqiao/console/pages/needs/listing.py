"""The list of needs, newest first."""

from nicegui import html, ui
from starlette.requests import Request

from core.domain.needs import Need, NeedId, NeedStatus
from keqiao.console.pages.frame import frame
from keqiao.console.pages.parts import address, empty, line, number_in, rows
from keqiao.console.rooms import Rooms
from keqiao.console.stay import Stay
from keqiao.console.wording import moment, say

HERE = "/needs"
PAGE = 50
LONGEST = 120
TONES = {
    NeedStatus.SUBMITTED: "gold",
    NeedStatus.IN_TALKS: "good",
    NeedStatus.LANDED: "good",
    NeedStatus.WITHDRAWN: "bad",
}


def add(rooms: Rooms) -> None:
    """Add the page."""

    @ui.page(HERE, response_timeout=30)
    async def needs(request: Request) -> None:
        stay, said = Stay.of(rooms, request), request.query_params
        status = said.get("status", "")
        wanted = NeedStatus(status) if status in set(NeedStatus) else None
        before = number_in(said.get("before", ""))

        def look() -> list[Need]:
            with rooms.units() as unit:
                behind = NeedId(before) if before else None
                return unit.needs.newest(PAGE, before=behind, status=wanted)

        found = await stay.look(look)
        with frame(stay, say("nav", HERE), here=HERE):
            with html.nav().classes("bar"):
                ui.link(say("needs", "any"), HERE)
                for one in NeedStatus:
                    ui.link(say("need_states", one), address(HERE, status=one))
            if not found:
                empty(say("needs", "nothing"))
                return
            with rows():
                for need in found:
                    _row(need)
            if len(found) == PAGE:
                older = address(HERE, status=wanted, before=found[-1].id)
                ui.link(say("trail", "older"), older)


def _row(need: Need) -> None:
    draft = need.draft
    told = (draft.region.name if draft.region else "", moment(need.created_at))
    line(
        (draft.problem or say("needs", "no_problem"))[:LONGEST],
        sign=say("need_states", need.status),
        tone=TONES.get(need.status, ""),
        more=" · ".join(filter(None, told)),
        below=need.number,
        to=f"{HERE}/{need.id}",
    )
