"""What every page has around it: the bar, the columns, the style."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nicegui import html, ui

from keqiao.console.stay import Stay
from keqiao.console.wording import choices, say

BRAND = "#0c5f73"
STYLE = Path(__file__).with_name("style.css").read_text("utf-8")


@contextmanager
def frame(stay: Stay, title: str, *, here: str) -> Iterator[None]:
    """A page of the column `here`, with its heading."""
    ui.page_title(f"{title} · {say('frame', 'title')}")
    ui.add_css(STYLE)
    ui.colors(primary=BRAND)
    with html.header().classes("top"):
        with html.div().classes("top-line"):
            ui.link(say("frame", "title"), "/").classes("brand")
            with html.div().classes("me"):
                role = say("roles", stay.operator.role)
                ui.label(f"{stay.operator.name}（{role}）").classes("who")
                with html.form().props("method=post action=/console/logout"):
                    html.button(say("frame", "sign_out")).props("type=submit").classes("plain")
        with html.nav().classes("nav").props(f'aria-label="{say("frame", "menu")}"'):
            for path, name in choices("nav").items():
                link = ui.link(name, path)
                if path == here:
                    link.classes("here").props("aria-current=page")
    with html.main().classes("main"):
        html.h1(title)
        yield
