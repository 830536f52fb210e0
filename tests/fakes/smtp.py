"""A mail server on loopback (aiosmtpd) that answers as RFC 5321 allows a server to answer."""

import asyncio
import socket
import ssl
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any, Self, override

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

USER, PASSWORD = "notice@example.org", "mail-password-of-the-tests"


class FakeMailServer:
    """`answers` are what it says at the next step of that name: a line, `"hang"` or `"drop"`.

    Steps are MAIL, RCPT and DATA; each answer is given once. What it took is in `taken`.
    """

    def __init__(
        self,
        *,
        sealed: tuple[Path, Path] | None = None,
        from_the_start: bool = False,
        demands_login: bool = False,
    ) -> None:
        self.answers: list[tuple[str, str]] = []
        self.taken: list[EmailMessage] = []
        self.raw: list[bytes] = []
        self.envelopes: list[tuple[str, list[str]]] = []
        self.logins: list[bytes] = []
        context = None
        if sealed is not None:
            context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            context.load_cert_chain(*sealed)
        starttls = None if from_the_start else context
        self.port = _free_port()
        self._controller = Controller(
            self,
            hostname="127.0.0.1",
            port=self.port,
            ssl_context=context if from_the_start else None,
            tls_context=starttls,
            require_starttls=starttls is not None,
            authenticator=self._authenticate if demands_login else None,
            auth_required=demands_login and starttls is not None,
            auth_require_tls=starttls is not None,
        )

    def __enter__(self) -> Self:
        self._controller.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._controller.stop()

    def texts(self) -> list[str]:
        """What stands first in each message that was taken."""
        return [text_of(one).split("\n\n")[0].strip() for one in self.taken]

    async def handle_MAIL(  # noqa: N802 -- aiosmtpd calls it so
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take the sender, or not."""
        said = await self._said("MAIL", server)
        if said is None:
            envelope.mail_from = address
            envelope.mail_options.extend(options)
        return said or "250 OK"

    async def handle_RCPT(  # noqa: N802 -- the same
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take the recipient, or not."""
        said = await self._said("RCPT", server)
        if said is None:
            envelope.rcpt_tos.append(address)
            envelope.rcpt_options.extend(options)
        return said or "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 -- the same
        """Take the message; `hang` and `drop` take it too, and do not say so."""
        refused = self.answers and self.answers[0][0] == "DATA" and self.answers[0][1][0] in "45"
        if not refused:
            body = envelope.content
            assert isinstance(body, bytes)
            self.raw.append(body)
            read: Any = message_from_bytes(body, policy=default)
            self.taken.append(read)
            self.envelopes.append((envelope.mail_from or "", list(envelope.rcpt_tos)))
        return await self._said("DATA", server) or "250 queued"

    async def _said(self, step: str, server: SMTP) -> str | None:
        if not self.answers or self.answers[0][0] != step:
            return None
        _, answer = self.answers.pop(0)
        if answer == "hang":
            await asyncio.sleep(3600)
        if answer == "drop" and isinstance(server.transport, asyncio.Transport):
            server.transport.abort()
        return answer

    def _authenticate(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: Any
    ) -> AuthResult:
        good = isinstance(data, LoginPassword) and (data.login, data.password) == (
            USER.encode(),
            PASSWORD.encode(),
        )
        if good:
            self.logins.append(data.login)
        return AuthResult(success=good, handled=False)

    @override
    def __repr__(self) -> str:
        return f"FakeMailServer(port={self.port})"


def text_of(message: EmailMessage) -> str:
    """The plain text of a message."""
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
