"""Every setting, read once from `KEQIAO_*` variables or `keqiao.toml` in the working folder."""

import os
from functools import cached_property
from pathlib import Path
from tomllib import TOMLDecodeError
from typing import override

from pydantic import ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from core.domain.errors import BadInputError
from keqiao.settings.house import HouseVariables
from keqiao.settings.models import ModelVariables
from keqiao.settings.people import PeopleVariables
from keqiao.settings.platforms.dingtalk import DingTalkVariables
from keqiao.settings.platforms.feishu import FeishuVariables
from keqiao.settings.platforms.mail import MailVariables
from keqiao.settings.platforms.webhook import WebhookVariables
from keqiao.settings.platforms.wechat import WeChatVariables
from keqiao.settings.platforms.wecom import WeComVariables


class Settings(
    HouseVariables,
    ModelVariables,
    PeopleVariables,
    WeComVariables,
    DingTalkVariables,
    FeishuVariables,
    WeChatVariables,
    WebhookVariables,
    MailVariables,
):
    """What differs from one site to another. docs/settings.md is tested against this class."""

    model_config = SettingsConfigDict(
        env_prefix="KEQIAO_", toml_file="keqiao.toml", extra="forbid", frozen=True
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
