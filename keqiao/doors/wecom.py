"""企业微信: an app, a group robot, and a smart robot."""

from collections.abc import Iterator

from channels.connections import Talk
from channels.rates import TokenBuckets
from channels.wecom.bot.line_sender import WeComLineTalk
from channels.wecom.bot.sender import WeComBotSender
from channels.wecom.robot import WeComRobotSender
from channels.wecom.sender import WeComSender
from channels.wecom.settings import (
    BOT,
    CHANNEL,
    ROBOT,
    WeComBotSettings,
    WeComLineSettings,
    WeComRobotSettings,
    WeComSettings,
)
from core.domain.conversations import Address
from core.ports.clock import Clock
from core.ports.sender import Sender
from core.ports.unit_of_work import Units
from core.services.conversations import AcceptInbound
from keqiao.settings import Settings

GROUP = Address(channel=ROBOT, user="default")


def app_of(settings: Settings) -> WeComSettings | None:
    """The app of the settings, when they name all it needs."""
    corp, agent = settings.wecom_corp_id, settings.wecom_agent_id
    secret, token, key = settings.wecom_secret, settings.wecom_token, settings.wecom_aes_key
    if not (corp and agent and secret and token and key):
        return None
    keys = (key, settings.wecom_aes_key_before)
    return WeComSettings(
        corp_id=corp,
        agent_id=agent,
        secret=secret.get_secret_value(),
        token=token.get_secret_value(),
        aes_keys=tuple(one.get_secret_value() for one in keys if one),
        api_base=settings.wecom_api_base,
    )


def bot_of(settings: Settings) -> WeComBotSettings | None:
    """The smart robot of the settings that is called back, when they name all it needs."""
    token, key = settings.wecom_bot_token, settings.wecom_bot_aes_key
    if not (token and key) or line_of(settings) is not None:  # WeCom allows one way or the other
        return None
    keys = (key, settings.wecom_bot_aes_key_before)
    return WeComBotSettings(
        token=token.get_secret_value(),
        aes_keys=tuple(one.get_secret_value() for one in keys if one),
        name=settings.wecom_bot_name or "",
        api_base=settings.wecom_api_base,
    )


def line_of(settings: Settings) -> WeComLineSettings | None:
    """The smart robot of the settings that is reached over a long connection."""
    bot, secret = settings.wecom_bot_id, settings.wecom_bot_secret
    if not (bot and secret):
        return None
    return WeComLineSettings(
        bot_id=bot,
        secret=secret.get_secret_value(),
        name=settings.wecom_bot_name or "",
        url=settings.wecom_bot_url,
    )


def talks(
    settings: Settings, accept: AcceptInbound, units: Units, users: TokenBuckets
) -> Iterator[Talk]:
    """What is said over a connection, when the settings name one."""
    line = line_of(settings)
    if line is not None:
        yield WeComLineTalk(line, accept=accept, units=units, users=users)


def senders(settings: Settings, units: Units, clock: Clock) -> Iterator[Sender]:
    """Those that the settings open."""
    if settings.wecom_robot_key:
        keys = {GROUP.user: settings.wecom_robot_key.get_secret_value()}
        robots = WeComRobotSettings(keys=keys, api_base=settings.wecom_api_base)
        yield WeComRobotSender(robots, clock)
    app = app_of(settings)
    if app is not None:
        yield WeComSender(app, units, clock)
    bot = bot_of(settings)
    if bot is not None:
        yield WeComBotSender(bot, units, clock)


def leads_out(address: Address, settings: Settings) -> bool:
    """Whether they can reach that address."""
    if address.channel == ROBOT:
        return address == GROUP and settings.wecom_robot_key is not None
    if address.channel == BOT:
        return line_of(settings) is not None or bot_of(settings) is not None
    return address.channel == CHANNEL and app_of(settings) is not None
