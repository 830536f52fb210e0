"""The addresses that messages bring for their answers (sessionWebhook), sealed, for all processes.

They take answers for about an hour and a half, need no token and no right of the app, and are the
only way to a person from outside the organisation.
"""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from channels.dingtalk.messages import Session
from channels.tokens import seal, unseal
from core.domain.conversations import Address
from core.domain.platforms import Token
from core.ports.clock import Clock
from core.ports.unit_of_work import Units

_PATH = "/robot/sendBySession"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sessions:
    """The newest for each conversation; `base` is where they must lie, whatever a message says."""

    base: str
    secret: str = field(repr=False)
    units: Units
    clock: Clock

    def keep(self, address: Address, session: Session) -> None:
        """Keep it in place of the one before."""
        if not self._ours(session.url):
            return
        with self.units() as unit:
            sealed = Token(value=seal(session.url, self.secret), expires_at=session.until)
            unit.tokens.put(_name(address), sealed)
            unit.commit()

    def of(self, address: Address) -> str | None:
        """Where that conversation takes answers now."""
        with self.units() as unit:
            token = unit.tokens.find(_name(address))
        if token is None or token.expires_at <= self.clock.now():
            return None
        url = unseal(token.value, self.secret)
        return url if url and self._ours(url) else None

    def forget(self, address: Address) -> None:
        """It takes no more."""
        with self.units() as unit:
            unit.tokens.put(_name(address), Token(value="", expires_at=self.clock.now()))
            unit.commit()

    def _ours(self, url: str) -> bool:
        try:
            found, base = urlsplit(url), urlsplit(self.base)
        except ValueError:
            return False
        return (found.scheme, found.netloc, found.path) == (base.scheme, base.netloc, _PATH)


def _name(address: Address) -> str:
    return f"session:{address}"
