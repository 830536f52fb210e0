"""One record: what it says, what of it is private or edited, whence it is, what was done."""

from collections.abc import Callable
from functools import partial

from nicegui import html, ui
from starlette.requests import Request

from actions.wording import library as called
from core.domain.arrivals import NESTED, values
from core.domain.operating.deeds import Deed, WantedDeeds
from core.domain.operating.operators import OperatorRole
from core.domain.records import Record, RecordId, Standing
from core.domain.sources import Pull, SourceName
from core.services.libraries.editing import EDITABLE
from keqiao.console.pages.frame import frame
from keqiao.console.pages.libraries.listing import HERE
from keqiao.console.pages.parts import TONES, ask, button, empty, mark, panel, soft
from keqiao.console.pages.trail import deed_line
from keqiao.console.rooms import Rooms
from keqiao.console.stay import Stay
from keqiao.console.wording import moment, say, shown
from keqiao.imports.columns import field_of, label
from keqiao.libraries.reading import read_name, read_value
from keqiao.libraries.writing import written

DEEDS = 50
"""The newest that are listed."""


def add(rooms: Rooms) -> None:
    """Add the page."""

    @ui.page(HERE + "/{library}/{number:path}", response_timeout=30)
    async def record(request: Request, library: str, number: str) -> None:
        stay = Stay.of(rooms, request)
        record_id = RecordId(f"{library}/{number}")

        def look() -> tuple[Record | None, Standing | None, list[Deed], Pull | None]:
            with rooms.units() as unit:
                found = unit.records.find(record_id)
                deeds = unit.deeds.page(None, DEEDS, WantedDeeds(target=record_id))
                source, marked, _ = number.partition(":")
                pull = unit.pulls.find(SourceName(source)) if marked else None
            standing = rooms.libraries.find.standing()(found) if found else None
            return found, standing, deeds, pull

        found, standing, deeds, pull = await stay.look(look)
        with frame(stay, found.title if found else record_id, here=HERE):
            if found is None or standing is None:
                empty(say("record", "gone"))
                return
            with html.div().classes("bar"):
                mark(say("standings", standing), TONES[standing])
                soft(f"{called(found.library)} · {found.id}")
            _withdrawing(stay, found)
            _fields(stay, found)
            with panel(say("record", "history")):
                _origin(found, pull)
                for deed in deeds:
                    deed_line(deed)
                if not deeds:
                    soft(say("record", "no_history"))


def _withdrawing(stay: Stay, one: Record) -> None:
    if not stay.may(OperatorRole.OPERATOR):
        return
    what = "reinstate" if one.withdrawn else "withdraw"

    async def act(reason: str) -> None:
        edit = partial(stay.rooms.libraries.edit, one.id, {"withdrawn": not one.withdrawn})
        if await stay.do(what, one.id, edit, note=reason) is not None:
            ui.navigate.reload()

    about, reason = say("record", f"{what}_sure"), say("record", "reason")
    with html.div().classes("bar"):
        button(say("record", what), lambda: ask(say("record", what), about, act, label=reason))


def _fields(stay: Stay, one: Record) -> None:
    may = stay.may(OperatorRole.OPERATOR)
    with panel(say("record", "fields")):
        for name in EDITABLE:
            if name not in {"source", "withdrawn"}:
                _field(stay, one, name, getattr(one, name), may=may)
        for part in NESTED:
            for key, value in values(one, part).items():
                if part != "conditions" or value not in (None, ()):
                    _field(stay, one, f"{part}.{key}", value, may=may)
        if may:
            with html.div().classes("bar"):
                button(say("record", "add"), lambda: _add(stay, one))


def _field(stay: Stay, one: Record, name: str, value: object, *, may: bool) -> None:
    heading = label(name).partition("（")[0]
    with html.div().classes("fact"):
        html.span(heading).classes("label")
        with html.div().classes("value"):
            html.span(shown(value))
            if name.startswith("private."):
                mark(say("record", "private"), "bad")
            if name in one.edited:
                mark(say("record", "edited"), "gold")
        if may:
            with html.div().classes("bar"):
                edit = partial(_edit, stay, one, name, written(value))
                _small(say("record", "edit"), edit, f"{say('record', 'edit')} {heading}")
                if name in one.edited:
                    unset = partial(_unset, stay, one, name)
                    _small(say("record", "unset"), unset, f"{say('record', 'unset')} {heading}")


def _small(text: str, act: Callable[[], object], spoken: str) -> None:
    ui.button(text, on_click=act).props(f'flat dense no-caps size=sm aria-label="{spoken}"')


def _edit(stay: Stay, one: Record, name: str, before: str) -> None:
    heading = label(name).partition("（")[0]

    async def save(text: str) -> None:
        await _write(stay, one, name, text)

    about = say("record", "value")
    ask(say("record", "save"), about, save, label=heading, value=before, long=True)


def _add(stay: Stay, one: Record) -> None:
    async def named(name: str) -> None:
        if name.strip():
            field = field_of(name.strip()) or f"details.{name.strip()}"
            _edit(stay, one, field, "")

    ask(say("record", "add"), "", named, label=say("record", "add_name"))


async def _write(stay: Stay, one: Record, field: str, text: str) -> None:
    own = field.partition(".")[2]
    name = own if own and field_of(own) == field else field

    def write() -> Record:
        with stay.rooms.units() as unit:
            before = unit.records.get(one.id)
        changes = {read_name(name): read_value(before, name, text)}
        return stay.rooms.libraries.edit(one.id, changes)

    hidden = field.startswith("private.")  # the trail is read by more than who may edit
    note = label(field) if hidden else f"{label(field)}: {text}"
    if await stay.do("edit", one.id, write, note=note) is not None:
        ui.navigate.reload()


async def _unset(stay: Stay, one: Record, name: str) -> None:
    unset = partial(stay.rooms.libraries.edit.unset, one.id, name)
    if await stay.do("unset", one.id, unset, note=label(name)) is not None:
        ui.notify(say("record", "unset_told"))
        ui.navigate.reload()


def _origin(one: Record, pull: Pull | None) -> None:
    with html.div().classes("fact"):
        html.span(say("record", "source")).classes("label")
        html.span(one.source or say("record", "imported")).classes("value")
    if pull is not None:
        soft(say("record", "pulled", name=pull.name, at=moment(pull.succeeded_at)))
    soft(say("record", "version", version=one.version))
