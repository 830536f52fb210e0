"""操作记录: who did what to what, and when."""

from nicegui import html, ui
from starlette.requests import Request

from core.domain.operating.deeds import Deed, DeedId, DeedState, WantedDeeds
from keqiao.console.pages.frame import frame
from keqiao.console.pages.parts import address, button, empty, line, number_in, rows
from keqiao.console.rooms import Rooms
from keqiao.console.stay import Stay
from keqiao.console.wording import choices, moment, say

HERE = "/trail"
PAGE = 100
_TONES = {DeedState.DONE: "good", DeedState.REFUSED: "bad", DeedState.BEGUN: "gold"}


def add(rooms: Rooms) -> None:
    """Add the page."""

    @ui.page(HERE, response_timeout=30)
    async def trail(request: Request) -> None:
        stay, said = Stay.of(rooms, request), request.query_params
        wanted = WantedDeeds(
            by=said.get("by", "")[:100],
            target=said.get("target", "")[:500],
            what=said.get("what", "")[:40],
        )
        before = number_in(said.get("before", ""))

        def look() -> list[Deed]:
            with rooms.units() as unit:
                return unit.deeds.page(DeedId(before) if before else None, PAGE, wanted)

        found = await stay.look(look)
        with frame(stay, say("trail", "title"), here=HERE):
            _filters(wanted)
            if not found:
                empty(say("trail", "nothing"))
                return
            with rows():
                for deed in found:
                    deed_line(deed)
            if len(found) == PAGE:
                asked = {"by": wanted.by, "target": wanted.target, "what": wanted.what}
                ui.link(say("trail", "older"), address(HERE, **asked, before=found[-1].id))


def deed_line(deed: Deed) -> None:
    """A line of the trail."""
    done = say("deeds", deed.what)
    line(
        f"{done}  {deed.target}",
        sign=say("states", deed.state),
        tone=_TONES[deed.state],
        more=f"{deed.by} · {moment(deed.at)}",
        below=deed.note,
    )


def _filters(wanted: WantedDeeds) -> None:
    kinds = {"": say("trail", "any")} | choices("deeds")
    with html.div().classes("panel"), html.div().classes("bar"):
        by = ui.input(say("trail", "by"), value=wanted.by).props("outlined dense")
        what = wanted.what if wanted.what in kinds else ""
        kind = ui.select(kinds, value=what, label=say("trail", "what")).props("outlined dense")
        target = ui.input(say("trail", "target"), value=wanted.target).props("outlined dense")

        def go() -> None:
            query = {"by": by.value, "what": kind.value, "target": target.value}
            ui.navigate.to(address(HERE, **query))

        button(say("trail", "search"), go, main=True)
