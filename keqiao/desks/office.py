"""Joining the house's side of handoffs for a site."""

from datetime import timedelta
from functools import partial

from channels.desk.settings import DeskSettings
from core.ports.clock import Clock
from core.ports.unit_of_work import Units
from core.ports.wakeups import Wakeups
from core.services.handoffs.hearing import HearHandoffs
from core.services.handoffs.liaisons import HandBack, ReplyToPerson, TakeHandoff
from core.services.handoffs.office import Office
from core.services.handoffs.opening import OpenHandoff
from core.services.handoffs.routing import ChooseDesk
from keqiao.desks.file import load_desks, region_of
from keqiao.desks.tokens import tokens
from keqiao.settings import Settings
from scheduler.words import handoff_words


def make_office(settings: Settings, *, units: Units, clock: Clock, wakeups: Wakeups) -> Office:
    """The desks of the site with their words and patience.

    Raises:
        BadInputError: the file of the desks cannot be used.
    """
    return Office(
        units=units,
        clock=clock,
        wakeups=wakeups,
        desks=load_desks(settings.home, tokens=bool(tokens(settings.home))),
        words=handoff_words(),
        untaken=timedelta(minutes=settings.handoff_minutes),
        unanswered=timedelta(minutes=settings.handoff_silent_minutes),
    )


def make_opening(office: Office) -> OpenHandoff:
    """Asking for a person of that office."""
    choose = ChooseDesk(desks=office.desks, words=office.words, read_region=region_of)
    return OpenHandoff(office=office, choose=choose)


def make_hearing(office: Office) -> HearHandoffs:
    """What takes messages past the bot."""
    return HearHandoffs(office=office, open_handoff=make_opening(office))


def make_desk(settings: Settings, office: Office) -> DeskSettings:
    """What liaisons may do with their tokens."""
    return DeskSettings(
        tokens=partial(tokens, settings.home),
        take=TakeHandoff(office=office),
        reply=ReplyToPerson(office=office),
        hand_back=HandBack(office=office),
    )
