"""The way out of the generic webhook: a signed POST to the URL in the settings, and only there."""

import hashlib
from collections.abc import Sequence
from datetime import timedelta
from typing import override

import httpx2

from channels.outgoing import make_client, pin, post, retry_after
from channels.webhook.messages import CHANNEL, render, split_address
from channels.webhook.settings import HookSettings
from channels.webhook.signing import Signer
from core.domain.conversations import Address
from core.domain.deliveries import Delivery, Receipt
from core.domain.errors import BadInputError, RefusedSendError, RetrySendError
from core.ports.clock import Clock
from core.ports.sender import Sender

_WAIT = timedelta(seconds=30)
_LATER = frozenset({httpx2.codes.REQUEST_TIMEOUT, 425, httpx2.codes.TOO_MANY_REQUESTS})


class WebhookSender(Sender):
    """Posts to neighbour systems.

    `webhook-id` is made from the outbox key, so every attempt of one message carries the same id
    and a receiver that follows the specification sees it once.
    """

    def __init__(self, hooks: Sequence[HookSettings], clock: Clock) -> None:
        """Take the neighbours.

        Raises:
            BadInputError: a URL or secret cannot be used.
        """
        self._hooks = {hook.name: (hook, Signer(hook.secret)) for hook in hooks if hook.url}
        self._clock = clock
        for hook, _ in self._hooks.values():
            _demand_usable(hook)
        self._clients = {
            name: make_client(hook.timeout) for name, (hook, _) in self._hooks.items()
        }

    @property
    @override
    def channel(self) -> str:
        return CHANNEL

    @property
    @override
    def repeatable(self) -> bool:
        return True

    @override
    def route(self, address: Address) -> str:
        return f"{CHANNEL}:{split_address(address)[0]}/"

    @override
    def send(self, delivery: Delivery) -> Receipt:
        name, _ = split_address(delivery.message.address)
        hook, signer = self._hooks.get(name, (None, None))
        if hook is None or signer is None or hook.url is None:
            raise RefusedSendError(f"no outgoing webhook is configured under the name {name!r}")
        now = self._clock.now()
        body = render(delivery, now)
        webhook_id = "msg_" + hashlib.sha256(delivery.message.key.encode()).hexdigest()[:32]
        to = f"webhook {name!r}"
        pinned = pin(httpx2.URL(hook.url), to=to, internal=hook.internal)
        response = post(
            self._clients[name],
            pinned.url,
            to=to,
            content=body,
            headers={
                "content-type": "application/json",
                **pinned.headers,
                **signer.sign(webhook_id, now, body),
            },
            extensions=pinned.extensions,
        )
        self._judge(response, name)
        return Receipt(platform_id=webhook_id)

    def close(self) -> None:
        """Close the connections."""
        for client in self._clients.values():
            client.close()

    def _judge(self, response: httpx2.Response, name: str) -> None:
        status = response.status_code
        said = f"webhook {name!r} answered with status {status}"
        if response.is_success:
            return
        if status in _LATER or response.is_server_error:
            wait = retry_after(response, self._clock.now())
            raise RetrySendError(said, retry_after=wait or (_WAIT if status in _LATER else None))
        # A redirect would lead the message to where the settings do not send it.
        raise RefusedSendError(said)


def _demand_usable(hook: HookSettings) -> None:
    try:
        url = httpx2.URL(hook.url or "")
    except httpx2.InvalidURL as error:
        raise BadInputError(f"the URL of webhook {hook.name!r} is not a URL") from error
    if url.scheme not in {"http", "https"} or not url.host or url.userinfo:
        raise BadInputError(f"the URL of webhook {hook.name!r} must be http(s)://host/...")
