"""Signing in, being recognised, signing out."""

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import timedelta

from core.domain.operating.deeds import Deed, DeedState
from core.domain.operating.operators import LONGEST_VISIT, Operator, Visit
from core.domain.operating.passwords import fits, nobody
from core.ports.clock import Clock
from core.ports.unit_of_work import Units

SEEN = timedelta(seconds=60)
"""How exactly it is noted when somebody was there: not every click is written down."""

SIGNED_IN = "sign_in"
SIGNED_OUT = "sign_out"


def digest(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    """Begin a visit; whoever fails, and whoever does not, stands in the trail."""

    units: Units
    clock: Clock
    nobody: str = field(default_factory=nobody, repr=False)

    def __call__(self, name: str, password: str, *, note: str = "") -> str | None:
        """The token of the visit; None when name and password do not fit each other.

        An unknown name takes as long as a wrong password. `note` says from where.
        """
        now = self.clock.now()
        with self.units() as unit:
            operator = unit.operators.find(name)
        fit = fits(password, operator.password if operator else self.nobody)
        token = secrets.token_urlsafe(32)
        with self.units() as unit:
            state = DeedState.DONE if operator and fit else DeedState.REFUSED
            by = operator.name if operator else ""
            target = name[:40]
            unit.deeds.begin(
                Deed(at=now, by=by, what=SIGNED_IN, target=target, note=note, state=state)
            )
            if operator and fit:
                unit.visits.sweep(now - LONGEST_VISIT)
                visit = Visit(
                    digest=digest(token), operator=operator.name, begun_at=now, seen_at=now
                )
                unit.visits.begin(visit)
            unit.commit()
        return token if operator and fit else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognise:
    """Whose visit a token is of, as long as it lasts."""

    units: Units
    clock: Clock
    idle: timedelta

    def __call__(self, token: str) -> Operator | None:
        """The operator as it is now, and seen now; None when the visit is over or unknown."""
        now = self.clock.now()
        key = digest(token)
        with self.units() as unit:
            visit = unit.visits.find(key)
            if visit is None or visit.over(now, self.idle):
                return None
            operator = unit.operators.find(visit.operator)
            if operator is not None and now - visit.seen_at >= min(SEEN, self.idle / 2):
                unit.visits.see(key, now)
                unit.commit()
        return operator


@dataclass(frozen=True, slots=True, kw_only=True)
class SignOut:
    """End a visit."""

    units: Units
    clock: Clock

    def __call__(self, token: str) -> None:
        """End it; an unknown one changes nothing."""
        with self.units() as unit:
            visit = unit.visits.find(digest(token))
            if visit is None:
                return
            unit.visits.end(visit.digest)
            unit.deeds.begin(
                Deed(
                    at=self.clock.now(),
                    by=visit.operator,
                    what=SIGNED_OUT,
                    target=visit.operator,
                    state=DeedState.DONE,
                )
            )
            unit.commit()
