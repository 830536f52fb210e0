"""The processes of a site as an operator starts them, on a shared clock and with their fate.

They are forked from a server that has loaded everything, so that hundreds may be killed and
started again; each is a real process with nothing in common but the database.
"""

import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import override

from channels.webhook.sender import WebhookSender
from channels.webhook.settings import HookSettings
from channels.wecom.robot import WeComRobotSender
from channels.wecom.settings import WeComRobotSettings
from core.ports.clock import Clock
from core.ports.sender import Sender
from core.ports.unit_of_work import Units
from keqiao.bootstrap import Site
from keqiao.locks import hold
from keqiao.logs import configure_logs
from keqiao.processes.alone import schedule, serve, until_told, work
from keqiao.processes.children import die_with_parent
from keqiao.processes.gateway import gateway
from keqiao.processes.up import take_back_leases
from keqiao.settings import load_settings
from tests.crash.clock import SharedClock
from tests.crash.points import Fate, WatchedUnits

FIRST_USE = (
    "actions.subscriptions.wishes",
    "apscheduler.schedulers.background",
    "channels.bot",
    "channels.gateway.app",
    "httpcore2",
    "keqiao.audiences",
    "keqiao.console.opening",
    "keqiao.desks.office",
    "keqiao.doors.joined",
    "keqiao.models",
    "keqiao.pushing",
    "knowledge.base",
    "knowledge.index.embedding.choice",
    "knowledge.rewording.rewording",
    "scheduler.dispatcher",
    "scheduler.transports",
    "scheduler.worker",
    "truststore",
)
"""What the roof imports on first use: loaded before the fork."""

for _name in FIRST_USE:
    import_module(_name)

ROBOTS = 50
TIMEOUT = 1.5
"""Seconds a platform may take to answer."""


def robot_keys() -> dict[str, str]:
    """The group robots: that of the settings, told of every reminder, and one for each group."""
    return {name: f"key-{name}" for name in ("default", *(f"g{n}" for n in range(ROBOTS)))}


@dataclass(frozen=True, kw_only=True)
class Start:
    """What a process is started with."""

    role: str
    settings: Mapping[str, object]
    clock_file: Path
    zone: str = "UTC"
    fate: Fate | None = None
    log: Path


@dataclass(frozen=True)
class CrashSite(Site):
    """A site whose clock is shared, whose commits may kill, and whose platforms are impatient."""

    start: Start

    @cached_property
    @override
    def clock(self) -> Clock:
        """The shared clock."""
        return SharedClock(self.start.clock_file)

    @cached_property
    @override
    def units(self) -> Units:
        """Units of work that meet their fate."""
        units = super().units
        return units if self.start.fate is None else WatchedUnits(units.engine, self.start.fate)  # type: ignore[attr-defined] # SqlUnits

    @cached_property
    @override
    def senders(self) -> tuple[Sender, ...]:
        """The doors of the settings, with more robots and shorter time-outs."""
        ours = {sender.channel: sender for sender in super().senders}
        secret = self.settings.webhook_secret
        assert secret is not None
        hook = HookSettings(
            name="default",
            secret=secret.get_secret_value(),
            url=self.settings.webhook_out_url,
            timeout=TIMEOUT,
            internal=True,
        )
        robots = WeComRobotSettings(
            keys=robot_keys(), api_base=self.settings.wecom_api_base, timeout=TIMEOUT
        )
        for sender in (WebhookSender([hook], self.clock), WeComRobotSender(robots, self.clock)):
            ours[sender.channel] = sender
        return tuple(ours.values())


def everything(site: Site) -> None:
    """Gateway, worker and scheduler in one process, as `keqiao up` has them."""
    with hold(site.settings.home, "serve", "worker", "scheduler"), until_told() as told:
        take_back_leases(site)
        with site.worker(), site.heartbeat(), gateway(site):
            told.wait()


def run(start: Start) -> None:
    """Be that process until it is told to end, or killed."""
    die_with_parent()
    log = os.open(start.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.environ["TZ"] = start.zone  # noqa: TID251 -- a host in another zone
    time.tzset()
    settings = load_settings(**start.settings)
    configure_logs(settings.log_level)
    site = CrashSite(settings, start)
    try:
        if start.role == "everything":
            everything(site)
        else:
            {"worker": work, "scheduler": schedule, "serve": serve}[start.role](site, print)
    finally:
        site.close()
