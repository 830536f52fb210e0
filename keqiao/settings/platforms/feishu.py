"""飞书."""

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings


class FeishuVariables(BaseSettings):
    """What the consoles of Feishu give."""

    feishu_api_base: str = Field(
        default="https://open.feishu.cn",
        description="Feishu's API; https://open.larksuite.com for Lark.",
    )
    feishu_app_id: str | None = Field(default=None, description="App ID of a Feishu app.")
    feishu_app_secret: SecretStr | None = Field(default=None, description="Its App Secret.")
    feishu_encrypt_key: SecretStr | None = Field(
        default=None,
        description="Its Encrypt Key; over HTTP, events count only when signed with it.",
    )
    feishu_connection: bool = Field(
        default=False, description="Hear events over a long connection instead of HTTP."
    )
    feishu_verification_token: SecretStr | None = Field(
        default=None, description="Its Verification Token, compared in every event when set."
    )
    feishu_robot_key: SecretStr | None = Field(
        default=None,
        description="Last part of the address of a Feishu group robot told of every reminder.",
    )
    feishu_robot_secret: SecretStr | None = Field(
        default=None, description="That robot's signing secret, when it demands signatures."
    )
