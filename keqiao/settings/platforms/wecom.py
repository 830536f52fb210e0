"""企业微信."""

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings


class WeComVariables(BaseSettings):
    """What the consoles of WeCom give."""

    wecom_api_base: str = Field(
        default="https://qyapi.weixin.qq.com", description="WeCom's API; a fake one in tests."
    )
    wecom_corp_id: str | None = Field(
        default=None, description="CorpID of the corporation whose self-built app is used."
    )
    wecom_agent_id: int | None = Field(default=None, description="AgentId of that app.")
    wecom_secret: SecretStr | None = Field(default=None, description="Secret of that app.")
    wecom_token: SecretStr | None = Field(
        default=None, description="Token of the app's callbacks, chosen in its console."
    )
    wecom_aes_key: SecretStr | None = Field(
        default=None, description="EncodingAESKey of the app's callbacks."
    )
    wecom_aes_key_before: SecretStr | None = Field(
        default=None, description="The EncodingAESKey before, while it is being changed."
    )
    wecom_bot_token: SecretStr | None = Field(
        default=None, description="Token of a smart robot that is called back at /wecom-bot."
    )
    wecom_bot_aes_key: SecretStr | None = Field(
        default=None, description="EncodingAESKey of that robot's callbacks."
    )
    wecom_bot_aes_key_before: SecretStr | None = Field(
        default=None, description="The EncodingAESKey before, while it is being changed."
    )
    wecom_bot_id: str | None = Field(
        default=None, description="Bot ID of a smart robot on a long connection."
    )
    wecom_bot_secret: SecretStr | None = Field(default=None, description="Its secret.")
    wecom_bot_url: str = Field(
        default="wss://openws.work.weixin.qq.com", description="Where long connections lead."
    )
    wecom_bot_name: str | None = Field(
        default=None, description="What the smart robot is called, as groups mention it."
    )
    wecom_robot_key: SecretStr | None = Field(
        default=None, description="Key of a WeCom group robot that is told of every reminder."
    )
