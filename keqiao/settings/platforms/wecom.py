"""企业微信."""

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings


class WeComVariables(BaseSettings):
    """What the consoles of WeCom give."""

    wecom_api_base: str = Field(
        default="https://qyapi.weixin.qq.com", description="WeCom's API; a fake one in tests."
    )
    wecom_robot_key: SecretStr | None = Field(
        default=None, description="Key of a WeCom group robot that is told of every reminder."
    )
