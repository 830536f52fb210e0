"""Neighbour systems by Standard Webhooks."""

from collections.abc import Iterator

from channels.webhook.messages import CHANNEL, split_address
from channels.webhook.sender import WebhookSender
from channels.webhook.settings import HookSettings
from core.domain.conversations import Address
from core.ports.clock import Clock
from core.ports.sender import Sender
from core.ports.unit_of_work import Units
from keqiao.settings import Settings

HOOK = "default"  # the generic webhook of the settings posts to /hooks/default


def hooks_of(settings: Settings) -> tuple[HookSettings, ...]:
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


def senders(settings: Settings, _units: Units, clock: Clock) -> Iterator[Sender]:
    """Those that the settings open."""
    hooks = hooks_of(settings)
    if hooks:
        yield WebhookSender(hooks, clock)


def leads_out(address: Address, settings: Settings) -> bool:
    """Whether it can reach that address."""
    if address.channel != CHANNEL:
        return False
    hook = split_address(address)[0]
    return hook == HOOK and bool(settings.webhook_secret and settings.webhook_out_url)
