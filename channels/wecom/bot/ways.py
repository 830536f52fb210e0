"""Addresses that take one more answer (`response_url`), kept sealed."""

import hashlib

from channels.envelopes import Envelopes
from channels.wecom.settings import BOT, WeComBotSettings


def envelopes_of(settings: WeComBotSettings) -> Envelopes:
    """The robot's envelopes, which are for nobody in particular.

    Raises:
        BadInputError: the EncodingAESKey cannot be used.
    """
    return Envelopes(token=settings.token, keys=settings.aes_keys, receive_id="")


def seal_way(envelopes: Envelopes, url: str) -> str:
    """The address as it is kept: whoever knows it could answer in the robot's name."""
    made_of = hashlib.sha256(url.encode()).digest()[:16]  # the same address is the same leave
    sealed = envelopes.seal(url.encode(), timestamp="0", nonce=BOT, random=made_of)
    return f"{sealed.signature}.{sealed.encrypt}"


def open_way(envelopes: Envelopes, way: str) -> str:
    """The address again.

    Raises:
        BadEnvelopeError: it was sealed with a key or a token that is no longer in force.
    """
    signature, _, encrypt = way.partition(".")
    return envelopes.open(encrypt, signature=signature, timestamp="0", nonce=BOT).decode()
