"""One handoff: the conversation before it and since, taken, answered, handed back."""

import uuid
from collections.abc import Callable, Sequence
from functools import partial

from nicegui import html, ui
from starlette.requests import Request

from core.domain.errors import HandoffClosedError, HandoffTakenError, NotFoundError
from core.domain.handoffs import Handoff, HandoffEvent, HandoffId, HandoffState, Liaison
from core.domain.operating.operators import OperatorRole
from keqiao.console.pages.frame import frame
from keqiao.console.pages.parts import ask, button, empty, line, mark, rows, soft
from keqiao.console.pages.waiting.waiting import HERE, TONES
from keqiao.console.rooms import Rooms
from keqiao.console.stay import Stay
from keqiao.console.wording import moment, say


def add(rooms: Rooms) -> None:
    """Add the page."""

    @ui.page("/handoffs/{number}", response_timeout=30)
    async def handoff(request: Request, number: int) -> None:
        stay = Stay.of(rooms, request)

        def look() -> tuple[Handoff, Sequence[HandoffEvent]] | None:
            try:
                with rooms.units() as unit:
                    found = unit.handoffs.get(HandoffId(number))
                    return found, unit.handoffs.events(found.id)
            except NotFoundError:
                return None

        whole = await stay.look(look)
        with frame(stay, say("waiting", "handoff", number=number), here=HERE):
            if whole is None:
                empty(say("waiting", "gone"))
                return
            _show(stay, *whole)


def _show(stay: Stay, one: Handoff, events: Sequence[HandoffEvent]) -> None:
    with html.div().classes("bar"):
        mark(say("handoff_states", one.state), TONES.get(one.state, ""))
        soft(" · ".join(filter(None, (one.desk, one.taken_by, one.why))))
    if stay.may(OperatorRole.OPERATOR) and one.state is not HandoffState.HANDED_BACK:
        _buttons(stay, one)
    with rows():
        for said in one.before:
            line(said.text, sign=say("speakers", said.speaker), more=moment(said.at))
        for event in events:
            name = say("handoff_steps", event.step)
            line(event.text or name, sign=name, more=f"{event.by} · {moment(event.at)}")


def _buttons(stay: Stay, one: Handoff) -> None:
    desk, by = stay.rooms.desk, Liaison(name=stay.operator.name)

    async def act(what: str, step: Callable[[], object]) -> None:
        if await stay.do(what, f"handoff/{one.id}", partial(_done, step)):
            ui.navigate.reload()

    async def reply(text: str) -> None:
        if text.strip():
            key = uuid.uuid4().hex
            await act("reply_handoff", partial(desk.reply, one.id, text.strip(), by=by, key=key))

    with html.div().classes("bar"):
        if one.state is not HandoffState.TAKEN:
            take = partial(desk.take, one.id, by=by)
            button(say("deeds", "take_handoff"), partial(act, "take_handoff", take))
        name, label = say("deeds", "reply_handoff"), say("waiting", "reply")
        button(name, partial(ask, name, "", reply, label=label, long=True), main=True)
        back = partial(desk.hand_back, one.id, by=by)
        button(say("deeds", "return_handoff"), partial(act, "return_handoff", back))


def _done(step: Callable[[], object]) -> bool:
    try:
        step()
    except HandoffTakenError:
        raise HandoffTakenError(say("waiting", "taken")) from None
    except HandoffClosedError:
        raise HandoffClosedError(say("waiting", "closed")) from None
    return True
