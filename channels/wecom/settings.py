"""What the WeCom group robot needs to know."""

from collections.abc import Mapping
from dataclasses import dataclass, field

API_BASE = "https://qyapi.weixin.qq.com"


@dataclass(frozen=True, slots=True, kw_only=True)
class WeComRobotSettings:
    """Robots by name, each with the key of its webhook; the key is a password."""

    keys: Mapping[str, str] = field(repr=False)
    api_base: str = API_BASE
    timeout: float = 10.0
    per_minute: int = 20
