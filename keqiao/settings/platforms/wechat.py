"""微信公众号."""

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings


class WeChatVariables(BaseSettings):
    """What the console of an Official Account gives."""

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
