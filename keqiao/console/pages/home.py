"""总览: what waits for somebody, and how much there is."""

from collections.abc import Mapping

from nicegui import html, ui
from starlette.requests import Request

from actions.wording import library as called
from core.domain.records import Library, Standing, Wanted
from keqiao.console.pages.frame import frame
from keqiao.console.pages.parts import address, panel
from keqiao.console.rooms import Rooms
from keqiao.console.stay import Stay
from keqiao.console.wording import say


def add(rooms: Rooms) -> None:
    """Add the page."""

    @ui.page("/", response_timeout=30)
    async def home(request: Request) -> None:
        stay = Stay.of(rooms, request)

        def look() -> Mapping[Library, tuple[int, int]]:
            return {one: _counts(rooms, one) for one in Library}

        counts = await stay.look(look)
        with frame(stay, say("nav", "/"), here="/"):
            _libraries(counts)


def _libraries(counts: Mapping[Library, tuple[int, int]]) -> None:
    with panel(say("home", "libraries")), html.div().classes("tiles"):
        for library, (current, every) in counts.items():
            with ui.link(target=address("/records", library=library)).classes("tile"):
                html.b(called(library))
                html.span(say("home", "counts", current=current, all=every)).classes("soft")


def _counts(rooms: Rooms, library: Library) -> tuple[int, int]:
    """How many are current, and how many there are."""
    count = rooms.libraries.find.count
    current = count(Wanted(libraries=(library,)))
    return current, count(Wanted(libraries=(library,), standings=frozenset(Standing)))
