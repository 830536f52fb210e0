"""Standard Webhooks signatures, on raw bytes, in constant time, refused on any doubt."""

import base64
import binascii
import hmac
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from standardwebhooks import Webhook

from core.domain.errors import BadInputError

WINDOW = timedelta(minutes=5)
_LONGEST_ID = 200
_MOST_DIGITS = 12


class WrongSignatureError(BadInputError):
    """The request is not signed by who it says it is from, or not just now."""


class Signer:
    """Signs and verifies with one secret."""

    def __init__(self, secret: str) -> None:
        """Take the secret.

        Raises:
            BadInputError: it is not a Standard Webhooks secret.
        """
        try:
            self._webhook = Webhook(secret)
        except Exception as error:
            raise BadInputError(
                "the webhook secret is not usable: expected whsec_ and base64"
            ) from error

    def sign(self, message_id: str, at: datetime, body: bytes) -> dict[str, str]:
        """The headers that go with `body`."""
        return {
            "webhook-id": message_id,
            "webhook-timestamp": str(int(at.timestamp())),
            "webhook-signature": self._webhook.sign(message_id, at.astimezone(UTC), body.decode()),
        }

    def verify(self, body: bytes, headers: Mapping[str, str], now: datetime) -> str:
        """The message's id, once it is sure who sent it.

        Raises:
            WrongSignatureError: a header is missing or malformed, the time is outside the window,
                or no signature fits.
        """
        message_id = headers.get("webhook-id", "")
        if not 0 < len(message_id) <= _LONGEST_ID:
            raise WrongSignatureError("webhook-id is missing or too long")
        at = _time(headers.get("webhook-timestamp", ""))
        if abs(now - at) > WINDOW:
            raise WrongSignatureError("webhook-timestamp is outside the window")
        try:
            expected = _raw(self._webhook.sign(message_id, at, body.decode()))
        except UnicodeError:
            raise WrongSignatureError("the body is not UTF-8") from None
        offered = headers.get("webhook-signature", "").split(" ")
        # All are compared, so that time does not tell which was nearly right.
        fits = [hmac.compare_digest(expected or b"", _raw(one) or b"-") for one in offered]
        if expected is None or not any(fits):
            raise WrongSignatureError("no signature fits")
        return message_id


def _time(text: str) -> datetime:
    if not (text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS):
        raise WrongSignatureError("webhook-timestamp is not a number of seconds")
    try:
        return datetime.fromtimestamp(int(text), UTC)
    except (ValueError, OverflowError, OSError):
        raise WrongSignatureError("webhook-timestamp is no time") from None


def _raw(signature: str) -> bytes | None:
    version, _, value = signature.partition(",")
    if version != "v1":
        return None
    try:
        return base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        return None
