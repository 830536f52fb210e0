"""E-mail, out."""

from collections.abc import Iterator

from channels.mail.sender import MailSender
from channels.mail.settings import CHANNEL, MailSettings, Security
from core.domain.conversations import Address
from core.ports.clock import Clock
from core.ports.sender import Sender
from core.ports.unit_of_work import Units
from keqiao.secrets import secret
from keqiao.settings import Settings


def server_of(settings: Settings) -> MailSettings | None:
    """The server of the settings, when they name all it needs."""
    if not (settings.mail_host and settings.mail_from):
        return None
    password = settings.mail_password
    return MailSettings(
        host=settings.mail_host,
        port=settings.mail_port,
        security=Security(settings.mail_security),
        user=settings.mail_user,
        password=password.get_secret_value() if password else None,
        sender=settings.mail_from,
        group=settings.mail_group,
        ca_file=settings.mail_ca_file,
        site=settings.public_url or "",
        secret=secret(settings.home, "mail-leaving"),
    )


def group_of(settings: Settings) -> Address | None:
    """The mailing list that is told of every reminder."""
    if server_of(settings) is None or not settings.mail_group:
        return None
    return Address(channel=CHANNEL, user=settings.mail_group)


def senders(settings: Settings, _units: Units, _clock: Clock) -> Iterator[Sender]:
    """Those that the settings open."""
    server = server_of(settings)
    if server is not None:
        yield MailSender(server)


def leads_out(address: Address, settings: Settings) -> bool:
    """Whether it can reach that address."""
    return address.channel == CHANNEL and server_of(settings) is not None
