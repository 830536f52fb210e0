"""One need: what was said, what happened, what matches and why, what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from nicegui import html, ui
from starlette.requests import Request

from actions.wording import field_name, field_value
from core.domain.errors import NotFoundError
from core.domain.matching.matches import Match
from core.domain.matching.orders import Order
from core.domain.matching.pairings import PAIRING_MOVES, Pairing, PairingState
from core.domain.moves import MOVES, NeedEvent, has_ended
from core.domain.needs import FIELDS, Need, NeedId, NeedStatus
from core.domain.operating.operators import OperatorRole
from core.domain.records import RecordId
from core.services.matching.keeping import MovePairing
from keqiao.console.pages.frame import frame
from keqiao.console.pages.needs.listing import HERE, TONES
from keqiao.console.pages.needs.matches import match_panel
from keqiao.console.pages.needs.orders import order_line
from keqiao.console.pages.parts import ask, button, empty, line, mark, panel, rows, soft
from keqiao.console.rooms import Rooms
from keqiao.console.stay import Stay
from keqiao.console.wording import moment, say

SHOWN = 10
"""Matches that are listed."""
SAID = (PairingState.IN_TALKS, PairingState.SIGNED, PairingState.ENDED)
"""Where operators move a pairing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """A need with everything around it."""

    need: Need
    events: Sequence[NeedEvent]
    pairings: Sequence[Pairing]
    orders: Sequence[Order]
    matches: Sequence[Match]


def add(rooms: Rooms) -> None:
    """Add the page."""

    @ui.page(HERE + "/{number}", response_timeout=60)
    async def need(request: Request, number: int) -> None:
        stay = Stay.of(rooms, request)

        def look() -> Whole | None:
            try:
                with rooms.units() as unit:
                    found = unit.needs.get(NeedId(number))
                    events = unit.needs.events(found.id)
                    pairings, orders = unit.pairings.of(found.id), unit.orders.of(found.id)
            except NotFoundError:
                return None
            matches = rooms.find_matches(found, limit=SHOWN)
            return Whole(
                need=found, events=events, pairings=pairings, orders=orders, matches=matches
            )

        whole = await stay.look(look)
        with frame(stay, whole.need.number if whole else str(number), here=HERE):
            if whole is None:
                empty(say("needs", "gone"))
                return
            with html.div().classes("bar"):
                status = whole.need.status
                mark(say("need_states", status), TONES.get(status, ""))
                soft(moment(whole.need.created_at))
            _moves(stay, whole.need)
            _said(whole.need)
            _pairings(stay, whole)
            _matches(stay, whole)
            _happened(whole)


def _moves(stay: Stay, need: Need) -> None:
    if not stay.may(OperatorRole.OPERATOR):
        return

    async def move(to: NeedStatus, note: str) -> None:
        act = partial(stay.rooms.move_need, need.id, to, by=stay.operator.name, note=note)
        if await stay.do(
            "move_need", need.number, act, note=f"{say('need_states', to)} {note}".strip()
        ):
            ui.navigate.reload()

    about, label = say("needs", "told"), say("needs", "note")
    with html.div().classes("bar"):
        for to in NeedStatus:
            if to in MOVES[need.status] and to is not NeedStatus.WITHDRAWN:
                name = say("need_moves", to)
                button(name, partial(ask, name, about, partial(move, to), label=label))


def _said(need: Need) -> None:
    with panel(say("needs", "said")):
        for name in FIELDS:
            with html.div().classes("fact"):
                html.span(field_name(name)).classes("label")
                html.span(field_value(need.draft, name)).classes("value")
        with html.div().classes("fact"):
            html.span(say("needs", "address")).classes("label")
            html.span(str(need.address)).classes("value")


def _pairings(stay: Stay, whole: Whole) -> None:
    if not whole.pairings:
        return
    with panel(say("needs", "pairings")):
        for one in whole.pairings:
            with html.div().classes("fact"):
                ui.link(one.record_id, f"/records/{one.record_id}").classes("label")
                with html.div().classes("value"):
                    mark(say("pairings", one.state))
                    if one.reason:
                        soft(say("needs", "because", reason=one.reason))
                    for step in one.steps:
                        told = (moment(step.at), say("pairings", step.state), step.by, step.note)
                        html.div("  ".join(filter(None, told))).classes("soft")
                if stay.may(OperatorRole.OPERATOR):
                    _pairing_moves(stay, one)


def _pairing_moves(stay: Stay, one: Pairing) -> None:
    async def move(to: PairingState, note: str) -> None:
        by, target = stay.operator.name, f"{one.need_id} {one.record_id}"
        moving = MovePairing(units=stay.rooms.units, clock=stay.rooms.clock)
        act = partial(moving, one.need_id, one.record_id, to, by=by, note=note)
        if await stay.do(
            "move_pairing", target, act, note=f"{say('pairings', to)} {note}".strip()
        ):
            ui.navigate.reload()

    with html.div().classes("bar"):
        for to in SAID:
            if to in PAIRING_MOVES[one.state]:
                name = say("pairings", to)
                button(name, partial(ask, name, "", partial(move, to), label=say("needs", "why")))


def _matches(stay: Stay, whole: Whole) -> None:
    html.h2(say("needs", "matches"))
    if has_ended(whole.need) or not whole.matches:
        empty(say("needs", "ended" if has_ended(whole.need) else "no_matches"))
        return
    asked = {one.record_id for one in whole.orders}

    async def place(record_id: RecordId, _note: str) -> None:
        act = partial(stay.rooms.move_order.place, whole.need.id, record_id)
        if await stay.do("place_order", whole.need.number, act, note=record_id):
            ui.navigate.reload()

    for one in whole.matches:
        with match_panel(one):
            if stay.may(OperatorRole.OPERATOR) and one.record_id not in asked:
                name, about = say("needs", "place"), say("needs", "place_told")
                with html.div().classes("bar"):
                    button(name, partial(ask, name, about, partial(place, one.record_id)))


def _happened(whole: Whole) -> None:
    if whole.orders:
        html.h2(say("nav", "/orders"))
        with rows():
            for order in whole.orders:
                order_line(order)
    if not whole.events:
        return
    html.h2(say("needs", "events"))
    with rows():
        for event in whole.events:
            name = (
                say("needs", "supplement") if event.replaced else say("need_states", event.after)
            )
            line(event.note or name, sign=name, more=f"{event.by} · {moment(event.at)}")
