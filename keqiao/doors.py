"""The doors that the settings open: neighbour systems, platforms, group robots, the page."""

from channels.broadcasts.settings import BroadcastSettings
from channels.desk.settings import DeskSettings
from channels.feishu.robot import FeishuRobotSender
from channels.feishu.sender import FeishuSender
from channels.feishu.settings import CHANNEL as FEISHU
from channels.feishu.settings import ROBOT as FEISHU_ROBOT
from channels.feishu.settings import FeishuRobotSettings, FeishuSettings
from channels.gateway.settings import GatewaySettings
from channels.web.bell import Bell
from channels.web.sender import WebSender
from channels.web.settings import CHANNEL as WEB
from channels.web.settings import WebSettings
from channels.webhook.messages import CHANNEL as WEBHOOK
from channels.webhook.messages import split_address
from channels.webhook.sender import WebhookSender
from channels.webhook.settings import HookSettings
from channels.wechat.api.client import WeChatApi
from channels.wechat.sender import WeChatSender
from channels.wechat.settings import CHANNEL as WECHAT
from channels.wechat.settings import WeChatSettings
from channels.wecom.sender import WeComRobotSender
from channels.wecom.settings import WeComRobotSettings
from core.domain.conversations import Address
from core.ports.clock import Clock
from core.ports.sender import Sender
from core.ports.unit_of_work import Units
from keqiao.secrets import secret
from keqiao.settings import Settings

HOOK = "default"  # the generic webhook of the settings posts to /hooks/default
WECOM_GROUP = Address(channel="wecom-robot", user="default")
FEISHU_GROUP = Address(channel=FEISHU_ROBOT, user="default")


def groups(settings: Settings) -> tuple[Address, ...]:
    """The groups that are told of every reminder."""
    robots = ((WECOM_GROUP, settings.wecom_robot_key), (FEISHU_GROUP, settings.feishu_robot_key))
    return tuple(group for group, key in robots if key is not None)


def leads_out(address: Address, settings: Settings) -> bool:
    """Whether what is sent to that address can leave, as far as the settings tell."""
    if address.channel in {WECOM_GROUP.channel, FEISHU_ROBOT}:
        return address in groups(settings)
    if address.channel == WEBHOOK:
        hook = split_address(address)[0]
        return hook == HOOK and bool(settings.webhook_secret and settings.webhook_out_url)
    if address.channel == FEISHU:
        return make_feishu(settings) is not None
    if address.channel == WECHAT:
        return make_wechat(settings) is not None
    return address.channel == WEB


def make_hooks(settings: Settings) -> tuple[HookSettings, ...]:
    """The neighbour systems of the settings."""
    if settings.webhook_secret is None:
        return ()
    hook = HookSettings(
        name=HOOK,
        secret=settings.webhook_secret.get_secret_value(),
        url=settings.webhook_out_url,
        internal=settings.webhook_internal,
    )
    return (hook,)


def make_feishu(settings: Settings) -> FeishuSettings | None:
    """The Feishu app of the settings, when they name all it needs."""
    app, secret, key = (
        settings.feishu_app_id,
        settings.feishu_app_secret,
        settings.feishu_encrypt_key,
    )
    if not (app and secret and key):
        return None
    token = settings.feishu_verification_token
    return FeishuSettings(
        app_id=app,
        app_secret=secret.get_secret_value(),
        encrypt_key=key.get_secret_value(),
        verification_token=token.get_secret_value() if token else None,
        api_base=settings.feishu_api_base,
    )


def make_wechat(settings: Settings) -> WeChatSettings | None:
    """The WeChat Official Account of the settings."""
    if settings.wechat_app_id is None or settings.wechat_token is None:
        return None
    keys = (settings.wechat_aes_key, settings.wechat_aes_key_before)
    own = settings.wechat_app_secret
    return WeChatSettings(
        app_id=settings.wechat_app_id,
        token=settings.wechat_token.get_secret_value(),
        secret=own.get_secret_value() if own else None,
        aes_keys=tuple(key.get_secret_value() for key in keys if key),
        api_base=settings.wechat_api_base,
    )


def _feishu_robots(settings: Settings) -> FeishuRobotSettings:
    key, secret = settings.feishu_robot_key, settings.feishu_robot_secret
    name = FEISHU_GROUP.user
    return FeishuRobotSettings(
        keys={name: key.get_secret_value()} if key else {},
        secrets={name: secret.get_secret_value()} if secret else {},
        api_base=settings.feishu_api_base,
    )


def make_wechat_api(settings: Settings, *, units: Units, clock: Clock) -> WeChatApi | None:
    """The API of that account, when it may be called."""
    wechat = make_wechat(settings)
    return None if wechat is None or wechat.passive else WeChatApi(wechat, units, clock)


def make_gateway_settings(
    settings: Settings,
    *,
    hooks: tuple[HookSettings, ...],
    desk: DeskSettings,
    broadcasts: BroadcastSettings,
) -> GatewaySettings:
    """What the gateway as a whole needs to know."""
    cookie = secret(settings.home, "visitor-cookie")
    web = WebSettings(secret=cookie, secure_cookies=settings.secure_cookies)
    return GatewaySettings(
        web=web,
        hooks=hooks,
        desk=desk,
        broadcasts=broadcasts,
        feishu=make_feishu(settings),
        wechat=make_wechat(settings),
    )


def make_senders(
    settings: Settings,
    *,
    hooks: tuple[HookSettings, ...],
    bell: Bell,
    units: Units,
    clock: Clock,
) -> tuple[Sender, ...]:
    """A sender for each channel."""
    senders: list[Sender] = [WebSender(bell)]
    if settings.wecom_robot_key:
        key = settings.wecom_robot_key.get_secret_value()
        robots = WeComRobotSettings(keys={WECOM_GROUP.user: key}, api_base=settings.wecom_api_base)
        senders.append(WeComRobotSender(robots, clock))
    if hooks:
        senders.append(WebhookSender(hooks, clock))
    if settings.feishu_robot_key:
        senders.append(FeishuRobotSender(_feishu_robots(settings), clock))
    feishu = make_feishu(settings)
    if feishu is not None:
        senders.append(FeishuSender(feishu, units, clock))
    wechat = make_wechat_api(settings, units=units, clock=clock)
    if wechat is not None:
        senders.append(WeChatSender(wechat, units, clock))
    return tuple(senders)
