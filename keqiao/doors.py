"""The doors out that the settings open: neighbour systems, group robots, the page."""

from channels.web.bell import Bell
from channels.web.sender import WebSender
from channels.web.settings import CHANNEL as WEB
from channels.webhook.messages import CHANNEL as WEBHOOK
from channels.webhook.messages import split_address
from channels.webhook.sender import WebhookSender
from channels.webhook.settings import HookSettings
from channels.wecom.sender import WeComRobotSender
from channels.wecom.settings import WeComRobotSettings
from core.domain.conversations import Address
from core.ports.clock import Clock
from core.ports.sender import Sender
from keqiao.settings import Settings

HOOK = "default"  # the generic webhook of the settings posts to /hooks/default
WECOM_GROUP = Address(channel="wecom-robot", user="default")  # told of every reminder


def leads_out(address: Address, settings: Settings) -> bool:
    """Whether what is sent to that address can leave, as far as the settings tell."""
    if address.channel == WECOM_GROUP.channel:
        return address == WECOM_GROUP and settings.wecom_robot_key is not None
    if address.channel == WEBHOOK:
        hook = split_address(address)[0]
        return hook == HOOK and bool(settings.webhook_secret and settings.webhook_out_url)
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


def make_senders(
    settings: Settings, *, hooks: tuple[HookSettings, ...], bell: Bell, clock: Clock
) -> tuple[Sender, ...]:
    """A sender for each channel."""
    senders: list[Sender] = [WebSender(bell)]
    if settings.wecom_robot_key:
        key = settings.wecom_robot_key.get_secret_value()
        robots = WeComRobotSettings(keys={WECOM_GROUP.user: key}, api_base=settings.wecom_api_base)
        senders.append(WeComRobotSender(robots, clock))
    if hooks:
        senders.append(WebhookSender(hooks, clock))
    return tuple(senders)
