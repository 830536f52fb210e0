"""All the doors that the settings open."""

from channels.broadcasts.settings import BroadcastSettings
from channels.connections import Connection
from channels.desk.settings import DeskSettings
from channels.gateway.settings import USER_RATE, GatewaySettings
from channels.rates import TokenBuckets
from channels.web.bell import Bell
from channels.web.sender import WebSender
from channels.web.settings import CHANNEL as WEB
from channels.web.settings import WebSettings
from core.domain.conversations import Address
from core.ports.clock import Clock
from core.ports.sender import Sender
from core.ports.unit_of_work import Units
from core.services.conversations import AcceptInbound
from keqiao.doors import dingtalk, feishu, mail, webhook, wechat, wecom
from keqiao.doors.calendar import LINKS
from keqiao.secrets import secret
from keqiao.settings import Settings

PLATFORMS = (wecom, webhook, dingtalk, feishu, wechat, mail)
TALKERS = (dingtalk, feishu, wecom)


def groups(settings: Settings) -> tuple[Address, ...]:
    """The groups that are told of every reminder."""
    robots = (wecom, dingtalk, feishu)
    listed = mail.group_of(settings)
    told = tuple(one.GROUP for one in robots if one.leads_out(one.GROUP, settings))
    return (*told, listed) if listed else told


def leads_out(address: Address, settings: Settings) -> bool:
    """Whether what is sent to that address can leave, as far as the settings tell."""
    return address.channel == WEB or any(one.leads_out(address, settings) for one in PLATFORMS)


def make_gateway_settings(
    settings: Settings, *, desk: DeskSettings, broadcasts: BroadcastSettings
) -> GatewaySettings:
    """What the gateway as a whole needs to know."""
    cookie = secret(settings.home, "visitor-cookie")
    token = settings.metrics_token
    return GatewaySettings(
        metrics_token=token.get_secret_value() if token else None,
        mail=mail.server_of(settings),
        calendar_secret=secret(settings.home, LINKS),
        site=settings.public_url or "",
        web=WebSettings(
            secret=cookie,
            secure_cookies=settings.secure_cookies,
            widget_origins=widget_origins(settings),
        ),
        hooks=webhook.hooks_of(settings),
        desk=desk,
        broadcasts=broadcasts,
        dingtalk=dingtalk.app_of(settings),
        feishu=feishu.app_of(settings),
        wechat=wechat.account_of(settings),
        wecom=wecom.app_of(settings),
        wecom_bot=wecom.bot_of(settings),
    )


def widget_origins(settings: Settings) -> tuple[str, ...]:
    """The origins whose pages may embed the chat, as browsers write them: in small letters."""
    named = (one.strip().lower() for one in (settings.widget_origins or "").split(","))
    return tuple(one for one in named if one)


def make_senders(
    settings: Settings, *, bell: Bell, units: Units, clock: Clock
) -> tuple[Sender, ...]:
    """A sender for each channel."""
    opened = (sender for one in PLATFORMS for sender in one.senders(settings, units, clock))
    return (WebSender(bell), *opened)


def make_connections(
    settings: Settings, *, accept: AcceptInbound, units: Units
) -> tuple[Connection, ...]:
    """The long connections that the settings ask for, not yet open."""
    users = TokenBuckets(USER_RATE, accept.clock)
    talks = (talk for one in TALKERS for talk in one.talks(settings, accept, units, users))
    return tuple(Connection(talk, units, accept.clock) for talk in talks)
