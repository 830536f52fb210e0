"""钉钉: an app with its robot, and a group robot."""

from collections.abc import Iterator

from channels.connections import Talk
from channels.dingtalk.robot import DingTalkRobotSender
from channels.dingtalk.sender import DingTalkSender
from channels.dingtalk.settings import CHANNEL, ROBOT, DingTalkRobotSettings, DingTalkSettings
from channels.dingtalk.stream import DingTalkStream
from channels.rates import TokenBuckets
from core.domain.conversations import Address
from core.ports.clock import Clock
from core.ports.sender import Sender
from core.ports.unit_of_work import Units
from core.services.conversations import AcceptInbound
from keqiao.settings import Settings

GROUP = Address(channel=ROBOT, user="default")


def app_of(settings: Settings) -> DingTalkSettings | None:
    """The app of the settings, when they name all it needs."""
    key, secret = settings.dingtalk_app_key, settings.dingtalk_app_secret
    if not (key and secret):
        return None
    return DingTalkSettings(
        app_key=key,
        app_secret=secret.get_secret_value(),
        robot_code=settings.dingtalk_robot_code or key,
        api_base=settings.dingtalk_api_base,
        oapi_base=settings.dingtalk_oapi_base,
    )


def senders(settings: Settings, units: Units, clock: Clock) -> Iterator[Sender]:
    """Those that the settings open."""
    if settings.dingtalk_robot_token:
        yield DingTalkRobotSender(_robots(settings), clock)
    app = app_of(settings)
    if app is not None:
        yield DingTalkSender(app, units, clock)


def talks(
    settings: Settings, accept: AcceptInbound, units: Units, users: TokenBuckets
) -> Iterator[Talk]:
    """What is said over a connection, when the settings ask for one."""
    app = app_of(settings)
    if app is not None and settings.dingtalk_connection:
        yield DingTalkStream(app, accept=accept, units=units, users=users)


def leads_out(address: Address, settings: Settings) -> bool:
    """Whether they can reach that address."""
    if address.channel == ROBOT:
        return address == GROUP and settings.dingtalk_robot_token is not None
    return address.channel == CHANNEL and app_of(settings) is not None


def _robots(settings: Settings) -> DingTalkRobotSettings:
    token, secret = settings.dingtalk_robot_token, settings.dingtalk_robot_secret
    name = GROUP.user
    return DingTalkRobotSettings(
        tokens={name: token.get_secret_value()} if token else {},
        secrets={name: secret.get_secret_value()} if secret else {},
        oapi_base=settings.dingtalk_oapi_base,
    )
