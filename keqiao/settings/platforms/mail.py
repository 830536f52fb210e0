"""E-mail."""

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings


class MailVariables(BaseSettings):
    """The mail server that takes what is sent to mailboxes."""

    mail_host: str | None = Field(
        default=None, description="Mail server (SMTP); with mail_from, e-mail is open."
    )
    mail_port: int = Field(default=587, ge=1, le=65535, description="Its port.")
    mail_security: Literal["starttls", "tls", "none"] = Field(
        default="starttls", description="tls for port 465; none only for a server on this machine."
    )
    mail_user: str | None = Field(default=None, description="Account at the server.")
    mail_password: SecretStr | None = Field(default=None, description="Its password.")
    mail_from: str | None = Field(default=None, description="Address that e-mails come from.")
    mail_group: str | None = Field(
        default=None, description="Mailing list that is told of every reminder."
    )
    mail_ca_file: Path | None = Field(
        default=None, description="Certificates to trust beside the machine's."
    )
