"""飞书: an app, and a group robot."""

from collections.abc import Iterator

from channels.connections import Talk
from channels.feishu.robot import FeishuRobotSender
from channels.feishu.sender import FeishuSender
from channels.feishu.settings import CHANNEL, ROBOT, FeishuRobotSettings, FeishuSettings
from channels.feishu.stream.talk import FeishuTalk
from channels.rates import TokenBuckets
from core.domain.conversations import Address
from core.ports.clock import Clock
from core.ports.sender import Sender
from core.ports.unit_of_work import Units
from core.services.conversations import AcceptInbound
from keqiao.settings import Settings

GROUP = Address(channel=ROBOT, user="default")


def app_of(settings: Settings) -> FeishuSettings | None:
    """The app of the settings, when they name all it needs: it is heard in one way or another."""
    app, secret = settings.feishu_app_id, settings.feishu_app_secret
    key = settings.feishu_encrypt_key
    if not (app and secret and (key or settings.feishu_connection)):
        return None
    token = settings.feishu_verification_token
    return FeishuSettings(
        app_id=app,
        app_secret=secret.get_secret_value(),
        encrypt_key=key.get_secret_value() if key else "",
        verification_token=token.get_secret_value() if token else None,
        api_base=settings.feishu_api_base,
    )


def senders(settings: Settings, units: Units, clock: Clock) -> Iterator[Sender]:
    """Those that the settings open."""
    if settings.feishu_robot_key:
        yield FeishuRobotSender(_robots(settings), clock)
    app = app_of(settings)
    if app is not None:
        yield FeishuSender(app, units, clock)


def talks(
    settings: Settings, accept: AcceptInbound, units: Units, users: TokenBuckets
) -> Iterator[Talk]:
    """What is said over a connection, when the settings ask for one."""
    app = app_of(settings)
    if app is not None and settings.feishu_connection:
        yield FeishuTalk(app, accept=accept, units=units, users=users)


def leads_out(address: Address, settings: Settings) -> bool:
    """Whether they can reach that address."""
    if address.channel == ROBOT:
        return address == GROUP and settings.feishu_robot_key is not None
    return address.channel == CHANNEL and app_of(settings) is not None


def _robots(settings: Settings) -> FeishuRobotSettings:
    key, secret = settings.feishu_robot_key, settings.feishu_robot_secret
    name = GROUP.user
    return FeishuRobotSettings(
        keys={name: key.get_secret_value()} if key else {},
        secrets={name: secret.get_secret_value()} if secret else {},
        api_base=settings.feishu_api_base,
    )
