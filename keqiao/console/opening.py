"""Opening the console on the gateway's application."""

from functools import partial
from typing import Any, Unpack, cast

from starlette.applications import Starlette

from core.services.operating.visiting import SignIn, SignOut
from keqiao.console.door.guard import Entrance, Guard
from keqiao.console.door.requests import UNDER
from keqiao.console.inside import Inside
from keqiao.console.rooms import Parts, Rooms, make_rooms
from keqiao.console.wording import say
from keqiao.settings import Settings


def open_console(app: Any, settings: Settings, **parts: Unpack[Parts]) -> None:  # noqa: ANN401 -- FastAPI is the channels' own
    """Hang the pages under `/console` of the application, behind their guard; once a process."""
    rooms = make_rooms(settings, **parts)
    entrance = Entrance(
        sign_in=SignIn(units=rooms.units, clock=rooms.clock),
        recognise=rooms.recognise,
        sign_out=SignOut(units=rooms.units, clock=rooms.clock),
        clock=rooms.clock,
        idle=rooms.recognise.idle,
        secure=settings.secure_cookies,
    )
    inside = Inside(partial(_pages, rooms))
    app.router.lifespan_context = inside.within(app.router.lifespan_context)
    app.add_middleware(Guard, entrance=entrance, inside=inside)


def _pages(rooms: Rooms) -> Starlette:
    """All pages. NiceGUI keeps them in one application of the process."""
    from nicegui import ui

    from keqiao.console.pages import broadcasts, home, libraries, needs, trail, waiting

    for page in (home, libraries, needs, broadcasts, waiting, trail):
        page.add(rooms)
    app: Any = Starlette()  # NiceGUI asks for FastAPI and uses no more than this
    ui.run_with(
        app,
        title=say("frame", "title"),
        mount_path=UNDER,
        language="zh-CN",
        dark=False,
        tailwind=False,
        show_welcome_message=False,
        reconnect_timeout=10,
    )
    return cast("Starlette", app)
