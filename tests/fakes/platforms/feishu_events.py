"""Feishu as it pushes events to a gateway: sealed, signed, and again until it is heard."""

import hashlib
import json
import secrets
from base64 import b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import httpx2
from cryptography.hazmat.primitives import padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from core.ports.clock import Clock
from tests.fakes.platforms.feishu import APP_ID

RETRIES = (
    timedelta(0),
    timedelta(seconds=15),
    timedelta(minutes=5),
    timedelta(hours=1),
    timedelta(hours=6),
)


@dataclass(kw_only=True)
class Pusher:
    """Pushes events to a gateway as Feishu does: sealed, signed, and again until it hears 200."""

    url: str
    clock: Clock
    encrypt_key: str
    verification_token: str = ""
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def event(self, kind: str, event: Mapping[str, Any], **header: str) -> dict[str, Any]:
        """An event of version 2."""
        return {
            "schema": "2.0",
            "header": {
                "event_id": f"ev{next(self.numbers)}",
                "event_type": kind,
                "create_time": self.now_ms,
                "token": self.verification_token,
                "app_id": APP_ID,
                "tenant_key": "t1",
                **header,
            },
            "event": dict(event),
        }

    def said(
        self, text: str, *, by: str = "ou_li", group: str = "", **more: Any
    ) -> dict[str, Any]:
        """Somebody says something, to the bot or in a group."""
        message = {
            "message_id": f"om_in{next(self.numbers)}",
            "create_time": self.now_ms,
            "chat_id": group or "oc_p2p",
            "chat_type": "group" if group else "p2p",
            "message_type": "text",
            "content": json.dumps({"text": text}),
            **more,
        }
        sender = {"sender_id": {"open_id": by}, "sender_type": "user", "tenant_key": "t1"}
        return self.event("im.message.receive_v1", {"sender": sender, "message": message})

    def pressed(
        self, value: object, *, by: str = "ou_li", chat: str = "oc_p2p", message: str = "om_card"
    ) -> dict[str, Any]:
        """Somebody presses a button."""
        return self.event(
            "card.action.trigger",
            {
                "operator": {"open_id": by, "tenant_key": "t1"},
                "token": "c-1",
                "action": {"tag": "button", "value": value},
                "host": "im_message",
                "context": {"open_message_id": message, "open_chat_id": chat},
            },
        )

    @property
    def now_ms(self) -> str:
        """The present as events tell it."""
        return str(int(self.clock.now().timestamp() * 1000))

    def sealed(self, event: object) -> bytes:
        """The body of a request."""
        return json.dumps({"encrypt": encrypt(self.encrypt_key, json.dumps(event))}).encode()

    def headers(
        self, body: bytes, *, nonce: str = "", at: datetime | None = None
    ) -> dict[str, str]:
        """The headers that sign a body."""
        timestamp = str(int((at or self.clock.now()).timestamp()))
        nonce = nonce or secrets.token_hex(8)
        signed = (timestamp + nonce + self.encrypt_key).encode() + body
        return {
            "Content-Type": "application/json; charset=utf-8",
            "X-Lark-Request-Timestamp": timestamp,
            "X-Lark-Request-Nonce": nonce,
            "X-Lark-Signature": hashlib.sha256(signed).hexdigest(),
        }

    def push(self, event: object) -> httpx2.Response:
        """Push once."""
        body = self.sealed(event)
        return self.post(body, self.headers(body))

    def post(self, body: bytes, headers: Mapping[str, str]) -> httpx2.Response:
        """Post just that."""
        with httpx2.Client(timeout=10, trust_env=False) as client:
            return client.post(self.url, content=body, headers=dict(headers))


def encrypt(key: str, text: str) -> str:
    """AES-256-CBC as Feishu's documents describe it."""
    first = secrets.token_bytes(16)
    padder = padding.PKCS7(128).padder()
    padded = padder.update(text.encode()) + padder.finalize()
    cipher = Cipher(algorithms.AES(hashlib.sha256(key.encode()).digest()), modes.CBC(first))
    encryptor = cipher.encryptor()
    return b64encode(first + encryptor.update(padded) + encryptor.finalize()).decode()
