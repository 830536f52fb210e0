"""What the gateway as a whole needs to know."""

from dataclasses import dataclass, field

from channels.broadcasts.settings import BroadcastSettings
from channels.desk.settings import DeskSettings
from channels.dingtalk.settings import DingTalkSettings
from channels.feishu.settings import FeishuSettings
from channels.mail.settings import MailSettings
from channels.rates import Rate
from channels.web.settings import WebSettings
from channels.webhook.settings import HookSettings
from channels.wechat.settings import WeChatSettings
from channels.wecom.settings import WeComBotSettings, WeComSettings

USER_RATE = Rate(burst=30, per_second=1)
"""What one person of a platform may say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewaySettings:
    """Settings of the HTTP door; `address_rate` holds for all visitors behind one address.

    Neighbour systems whose signature fits are not held to it: `hook_user_rate` holds for each
    person they speak for.
    """

    web: WebSettings
    hooks: tuple[HookSettings, ...] = ()
    desk: DeskSettings | None = None
    broadcasts: BroadcastSettings | None = None
    dingtalk: DingTalkSettings | None = None
    feishu: FeishuSettings | None = None
    wechat: WeChatSettings | None = None
    wecom: WeComSettings | None = None
    wecom_bot: WeComBotSettings | None = None
    mail: MailSettings | None = None
    calendar_secret: str = field(default="", repr=False)
    """What links to people's own calendars are signed with; empty: there are none."""
    site: str = ""
    """Address of the gateway as people reach it; empty: nobody said."""
    max_body_bytes: int = 64 * 1024
    address_rate: Rate = field(default_factory=lambda: Rate(burst=120, per_second=4))
    hook_user_rate: Rate = USER_RATE
    read_rate: Rate = field(default_factory=lambda: Rate(burst=600, per_second=50))
    metrics_token: str | None = field(default=None, repr=False)
    other_pages: tuple[str, ...] = ("/console",)
    """Paths whose pages bring their own protecting headers."""
