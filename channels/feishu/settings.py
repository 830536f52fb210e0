"""What Feishu's app and its group robots need to know."""

from collections.abc import Mapping
from dataclasses import dataclass, field

CHANNEL = "feishu"
ROBOT = "feishu-robot"
API_BASE = "https://open.feishu.cn"


@dataclass(frozen=True, slots=True, kw_only=True)
class FeishuSettings:
    """One app (企业自建应用) with its bot.

    Over HTTP, events count only when they are signed with `encrypt_key`; without one they come by
    a long connection alone. `verification_token`, when it is set, must stand in each that comes
    over HTTP too; without it no unencrypted challenge is answered.
    """

    app_id: str
    app_secret: str = field(repr=False)
    encrypt_key: str = field(default="", repr=False)
    verification_token: str | None = field(default=None, repr=False)
    api_base: str = API_BASE
    timeout: float = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class FeishuRobotSettings:
    """Robots of groups (自定义机器人) by name, each with the last part of its webhook's address.

    That part is a password. `secrets` sign what is sent, where a robot demands it (签名校验).
    """

    keys: Mapping[str, str] = field(repr=False)
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    api_base: str = API_BASE
    timeout: float = 10.0
    per_minute: int = 100
    per_second: int = 5
