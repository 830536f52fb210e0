"""Where the house stands and how its processes find each other."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings

Port = Annotated[int, Field(ge=1, le=65535)]


class HouseVariables(BaseSettings):
    """The machine, the database, the processes."""

    home: Path = Field(default=Path("var"), description="Folder that holds all state.")
    host: str = Field(default="127.0.0.1", description="Address the gateway listens on.")
    port: Port = Field(default=8000, description="Port of the gateway.")
    actions_port: Port = Field(default=5055, description="Loopback port of the action server.")
    bot_port: Port = Field(default=5005, description="Loopback port of the bot (Rasa).")
    bot_home: Path = Field(
        default=Path(__file__).resolve().parent.parent.parent / "bot",
        description="Folder of the Rasa project with its own environment in `.venv`.",
    )
    database_url: str | None = Field(
        default=None,
        description="SQLAlchemy URL, e.g. postgresql+psycopg://user@host/name. "
        "Default: SQLite in the home folder.",
    )
    broker_url: str | None = Field(
        default=None,
        description="amqp:// or redis:// address through which processes on several machines wake "
        "each other. Default: within the process; the database is looked at twice a second.",
    )
    redis_url: str | None = Field(
        default=None, description="redis:// address for the bot's conversation locks."
    )
    public_url: str | None = Field(
        default=None,
        pattern=r"^https?://[^\s/?#]+/?$",
        description="Address of the gateway as people reach it, e.g. https://keqiao.example.org. "
        "Unset: messages hold no links to calendar files and the like.",
    )
    metrics_token: SecretStr | None = Field(
        default=None,
        description="Bearer token for /metrics from other machines; this one needs none.",
    )
    secure_cookies: bool = Field(
        default=False, description="Set when the page is served over https by a proxy in front."
    )
    widget_origins: str | None = Field(
        default=None,
        pattern=r"^(https?://[\w.:\[\]-]+(, *https?://[\w.:\[\]-]+)*)?$",
        description="Origins (comma-separated, without a path) whose pages may embed the chat.",
    )
    trusted_proxies: str = Field(
        default="127.0.0.1",
        description="Addresses (comma-separated) of proxies whose X-Forwarded-For is believed.",
    )
    example: bool = Field(
        default=True, description="Load the bundled example site on the first `keqiao up`."
    )
    log_format: Literal["text", "json"] = Field(
        default="text", description="Log lines for people, or one JSON object a line."
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="WARNING", description="How much the log tells."
    )
