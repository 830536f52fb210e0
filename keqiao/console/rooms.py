"""What the console's pages do, as use cases of the house."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TypedDict, Unpack

from channels.broadcasts.settings import BroadcastSettings
from channels.desk.settings import DeskSettings
from core.ports.clock import Clock
from core.ports.unit_of_work import Units
from core.services.matching.finding import FindMatches
from core.services.matching.orders import MoveOrder
from core.services.operating.trail import WriteDown
from core.services.operating.visiting import Recognise
from core.services.own_needs.moving import MoveNeed
from keqiao.libraries.joined import Libraries
from keqiao.pushing import make_orders
from keqiao.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Rooms:
    """The use cases that pages call; pages decide nothing themselves."""

    home: Path
    units: Units
    clock: Clock
    libraries: Libraries
    broadcasting: BroadcastSettings
    desk: DeskSettings
    find_matches: FindMatches
    move_need: MoveNeed
    move_order: MoveOrder
    recognise: Recognise
    write_down: WriteDown


class Parts(TypedDict):
    """What of the site the rooms are made of."""

    libraries: Libraries
    broadcasting: BroadcastSettings
    desk: DeskSettings
    find_matches: FindMatches
    move_need: MoveNeed


def make_rooms(settings: Settings, **parts: Unpack[Parts]) -> Rooms:
    """What operators of a site do."""
    units, clock = parts["libraries"].units, parts["libraries"].clock
    idle = timedelta(minutes=settings.console_idle_minutes)
    return Rooms(
        home=settings.home,
        units=units,
        clock=clock,
        move_order=make_orders(parts["find_matches"]),
        recognise=Recognise(units=units, clock=clock, idle=idle),
        write_down=WriteDown(units=units, clock=clock),
        **parts,
    )
