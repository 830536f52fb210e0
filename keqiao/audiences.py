"""Broadcasts of a site: audiences as operators name them, and how a text looks on each channel."""

from collections.abc import Collection, Mapping, Sequence
from functools import partial

from actions.subscriptions.wishes import places_in, short_name
from actions.understanding.lexicon import industries as areas
from actions.understanding.region import read_region
from actions.understanding.text import fold
from channels.broadcasts.settings import BroadcastSettings
from channels.parts import told
from channels.web.settings import CHANNEL as WEB
from channels.wecom.robot import shown
from channels.wecom.settings import ROBOT as WECOM
from core.domain.broadcasts import Audience, Role
from core.domain.errors import BadInputError
from core.ports.clock import Clock
from core.ports.unit_of_work import Units
from core.ports.wakeups import Wakeups
from core.services.broadcasts.making import CountAudience, MakeBroadcast, TryBroadcast
from core.services.broadcasts.moving import ApproveBroadcast, SendBroadcast, StopBroadcast
from keqiao.desks.tokens import tokens
from keqiao.settings import Settings
from scheduler.words import render_broadcast

ROLES: Mapping[str, Role] = {
    "企业": Role.ENTERPRISE,
    "高校": Role.UNIVERSITY,
    "社团": Role.SOCIETY,
    "政府": Role.GOVERNMENT,
    "科研人员": Role.RESEARCHER,
    "服务机构": Role.AGENCY,
}


def read_roles(names: Sequence[str]) -> tuple[Role, ...]:
    """Roles by their names or codes.

    Raises:
        BadInputError: there is no such role.
    """
    known = {**ROLES, **{str(role): role for role in Role}}
    for name in names:
        if name not in known:
            raise BadInputError(f"没有身份“{name}”，可用：{'、'.join(ROLES)}")
    return tuple(dict.fromkeys(known[name] for name in names))


def read_audience(
    roles: Sequence[str] | None,
    region: str | None,
    industries: Sequence[str] | None,
    channels: Sequence[str] | None,
) -> Audience:
    """The audience that is named.

    Raises:
        BadInputError: a name is not known; says which, and what to write.
    """
    names = [area.name for area in areas()]
    for one in industries or ():
        if one not in names:
            raise BadInputError(f"没有产业领域“{one}”，可用：{'、'.join(names)}")
    place = read_region(fold(region), asked=True).region if region else None
    if region and place is None:
        raise BadInputError(f"看不懂地区“{region}”，请写全，如 江苏省常州市")
    return Audience(
        roles=read_roles(roles or ()),
        region=short_name(place),
        places=places_in(place) if place else (),
        industries=tuple(industries or ()),
        channels=tuple(channels or ()),
    )


def previews(text: str, channels: Collection[str]) -> dict[str, str]:
    """What is read on each of the channels; on the page when there are none."""
    reply = render_broadcast(text)
    return {
        channel: shown(reply) if channel == WECOM else told(reply)
        for channel in sorted(channels) or [WEB]
    }


def make_broadcasting(
    settings: Settings, *, units: Units, clock: Clock, wakeups: Wakeups
) -> BroadcastSettings:
    """What operators do with broadcasts, on the command line or with their tokens."""
    count = CountAudience(units=units)
    alone = settings.broadcast_alone
    trial = partial(render_broadcast, trial=True)
    return BroadcastSettings(
        tokens=partial(tokens, settings.home),
        make=MakeBroadcast(units=units, clock=clock),
        count=count,
        attempt=TryBroadcast(units=units, clock=clock, wakeups=wakeups, render=trial),
        send=SendBroadcast(units=units, clock=clock, count=count, alone=alone),
        approve=ApproveBroadcast(units=units, clock=clock),
        stop=StopBroadcast(units=units, clock=clock),
        read_audience=read_audience,
        previews=previews,
    )
