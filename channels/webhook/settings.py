"""What the generic webhook needs to know."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class HookSettings:
    """One neighbour system: where it posts (`/hooks/{name}`) and where replies to it go.

    `secret` is a Standard Webhooks secret (`whsec_...`); `url` None means that it only talks.
    Replies go to this URL and nowhere else: nothing that anybody writes can choose another.
    """

    name: str
    secret: str = field(repr=False)
    url: str | None = None
    timeout: float = 10.0
    internal: bool = False
    """True when the URL is on this machine or in its network; else only public addresses do."""
