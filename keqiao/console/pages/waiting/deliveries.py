"""发送情况: how many messages are where, and those that did not arrive."""

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

from nicegui import html, ui
from starlette.requests import Request

import keqiao
from channels.words import words
from core.domain.deliveries import Delivery, DeliveryState, OutboxId, Step
from core.domain.operating.operators import OperatorRole
from core.ports.deliveries import Asked
from core.services.deliveries import GiveUpDelivery, RetryDelivery
from keqiao.console.pages.frame import frame
from keqiao.console.pages.parts import address, ask, button, empty, line, rows
from keqiao.console.rooms import Rooms
from keqiao.console.stay import Stay
from keqiao.console.wording import moment, say
from keqiao.logs import mask
from scheduler.logs import masked

HERE = "/deliveries"
LISTED = 100
WORDS = Path(keqiao.__file__).parent / "cli" / "deliveries.yml"
"""The words of the command of the same subject."""
STUCK = (DeliveryState.DEAD, DeliveryState.UNKNOWN)
_TONES = {DeliveryState.SENT: "good", DeliveryState.DEAD: "bad", DeliveryState.UNKNOWN: "gold"}

type Found = tuple[Mapping[DeliveryState, int], Sequence[Delivery], Mapping[OutboxId, Step]]


def add(rooms: Rooms) -> None:
    """Add the page."""

    @ui.page(HERE, response_timeout=30)
    async def deliveries(request: Request) -> None:
        stay = Stay.of(rooms, request)
        said = request.query_params.get("state", DeliveryState.DEAD)
        state = DeliveryState(said) if said in set(DeliveryState) else DeliveryState.DEAD

        def look() -> Found:
            with rooms.units() as unit:
                found = unit.timelines.newest(Asked(state=state), LISTED)
                last = unit.timelines.last([one.id for one in found])
                return unit.outbox.count_by_state(), found, last

        counts, found, last = await stay.look(look)
        with frame(stay, say("nav", HERE), here=HERE):
            _states(counts)
            if not found:
                empty(say("deliveries", "nothing"))
                return
            for one in found:
                with rows():
                    _line(one, last.get(one.id))
                    if one.state in STUCK and stay.may(OperatorRole.OPERATOR):
                        _buttons(stay, one)


def _states(counts: Mapping[DeliveryState, int]) -> None:
    with html.div().classes("tiles"):
        for state in DeliveryState:
            with ui.link(target=address(HERE, state=state)).classes("tile"):
                html.span(str(counts.get(state, 0))).classes("number")
                html.span(words("states", WORDS)[state]).classes("soft")


def _line(one: Delivery, step: Step | None) -> None:
    purpose = words("purposes", WORDS)[one.message.purpose]
    line(
        f"{one.id}  {purpose}  {masked(one.message.address)}",
        sign=words("states", WORDS)[one.state],
        tone=_TONES.get(one.state, ""),
        more=moment(one.created_at),
        below=_why(step) if step is not None and one.state in STUCK else "",
    )


def _why(step: Step) -> str:
    """What went wrong, and what to do about it."""
    trouble = step.made.trouble
    kind = words("troubles", WORDS)[trouble] if trouble else ""
    todo = words("todo", WORDS)[trouble or "none"]
    return "\n".join(filter(None, (kind, step.made.hint or mask(step.said), todo)))


def _buttons(stay: Stay, one: Delivery) -> None:
    rooms, by, target = stay.rooms, stay.operator.name, f"delivery/{one.id}"

    async def again(_note: str) -> None:
        wakeups = rooms.libraries.wakeups
        retry = RetryDelivery(units=rooms.units, clock=rooms.clock, wakeups=wakeups)
        if await stay.do("retry_delivery", target, partial(retry, one.id, by=by)):
            ui.navigate.reload()

    async def close(_note: str) -> None:
        give_up = GiveUpDelivery(units=rooms.units, clock=rooms.clock)
        if await stay.do("close_delivery", target, partial(give_up, one.id, by=by)):
            ui.navigate.reload()

    with html.div().classes("bar below-line"):
        for what, act in (("retry_delivery", again), ("close_delivery", close)):
            name, about = say("deeds", what), say("deliveries", what)
            button(name, partial(ask, name, about, act))
