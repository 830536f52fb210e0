"""The list of broadcasts, and the writing of one: audience and preview first."""

from collections.abc import Sequence
from functools import partial

from nicegui import html, ui
from starlette.requests import Request

from actions.understanding.lexicon import industries
from core.domain.broadcasts import Audience, Broadcast, BroadcastState
from core.domain.conversations import MAX_TEXT_CHARS
from core.domain.errors import BadInputError
from core.domain.operating.operators import OperatorRole
from keqiao.audiences import ROLES
from keqiao.console.pages.frame import frame
from keqiao.console.pages.parts import button, empty, line, panel, rows, soft
from keqiao.console.rooms import Rooms
from keqiao.console.stay import Stay
from keqiao.console.wording import moment, say

HERE = "/broadcasts"
LISTED = 100
TONES = {
    BroadcastState.WAITING: "gold",
    BroadcastState.SENDING: "good",
    BroadcastState.DONE: "good",
    BroadcastState.STOPPED: "bad",
}


def add(rooms: Rooms) -> None:
    """Add the pages."""

    @ui.page(HERE, response_timeout=30)
    async def broadcasts(request: Request) -> None:
        stay = Stay.of(rooms, request)

        def look() -> list[Broadcast]:
            with rooms.units() as unit:
                return unit.broadcasts.newest(LISTED)

        found = await stay.look(look)
        with frame(stay, say("nav", HERE), here=HERE):
            if stay.may(OperatorRole.OPERATOR):
                with html.div().classes("bar"):
                    button(say("broadcasts", "new"), lambda: ui.navigate.to(f"{HERE}/new"))
            if not found:
                empty(say("broadcasts", "nothing"))
                return
            with rows():
                for one in found:
                    _row(one)

    @ui.page(f"{HERE}/new", response_timeout=30)
    async def new(request: Request) -> None:
        stay = Stay.of(rooms, request)
        await stay.look(lambda: None)
        with frame(stay, say("broadcasts", "new"), here=HERE):
            if not stay.may(OperatorRole.OPERATOR):
                empty(say("refused", "role"))
                return
            Draft(stay).show()


class Draft:
    """A broadcast that is being written."""

    def __init__(self, stay: Stay) -> None:
        self._stay = stay

    def show(self) -> None:
        """The form."""
        names = [area.name for area in industries()]
        with panel():
            said = partial(say, "broadcasts")
            self._text = ui.textarea(said("text")).props(
                f"outlined autogrow maxlength={MAX_TEXT_CHARS}"
            )
            soft(said("about"))
            with html.div().classes("bar"):
                self._roles = _several(list(ROLES), said("roles"))
                self._industries = _several(names, said("industries"))
                self._region = ui.input(said("region")).props("outlined dense")
            with html.div().classes("bar"):
                button(said("count"), self._count)
                button(said("keep"), self._keep, main=True)
        self._preview = html.div().classes("previews")

    def _audience(self) -> Audience:
        roles: Sequence[str] = self._roles.value or ()
        areas: Sequence[str] = self._industries.value or ()
        region = (self._region.value or "").strip() or None
        return self._stay.rooms.broadcasting.read_audience(roles, region, areas, ())

    async def _count(self) -> None:
        room, text = self._stay.rooms.broadcasting, self._text.value or ""
        people = await self._stay.try_(lambda: room.count(self._audience()))
        if people is None:
            return
        self._preview.clear()
        with self._preview, panel(say("broadcasts", "people", count=sum(people.values()))):
            for channel, shown in room.previews(text, people).items():
                soft(say("broadcasts", "channel", channel=channel, count=people.get(channel, 0)))
                html.div(shown).classes("quote")

    async def _keep(self) -> None:
        room, text = self._stay.rooms.broadcasting, (self._text.value or "").strip()

        def make() -> Broadcast:
            if not text:
                raise BadInputError(say("broadcasts", "empty"))
            return room.make(text, self._audience(), by=self._stay.operator.name)

        made = await self._stay.do(
            "make_broadcast", "broadcast", make, sum_up=lambda one: str(one.id)
        )
        if made is not None:
            ui.navigate.to(f"{HERE}/{made.id}")


def _several(names: list[str], label: str) -> ui.select:
    return ui.select(names, label=label, multiple=True).props("outlined dense use-chips")


def _row(one: Broadcast) -> None:
    line(
        one.text[:80],
        sign=say("broadcast_states", one.state),
        tone=TONES.get(one.state, ""),
        more=f"{one.made_by} · {moment(one.made_at)}",
        to=f"{HERE}/{one.id}",
    )
