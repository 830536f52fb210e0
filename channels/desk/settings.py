"""What the desk's API needs to know."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from core.domain.handoffs import Liaison
from core.services.handoffs.liaisons import HandBack, ReplyToPerson, TakeHandoff


@dataclass(frozen=True, slots=True, kw_only=True)
class LiaisonToken:
    """Who a bearer token speaks for; only its SHA-256, in hex, is known."""

    liaison: Liaison
    sha256: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskSettings:
    """The tokens in force, read anew for each request, and what their holders may do.

    Without a token the API does not exist.
    """

    tokens: Callable[[], Sequence[LiaisonToken]]
    take: TakeHandoff
    reply: ReplyToPerson
    hand_back: HandBack
