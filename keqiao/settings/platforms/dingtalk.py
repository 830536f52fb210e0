"""钉钉."""

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings


class DingTalkVariables(BaseSettings):
    """What the consoles of DingTalk give."""

    dingtalk_api_base: str = Field(
        default="https://api.dingtalk.com", description="DingTalk's API; a fake one in tests."
    )
    dingtalk_oapi_base: str = Field(
        default="https://oapi.dingtalk.com",
        description="Where DingTalk's robots take messages; a fake one in tests.",
    )
    dingtalk_app_key: str | None = Field(
        default=None, description="AppKey (Client ID) of a DingTalk app with a robot."
    )
    dingtalk_app_secret: SecretStr | None = Field(
        default=None, description="Its AppSecret (Client Secret), which also signs callbacks."
    )
    dingtalk_robot_code: str | None = Field(
        default=None, description="Code of its robot, when it is not the AppKey."
    )
    dingtalk_connection: bool = Field(
        default=False,
        description="Hear the robot over a connection (Stream mode) instead of HTTP.",
    )
    dingtalk_robot_token: SecretStr | None = Field(
        default=None,
        description="access_token of a DingTalk group robot that is told of every reminder.",
    )
    dingtalk_robot_secret: SecretStr | None = Field(
        default=None, description="That robot's signing secret (SEC...), when it demands one."
    )
