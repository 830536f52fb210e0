"""What DingTalk's app and its group robots need to know."""

from collections.abc import Mapping
from dataclasses import dataclass, field

CHANNEL = "dingtalk"
ROBOT = "dingtalk-robot"
API_BASE = "https://api.dingtalk.com"
OAPI_BASE = "https://oapi.dingtalk.com"


@dataclass(frozen=True, slots=True, kw_only=True)
class DingTalkSettings:
    """One app (企业内部应用) with its robot.

    `app_secret` also signs what the robot brings. `oapi_base` is where the addresses lie that a
    message brings for its answers.
    """

    app_key: str
    app_secret: str = field(repr=False)
    robot_code: str
    api_base: str = API_BASE
    oapi_base: str = OAPI_BASE
    timeout: float = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class DingTalkRobotSettings:
    """Robots of groups (自定义机器人) by name, each with the token of its webhook's address.

    The token is a password. `secrets` sign what is sent, where a robot demands it (加签).
    """

    tokens: Mapping[str, str] = field(repr=False)
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    oapi_base: str = OAPI_BASE
    timeout: float = 10.0
    per_minute: int = 20
