"""A platform's access token: one for all processes, kept sealed, fetched by one at a time."""

import hashlib
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from core.domain.errors import RetrySendError
from core.domain.platforms import Token
from core.ports.clock import Clock
from core.ports.unit_of_work import Units

_LEASE = timedelta(seconds=45)
_LOOKS = 25
_PAUSE = 0.2
_NONCE = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A token as the platform gave it."""

    value: str = field(repr=False)
    lasts: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedToken:
    """A token in the database; a process that finds it there fetches none.

    `fetch` asks the platform, and is told which token it did not accept (or an empty text). A
    token is replaced `early` before its end. `secret` seals what is stored.
    """

    name: str
    secret: str = field(repr=False)
    units: Units
    clock: Clock
    fetch: Callable[[str], Fetched]
    early: timedelta
    pause: Callable[[float], None] = time.sleep

    def get(self) -> str:
        """A token that holds for a while.

        Raises:
            SendError: there is none and none can be had.
        """
        return self._stored(but_not="") or self._fetched(but_not="")

    def renew(self, stale: str) -> str:
        """A token after the platform did not accept `stale`: another, unless it gives the same.

        Raises:
            SendError: none can be had.
        """
        return self._stored(but_not=stale) or self._fetched(but_not=stale)

    def expires_at(self) -> datetime | None:
        """When the token in the database ends; None when there is none."""
        with self.units() as unit:
            token = unit.tokens.find(self.name)
        return token.expires_at if token else None

    def _stored(self, *, but_not: str) -> str | None:
        with self.units() as unit:
            token = unit.tokens.find(self.name)
        if token is None or token.expires_at - self.early <= self.clock.now():
            return None
        value = unseal(token.value, self.secret)
        return value if value != but_not else None

    def _fetched(self, *, but_not: str) -> str:
        holder = secrets.token_hex(8)
        for _ in range(_LOOKS):
            if self._take(holder):
                try:
                    return self._stored(but_not=but_not) or self._ask(but_not)
                finally:
                    self._give_back(holder)
            self.pause(_PAUSE)  # somebody else is fetching it
            found = self._stored(but_not=but_not)
            if found:
                return found
        raise RetrySendError(f"the access token {self.name} is being fetched by another process")

    def _ask(self, stale: str) -> str:
        fetched = self.fetch(stale)
        token = Token(
            value=seal(fetched.value, self.secret), expires_at=self.clock.now() + fetched.lasts
        )
        with self.units() as unit:
            unit.tokens.put(self.name, token)
            unit.commit()
        return fetched.value

    def _take(self, holder: str) -> bool:
        with self.units() as unit:
            taken = unit.leases.take(f"token:{self.name}", holder, self.clock.now(), _LEASE)
            unit.commit()
        return taken

    def _give_back(self, holder: str) -> None:
        with self.units() as unit:
            unit.leases.give_back(f"token:{self.name}", holder)
            unit.commit()


def seal(value: str, secret: str) -> str:
    """What may lie in the database: nobody reads it who does not know the secret."""
    nonce = secrets.token_bytes(_NONCE)
    return (nonce + AESGCM(_key(secret)).encrypt(nonce, value.encode(), None)).hex()


def unseal(sealed: str, secret: str) -> str | None:
    """What was sealed; None when it was with another secret, which has been changed since."""
    try:
        raw = bytes.fromhex(sealed)
        return AESGCM(_key(secret)).decrypt(raw[:_NONCE], raw[_NONCE:], None).decode()
    except (InvalidTag, ValueError):
        return None


def _key(secret: str) -> bytes:
    # Whoever knows the secret can have what is sealed anyway, and every process knows it.
    return hashlib.sha256(f"keqiao:{secret}".encode()).digest()
