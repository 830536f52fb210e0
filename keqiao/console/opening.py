"""Opening the console on the gateway's application."""

from typing import Any, Unpack

from nicegui import ui

from core.services.operating.visiting import SignIn, SignOut
from keqiao.console.door.guard import Entrance, Guard
from keqiao.console.door.requests import UNDER
from keqiao.console.pages import broadcasts, home, libraries, needs, trail, waiting
from keqiao.console.rooms import Parts, make_rooms
from keqiao.console.wording import say
from keqiao.settings import Settings

PAGES = (home, libraries, needs, broadcasts, waiting, trail)


def open_console(app: Any, settings: Settings, **parts: Unpack[Parts]) -> None:  # noqa: ANN401 -- FastAPI is the channels' own
    """Hang the pages under `/console` of the application, behind their guard; once a process.

    NiceGUI keeps its pages in one application of the process.
    """
    rooms = make_rooms(settings, **parts)
    for page in PAGES:
        page.add(rooms)
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
    entrance = Entrance(
        sign_in=SignIn(units=rooms.units, clock=rooms.clock),
        recognise=rooms.recognise,
        sign_out=SignOut(units=rooms.units, clock=rooms.clock),
        clock=rooms.clock,
        idle=rooms.recognise.idle,
        secure=settings.secure_cookies,
    )
    app.add_middleware(Guard, entrance=entrance)
