"""What a WeChat Official Account needs to know."""

from dataclasses import dataclass, field

CHANNEL = "wechat"
API_BASE = "https://api.weixin.qq.com"


@dataclass(frozen=True, slots=True, kw_only=True)
class WeChatSettings:
    """One account. With `aes_keys` only sealed callbacks are heard (安全模式 or 兼容模式).

    Without `secret` the account has no right to customer-service messages (客服消息): answers are
    given in the platform's own requests, which it repeats after `patience` seconds, three in all.
    """

    app_id: str
    token: str = field(repr=False)
    secret: str | None = field(default=None, repr=False)
    aes_keys: tuple[str, ...] = field(default=(), repr=False)
    """EncodingAESKey in force; while it is being changed, the one before as well."""
    api_base: str = API_BASE
    timeout: float = 10.0
    patience: float = 5.0

    @property
    def passive(self) -> bool:
        """Whether answers can only be given in the platform's own requests."""
        return self.secret is None
