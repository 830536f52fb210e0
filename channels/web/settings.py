"""What web chat needs to know."""

from dataclasses import dataclass, field
from pathlib import Path

from channels.rates import Rate

STATIC = Path(__file__).with_name("static")

CHANNEL = "web"
"""The channel's name, the first half of its addresses."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WebSettings:
    """Settings of web chat; `secret` signs the cookie that says which visitor this is."""

    secret: str = field(repr=False)
    secure_cookies: bool = False
    """True where the page is served over https, so that the cookie never travels in the clear."""
    visitor_rate: Rate = field(default_factory=lambda: Rate(burst=30, per_second=1))
    poll_seconds: float = 0.5
    """How often a stream looks when nothing wakes it; a fourth as often after two idle minutes."""
    heartbeat_seconds: float = 15.0
    widget_origins: tuple[str, ...] = ()
    """Origins (`https://www.example.org`) whose pages may show the chat in a frame."""
    streams_per_visitor: int = 8
    streams: int = 1_000
