"""What every door for callbacks demands: a moment near ours, a nonce used once, a rate.

Who asks without the platform's signature is a stranger; what is wrong is said in one way.
"""

from collections.abc import Hashable, Mapping
from datetime import UTC, datetime, timedelta

from fastapi import Request

from channels.bodies import BadBodyError
from channels.envelopes import BadEnvelopeError
from channels.errors import RefusedRequestError
from channels.rates import TokenBuckets
from core.ports.unit_of_work import UnitOfWork

WINDOW = timedelta(minutes=5)

_MOST_DIGITS = 12
_LONGEST_NONCE = 128
_SWEEP_EVERY = timedelta(minutes=10)


class Refusing:
    """Says no to what is not the platform's, and holds who sends it to a rate."""

    def __init__(self, strangers: TokenBuckets, request: Request) -> None:
        self._strangers = strangers
        self._address = request.client.host if request.client else ""

    def __enter__(self) -> None:
        """Begin."""

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        """Turn the house's errors into answers."""
        if isinstance(error, BadBodyError):
            raise RefusedRequestError(400, "body_unreadable") from None
        if isinstance(error, BadEnvelopeError):
            demand_turn(self._strangers, self._address)
            raise RefusedRequestError(401, "signature_wrong") from None


class Nonces:
    """The nonces of one platform: each is for one message alone."""

    def __init__(self, platform: str, now: datetime) -> None:
        self._platform = platform
        self._swept_at = now

    def use(self, unit: UnitOfWork, query: Mapping[str, str], key: str, now: datetime) -> None:
        """Use the nonce of a verified request for the message `key`.

        Raises:
            BadEnvelopeError: it has been used for another one.
        """
        nonce = "{timestamp}:{nonce}".format(**query)
        # Whoever has heard one callback must not put another into its place.
        if not unit.leases.take(f"nonce:{self._platform}:{nonce}", key, now, 2 * WINDOW):
            raise BadEnvelopeError("the nonce has been used")
        if now - self._swept_at > _SWEEP_EVERY:
            unit.leases.sweep(now)
            self._swept_at = now


def demand_turn(buckets: TokenBuckets, key: Hashable) -> None:
    """Take one token.

    Raises:
        RefusedRequestError: there is none; says when there will be.
    """
    wait = buckets.take(key)
    if wait:
        raise RefusedRequestError(429, "too_many", retry_after=wait)


def demand_time(query: Mapping[str, str], now: datetime) -> tuple[str, str]:
    """The timestamp and the nonce of a request, as they are signed.

    Raises:
        BadEnvelopeError: one is missing or malformed, or it was not just now.
    """
    timestamp, nonce = query.get("timestamp", ""), query.get("nonce", "")
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= _MOST_DIGITS):
        raise BadEnvelopeError("timestamp is missing or no number of seconds")
    if not 0 < len(nonce) <= _LONGEST_NONCE:
        raise BadEnvelopeError("nonce is missing or too long")
    try:
        at = datetime.fromtimestamp(int(timestamp), UTC)
    except (ValueError, OverflowError, OSError):
        raise BadEnvelopeError("timestamp is no time") from None
    if abs(now - at) > WINDOW:
        raise BadEnvelopeError("timestamp is outside the window")
    return timestamp, nonce
