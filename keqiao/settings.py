"""Every setting, read once from `KEQIAO_*` variables or `keqiao.toml` in the working folder."""

import os
from functools import cached_property
from pathlib import Path
from tomllib import TOMLDecodeError
from typing import Annotated, Literal, override

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from core.domain.errors import BadInputError

Port = Annotated[int, Field(ge=1, le=65535)]


class Settings(BaseSettings):
    """What differs from one site to another. docs/settings.md is tested against this class."""

    model_config = SettingsConfigDict(
        env_prefix="KEQIAO_", toml_file="keqiao.toml", extra="forbid", frozen=True
    )

    home: Path = Field(default=Path("var"), description="Folder that holds all state.")
    host: str = Field(default="127.0.0.1", description="Address the gateway listens on.")
    port: Port = Field(default=8000, description="Port of the gateway.")
    actions_port: Port = Field(default=5055, description="Loopback port of the action server.")
    bot_port: Port = Field(default=5005, description="Loopback port of the bot (Rasa).")
    bot_home: Path = Field(
        default=Path(__file__).resolve().parent.parent / "bot",
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
    chroma_url: str | None = Field(
        default=None, description="http://host:port of a Chroma server. Default: embedded."
    )
    embedding_folder: Path | None = Field(
        default=None, description="Folder of a local embedding model, ONNX preferred."
    )
    embedding_url: str | None = Field(
        default=None, description="OpenAI-compatible endpoint for embeddings, up to /v1."
    )
    embedding_model: str | None = Field(
        default=None, description="Name of the model at embedding_url."
    )
    embedding_key: SecretStr | None = Field(
        default=None, description="Key for embedding_url; a local server needs none."
    )
    embedding_instruction: str | None = Field(
        default=None,
        description="Put before every question that is embedded. "
        "Default: what the model's folder says, else nothing.",
    )
    chat_url: str | None = Field(
        default=None,
        description="OpenAI-compatible endpoint of a language model, up to /v1, that words "
        "answers. Default: none; answers are the documents' own words.",
    )
    chat_model: str | None = Field(default=None, description="Name of the model at chat_url.")
    chat_key: SecretStr | None = Field(
        default=None, description="Key for chat_url; a local server needs none."
    )
    chat_timeout: Annotated[float, Field(gt=0, le=60)] = Field(
        default=8.0, description="Seconds a person waits for the language model at most."
    )
    second_reader: bool = Field(
        default=False, description="Let the language model read needs again for what is missing."
    )
    redis_url: str | None = Field(
        default=None, description="redis:// address for the bot's conversation locks."
    )
    wecom_api_base: str = Field(
        default="https://qyapi.weixin.qq.com", description="WeCom's API; a fake one in tests."
    )
    wecom_robot_key: SecretStr | None = Field(
        default=None, description="Key of a WeCom group robot that is told of every reminder."
    )
    feishu_api_base: str = Field(
        default="https://open.feishu.cn",
        description="Feishu's API; https://open.larksuite.com for Lark.",
    )
    feishu_app_id: str | None = Field(default=None, description="App ID of a Feishu app.")
    feishu_app_secret: SecretStr | None = Field(default=None, description="Its App Secret.")
    feishu_encrypt_key: SecretStr | None = Field(
        default=None,
        description="Its Encrypt Key; events count only when signed with it.",
    )
    feishu_verification_token: SecretStr | None = Field(
        default=None, description="Its Verification Token, compared in every event when set."
    )
    wechat_api_base: str = Field(
        default="https://api.weixin.qq.com", description="WeChat's API; a fake one in tests."
    )
    wechat_app_id: str | None = Field(
        default=None, description="AppID of a WeChat Official Account; with its token, it is open."
    )
    wechat_token: SecretStr | None = Field(
        default=None, description="Token of the account's callbacks, chosen in its console."
    )
    wechat_aes_key: SecretStr | None = Field(
        default=None,
        description="EncodingAESKey of the account. Set, only sealed callbacks are heard.",
    )
    wechat_aes_key_before: SecretStr | None = Field(
        default=None, description="The EncodingAESKey before, while it is being changed."
    )
    wechat_app_secret: SecretStr | None = Field(
        default=None,
        description="AppSecret of an account that may send customer-service messages. "
        "Unset: answers are given in the platform's own requests.",
    )
    feishu_robot_key: SecretStr | None = Field(
        default=None,
        description="Last part of the address of a Feishu group robot told of every reminder.",
    )
    feishu_robot_secret: SecretStr | None = Field(
        default=None, description="That robot's signing secret, when it demands signatures."
    )
    webhook_secret: SecretStr | None = Field(
        default=None,
        description="Standard Webhooks secret (whsec_...) for the generic webhook, in and out.",
    )
    webhook_out_url: str | None = Field(
        default=None, description="Where replies to the generic webhook are posted."
    )
    webhook_internal: bool = Field(
        default=False,
        description="Allow webhook_out_url to lie on this machine or in a private network.",
    )
    handoff_minutes: Annotated[int, Field(ge=1, le=1440)] = Field(
        default=10,
        description="Minutes of office hours after which a handoff that nobody took times out.",
    )
    handoff_silent_minutes: Annotated[int, Field(ge=1, le=1440)] = Field(
        default=30,
        description="Minutes of office hours for which whoever took a handoff may say nothing.",
    )
    push_per_day: Annotated[int, Field(ge=1, le=100)] = Field(
        default=5, description="Pushes one person gets a day at most."
    )
    push_per_week: Annotated[int, Field(ge=1, le=500)] = Field(
        default=20, description="Pushes one person gets from Monday to Sunday at most."
    )
    broadcast_alone: Annotated[int, Field(ge=0)] = Field(
        default=200,
        description="Most people an operator may broadcast to without a second one's approval.",
    )
    secure_cookies: bool = Field(
        default=False, description="Set when the page is served over https by a proxy in front."
    )
    trusted_proxies: str = Field(
        default="127.0.0.1",
        description="Addresses (comma-separated) of proxies whose X-Forwarded-For is believed.",
    )
    example: bool = Field(
        default=True, description="Load the bundled example site on the first `keqiao up`."
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="WARNING", description="How much the log tells."
    )

    @classmethod
    @override
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Variables win over keqiao.toml."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)

    @cached_property
    def database(self) -> str:
        """The database URL in force."""
        return self.database_url or f"sqlite:///{self.home.resolve() / 'keqiao.db'}"

    @property
    def bot_url(self) -> str:
        """Where the bot listens."""
        return f"http://127.0.0.1:{self.bot_port}"

    @property
    def actions_url(self) -> str:
        """Where the action server listens."""
        return f"http://127.0.0.1:{self.actions_port}"

    @property
    def bot_python(self) -> Path:
        """The interpreter of the bot's own environment."""
        return self.bot_home / ".venv" / "bin" / "python"


def load_settings(**overrides: object) -> Settings:
    """Read the settings.

    Raises:
        BadInputError: a setting cannot be used; the message names it, never its value.
    """
    try:
        return Settings(**overrides)  # type: ignore[arg-type] # values are checked by pydantic
    except TOMLDecodeError as error:
        raise BadInputError(f"keqiao.toml 无法读取：{error}") from error
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        name = ".".join(str(part) for part in first["loc"])
        raise BadInputError(f"设置 KEQIAO_{name.upper()} 不可用：{first['msg']}") from error


def child_environment(**extra: str) -> dict[str, str]:
    """This process's variables and `extra`, for a child process."""
    return {**os.environ, **extra}  # noqa: TID251 -- this is settings
