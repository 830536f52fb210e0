"""One broadcast: preview, how many, trial, sending, a second person's approval, progress, stop."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from nicegui import html, ui
from starlette.requests import Request

from core.domain.broadcasts import Broadcast, BroadcastEvent, BroadcastId, BroadcastState
from core.domain.conversations import Address
from core.domain.errors import BadInputError, ConflictError, NotFoundError
from core.domain.operating.operators import OperatorRole
from keqiao.console.pages.broadcasts.listing import HERE, TONES
from keqiao.console.pages.frame import frame
from keqiao.console.pages.parts import ask, button, empty, line, mark, panel, rows, soft
from keqiao.console.rooms import Rooms
from keqiao.console.stay import Stay
from keqiao.console.wording import moment, say

FRESH_S = 3.0
"""How often the progress is read anew while it is being sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """A broadcast as it stands."""

    one: Broadcast
    people: Mapping[str, int]
    progress: Mapping[str, int]
    events: Sequence[BroadcastEvent]


def add(rooms: Rooms) -> None:
    """Add the page."""

    @ui.page(HERE + "/{number}", response_timeout=60)
    async def broadcast(request: Request, number: int) -> None:
        stay = Stay.of(rooms, request)

        def look() -> Whole | None:
            try:
                with rooms.units() as unit:
                    one = unit.broadcasts.get(BroadcastId(number))
                    progress, events = (
                        unit.broadcasts.counts(one.id),
                        unit.broadcasts.events(one.id),
                    )
            except NotFoundError:
                return None
            people = rooms.broadcasting.count(one.audience)
            return Whole(one=one, people=people, progress=progress, events=events)

        whole = await stay.look(look)
        with frame(stay, say("broadcasts", "title", number=number), here=HERE):
            if whole is None:
                empty(say("broadcasts", "gone"))
                return
            _show(stay, whole, look)


def _show(stay: Stay, whole: Whole, look: Callable[[], Whole | None]) -> None:
    one = whole.one
    with html.div().classes("bar"):
        mark(say("broadcast_states", one.state), TONES.get(one.state, ""))
        soft(f"{one.made_by} · {moment(one.made_at)}")
    _buttons(stay, one)
    with panel(say("broadcasts", "people", count=sum(whole.people.values()))):
        soft(_audience(one))
        for channel, text in stay.rooms.broadcasting.previews(one.text, whole.people).items():
            count = whole.people.get(channel, 0)
            soft(say("broadcasts", "channel", channel=channel, count=count))
            html.div(text).classes("quote")
    with panel(say("broadcasts", "progress")):
        told = ui.label(_progress(whole)).classes("said")
    if one.state is BroadcastState.SENDING:

        async def follow() -> None:
            now = await stay.look(look)
            told.text = _progress(now) if now else ""
            if now is None or now.one.state is not one.state:
                ui.navigate.reload()

        ui.timer(FRESH_S, follow)
    with rows():
        for event in whole.events:
            name = say("broadcast_steps", event.step)
            line(event.note or name, sign=name, more=f"{event.by} · {moment(event.at)}")


def _audience(one: Broadcast) -> str:
    who = one.audience
    parts = (*(say("audience_roles", role) for role in who.roles), who.region, *who.industries)
    return "、".join(filter(None, parts)) or say("broadcasts", "everybody")


def _progress(whole: Whole) -> str:
    parts = (f"{say('progress', name)} {count}" for name, count in whole.progress.items())
    return "，".join(parts) or say("broadcasts", "not_yet")


def _buttons(stay: Stay, one: Broadcast) -> None:
    if not stay.may(OperatorRole.OPERATOR):
        return
    room, by = stay.rooms.broadcasting, stay.operator.name
    with html.div().classes("bar"):
        if one.state is not BroadcastState.STOPPED:
            _trial(stay, one)
        if one.state is BroadcastState.DRAFT:
            _offer(stay, one, "send_broadcast", partial(room.send, one.id, by=by))
        if one.state is BroadcastState.WAITING and stay.may(OperatorRole.APPROVER):
            _offer(stay, one, "approve_broadcast", partial(room.approve, one.id, by=by))
        if one.state in {BroadcastState.WAITING, BroadcastState.SENDING}:
            _offer(stay, one, "stop_broadcast", partial(room.stop, one.id, by=by))


def _trial(stay: Stay, one: Broadcast) -> None:
    async def attempt(to: str) -> None:
        step = partial(_attempt, stay, one, to)
        if await stay.do("try_broadcast", f"broadcast/{one.id}", step, note=to):
            ui.notify(say("broadcasts", "tried"), type="positive")

    name = say("deeds", "try_broadcast")
    button(name, partial(ask, name, "", attempt, label=say("broadcasts", "to")))


def _offer(stay: Stay, one: Broadcast, what: str, step: Callable[[], object]) -> None:
    role = OperatorRole.APPROVER if what == "approve_broadcast" else OperatorRole.OPERATOR

    async def act(_note: str) -> None:
        if await stay.do(what, f"broadcast/{one.id}", partial(_done, step), role=role):
            ui.navigate.reload()

    name, about = say("deeds", what), say("broadcasts", f"{what}_sure")
    button(name, partial(ask, name, about, act))


def _done(step: Callable[[], object]) -> bool:
    """Take the step; what the house refuses is said in this page's words."""
    try:
        step()
    except ConflictError:
        raise ConflictError(say("broadcasts", "refused")) from None
    except BadInputError:
        raise BadInputError(say("broadcasts", "nobody")) from None
    return True


def _attempt(stay: Stay, one: Broadcast, to: str) -> bool:
    try:
        address = Address.parse(to.strip())
    except BadInputError:
        raise BadInputError(say("broadcasts", "address")) from None
    stay.rooms.broadcasting.attempt(one.id, address, by=stay.operator.name)
    return True
