"""The few things that pages are made of."""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from urllib.parse import urlencode

from nicegui import html, ui

from core.domain.records import Standing
from keqiao.console.wording import say

_MOST_DIGITS = 18
TONES: Mapping[str, str] = {
    Standing.CURRENT: "good",
    Standing.COMING: "gold",
    Standing.OVER: "",
    Standing.WITHDRAWN: "bad",
    Standing.PRIVATE: "bad",
}


def mark(text: str, tone: str = "") -> None:
    """A small sign; `tone` is good, gold or bad."""
    html.span(text).classes(f"mark {tone}")


@contextmanager
def panel(heading: str = "") -> Iterator[None]:
    """A white field with things that belong together."""
    with html.section().classes("panel"):
        if heading:
            html.h2(heading)
        yield


@contextmanager
def rows() -> Iterator[None]:
    """A list."""
    with html.div().classes("rows"):
        yield


def line(
    name: str, *, sign: str, tone: str = "", more: str = "", below: str = "", to: str = ""
) -> None:
    """One line of a list, which leads somewhere when it has a `to`."""
    with ui.link(target=to).classes("line") if to else html.div().classes("line"):
        mark(sign, tone)
        html.span(name).classes("name")
        html.span(more).classes("more")
        if below:
            html.span(below).classes("below")


def empty(text: str) -> None:
    """What stands where nothing was found."""
    html.div(text).classes("panel empty")


def soft(text: str) -> None:
    """A remark."""
    html.span(text).classes("soft")


def button(
    text: str, act: Callable[[], object | Awaitable[object]], *, main: bool = False
) -> ui.button:
    """A button; one of a page may be the main one."""
    made = ui.button(text, on_click=act).props("no-caps unelevated" if main else "no-caps outline")
    return made.props("color=primary")


def address(path: str, **query: object) -> str:
    """A path with a query; what is empty is left out."""
    said = {name: value for name, value in query.items() if value not in ("", None, 0)}
    return f"{path}?{urlencode(said)}" if said else path


def number_in(text: str) -> int | None:
    """The number that an address gives; None where it gives none that a database counts to."""
    usable = text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS
    return int(text) if usable else None


def ask(
    heading: str,
    about: str,
    act: Callable[[str], Awaitable[object]],
    *,
    label: str = "",
    value: str = "",
    long: bool = False,
) -> None:
    """Open a dialog with a text to write (none without a `label`), and act on it when told to."""
    with ui.dialog() as dialog, ui.card():
        html.h2(heading)
        if about:
            soft(about)
        field: ui.input | ui.textarea | None = None
        if label:
            field = (ui.textarea if long else ui.input)(label, value=value)
            field.props("outlined dense autogrow" if long else "outlined dense").classes(
                "w-full full-width"
            )

        async def told() -> None:
            dialog.close()
            await act(field.value or "" if field else "")

        with html.div().classes("bar"):
            button(say("record", "cancel"), dialog.close)
            button(heading, told, main=True)
    dialog.open()
