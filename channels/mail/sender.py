"""The way out to mailboxes: one SMTP session a message, every answer in its class."""

import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from email.message import EmailMessage
from ipaddress import ip_address
from typing import override

from channels.mail.mailboxes import mailbox
from channels.mail.messages import compose, message_id, written
from channels.mail.settings import CHANNEL, MailSettings, Security
from core.domain.deliveries import Delivery, Receipt
from core.domain.errors import BadInputError, RefusedSendError, RetrySendError, UnknownSendError
from core.ports.sender import Sender

_GREYLISTED = timedelta(minutes=5)
"""How long a server that answers 450 or 451 usually wants to wait before it knows us."""
_BUSY = timedelta(minutes=1)
_WAITS = {421: _BUSY, 450: _GREYLISTED, 451: _GREYLISTED, 452: _GREYLISTED}
_TAKEN = 250
_GO_ON = 354
_PERMANENT = 500


class MailSender(Sender):
    """Sends to one mailbox at a time.

    Mail has no idempotency key that a server must honour: what may have arrived is not sent again
    by itself. Whoever does send it again sends the same Message-ID, by which many mailboxes show
    it once.
    """

    def __init__(self, settings: MailSettings) -> None:
        """Take the server.

        Raises:
            BadInputError: a password would leave this machine unsealed, the sender is no address,
                or the file of certificates cannot be read.
        """
        self._settings = settings
        mailbox(settings.sender)
        if settings.security is Security.NONE and settings.user and not _here(settings.host):
            raise BadInputError("a password for the mail server needs starttls or tls")
        self._context = _context(settings)

    @property
    @override
    def channel(self) -> str:
        return CHANNEL

    @property
    @override
    def repeatable(self) -> bool:
        return False

    @override
    def send(self, delivery: Delivery) -> Receipt:
        try:
            to = mailbox(delivery.message.address.user)
        except BadInputError:
            raise RefusedSendError("the address is no mailbox") from None
        message = compose(delivery, to, self._settings)
        with self._session() as smtp:
            self._announce(smtp, to)
            _hand_over(smtp, message)
        return Receipt(platform_id=message_id(delivery, self._settings.sender))

    def check(self) -> None:
        """Reach the server and be let in, sending nothing.

        Raises:
            SendError: it cannot be reached, or lets nobody in.
        """
        with self._session() as smtp, _before_data("NOOP"):
            smtp.noop()

    @contextmanager
    def _session(self) -> Iterator[smtplib.SMTP]:
        """An open, sealed session in which we are known."""
        with _before_data("greeting"):
            smtp = self._connected()
        try:
            with _before_data("AUTH"):
                self._enter(smtp)
            yield smtp
        finally:
            try:
                smtp.quit()
            except (smtplib.SMTPException, OSError):
                smtp.close()  # it was said before whether the message was taken

    def _connected(self) -> smtplib.SMTP:
        settings = self._settings
        if settings.security is Security.TLS:
            return smtplib.SMTP_SSL(
                settings.host, settings.port, timeout=settings.timeout, context=self._context
            )
        return smtplib.SMTP(settings.host, settings.port, timeout=settings.timeout)

    def _enter(self, smtp: smtplib.SMTP) -> None:
        if self._settings.security is Security.STARTTLS:
            smtp.starttls(context=self._context)
        smtp.ehlo_or_helo_if_needed()
        if self._settings.user:
            self._log_in(smtp, self._settings.user)

    def _log_in(self, smtp: smtplib.SMTP, user: str) -> None:
        """By one way alone: servers hang up on who is wrong twice, and then nothing is known."""
        offered = smtp.esmtp_features.get("auth", "").upper().split()
        smtp.user, smtp.password = user, self._settings.password or ""
        if "PLAIN" in offered:
            smtp.auth("PLAIN", smtp.auth_plain)
        elif "LOGIN" in offered:
            smtp.auth("LOGIN", smtp.auth_login)
        else:
            raise smtplib.SMTPNotSupportedError

    def _announce(self, smtp: smtplib.SMTP, to: str) -> None:
        with _before_data("MAIL"):
            _demand(smtp.mail(self._settings.sender), "MAIL")
        with _before_data("RCPT"):
            _demand(smtp.rcpt(to), "RCPT")


def _hand_over(smtp: smtplib.SMTP, message: EmailMessage) -> None:
    """Send the message itself: from its last byte on, silence leaves it unknown."""
    body = _dotted(written(message))
    with _before_data("DATA"):
        code, _ = smtp.docmd("DATA")
    if code != _GO_ON:
        raise _refusal(code, "DATA")
    try:
        smtp.send(body)
        smtp.send(".\r\n")
        code, _ = smtp.getreply()
    except (smtplib.SMTPException, OSError) as error:
        said = f"the mail server did not say whether it took it: {type(error).__name__}"
        raise UnknownSendError(said) from None
    if code != _TAKEN:
        raise _refusal(code, "the message")


@contextmanager
def _before_data(step: str) -> Iterator[None]:
    """Whatever fails here, no message has been said yet."""
    try:
        yield
    except smtplib.SMTPNotSupportedError:
        raise RefusedSendError(
            "the mail server offers no STARTTLS or no AUTH: see KEQIAO_MAIL_SECURITY"
        ) from None
    except smtplib.SMTPResponseException as error:
        raise _refusal(error.smtp_code, step) from None
    except (smtplib.SMTPException, OSError) as error:
        said = f"the mail server cannot be reached ({step}): {type(error).__name__}"
        raise RetrySendError(said) from None


def _dotted(text: str) -> str:
    """Lines that begin with a full stop begin with two (RFC 5321, 4.5.2)."""
    return re.sub(r"^\.", "..", text, flags=re.MULTILINE)


def _demand(answer: tuple[int, bytes], step: str) -> None:
    if not 200 <= answer[0] < 300:  # noqa: PLR2004 -- the class of answers that say yes
        raise _refusal(answer[0], step)


def _refusal(code: int, step: str) -> RetrySendError | RefusedSendError:
    """RFC 5321, 4.2.1: 4yz may be tried again, 5yz may not. Its words may tell secrets."""
    said = f"the mail server answered {step} with {code}"
    if code >= _PERMANENT:
        return RefusedSendError(said)
    return RetrySendError(said, retry_after=_WAITS.get(code))


def _context(settings: MailSettings) -> ssl.SSLContext:
    try:
        context = ssl.create_default_context()
        if settings.ca_file is not None:
            context.load_verify_locations(settings.ca_file)
    except OSError as error:
        raise BadInputError(f"{settings.ca_file} holds no certificates: {error}") from error
    return context


def _here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
