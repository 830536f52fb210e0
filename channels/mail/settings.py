"""What e-mail needs to know."""

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

CHANNEL = "mail"


class Security(StrEnum):
    """How the way to the server is sealed."""

    STARTTLS = "starttls"
    """Begun in the open, sealed before anything is said; usual on port 587."""
    TLS = "tls"
    """Sealed from the first byte; usual on port 465."""
    NONE = "none"
    """Not at all: for a server on this machine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MailSettings:
    """The server, and in whose name it sends.

    `site` is the gateway's address as people reach it; without it, or without `secret`, messages
    hold no link that ends them.
    """

    host: str
    sender: str
    """The address that messages come from."""
    port: int = 587
    security: Security = Security.STARTTLS
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    ca_file: Path | None = None
    """Certificates to trust beside the machine's, for a server with one of its own."""
    site: str = ""
    secret: str = field(default="", repr=False)
    """What links that end messages are signed with."""
    group: str | None = None
    """A mailing list that is told of every reminder; it has ways of its own to be left."""
    timeout: float = 8.0
    """Seconds for each answer; a whole message stays within a delivery's lease."""
