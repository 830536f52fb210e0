"""微信公众号."""

from collections.abc import Iterator

from channels.wechat.api.client import WeChatApi
from channels.wechat.notices import FILE, read_notices
from channels.wechat.sender import WeChatSender
from channels.wechat.settings import CHANNEL, WeChatSettings
from core.domain.conversations import Address
from core.ports.clock import Clock
from core.ports.sender import Sender
from core.ports.unit_of_work import Units
from keqiao.settings import Settings


def account_of(settings: Settings) -> WeChatSettings | None:
    """The account of the settings, when they name all it needs."""
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


def api_of(settings: Settings, units: Units, clock: Clock) -> WeChatApi | None:
    """The API of that account, when it may be called."""
    account = account_of(settings)
    return None if account is None or account.passive else WeChatApi(account, units, clock)


def senders(settings: Settings, units: Units, clock: Clock) -> Iterator[Sender]:
    """Those that the settings open."""
    api = api_of(settings, units, clock)
    if api is not None:
        notices = read_notices(settings.home / FILE)
        yield WeChatSender(api, units, clock, notices=notices)


def leads_out(address: Address, settings: Settings) -> bool:
    """Whether it can reach that address."""
    return address.channel == CHANNEL and account_of(settings) is not None
