"""企业微信: a group robot."""

from collections.abc import Iterator

from channels.wecom.sender import WeComRobotSender
from channels.wecom.settings import WeComRobotSettings
from core.domain.conversations import Address
from core.ports.clock import Clock
from core.ports.sender import Sender
from core.ports.unit_of_work import Units
from keqiao.settings import Settings

GROUP = Address(channel="wecom-robot", user="default")


def senders(settings: Settings, _units: Units, clock: Clock) -> Iterator[Sender]:
    """Those that the settings open."""
    if settings.wecom_robot_key:
        keys = {GROUP.user: settings.wecom_robot_key.get_secret_value()}
        robots = WeComRobotSettings(keys=keys, api_base=settings.wecom_api_base)
        yield WeComRobotSender(robots, clock)


def leads_out(address: Address, settings: Settings) -> bool:
    """Whether it can reach that address."""
    return address == GROUP and settings.wecom_robot_key is not None
