"""What WeCom's app, its group robots and its smart robot need to know."""

from collections.abc import Mapping
from dataclasses import dataclass, field

CHANNEL = "wecom"
ROBOT = "wecom-robot"
BOT = "wecom-bot"
API_BASE = "https://qyapi.weixin.qq.com"
LINE = "wss://openws.work.weixin.qq.com"


@dataclass(frozen=True, slots=True, kw_only=True)
class WeComSettings:
    """One self-built app (自建应用): its callbacks are always sealed.

    The limits hold for one member; what is over them the platform drops without a word.
    """

    corp_id: str
    agent_id: int
    secret: str = field(repr=False)
    token: str = field(repr=False)
    aes_keys: tuple[str, ...] = field(repr=False)
    """EncodingAESKey in force; while it is being changed, the one before as well."""
    api_base: str = API_BASE
    timeout: float = 10.0
    per_minute: int = 30
    per_hour: int = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class WeComRobotSettings:
    """Robots by name, each with the key of its webhook; the key is a password."""

    keys: Mapping[str, str] = field(repr=False)
    api_base: str = API_BASE
    timeout: float = 10.0
    per_minute: int = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class WeComBotSettings:
    """One smart robot (智能机器人) that is called back; it belongs to nobody, so to no CorpID.

    `name` is what it is called in groups, so that its mention is no part of what is said.
    """

    token: str = field(repr=False)
    aes_keys: tuple[str, ...] = field(repr=False)
    """EncodingAESKey in force; while it is being changed, the one before as well."""
    name: str = ""
    api_base: str = API_BASE
    timeout: float = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class WeComLineSettings:
    """The same robot over a long connection (长连接): WeCom allows one way or the other."""

    bot_id: str
    secret: str = field(repr=False)
    name: str = ""
    url: str = LINE
