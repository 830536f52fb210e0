"""Server-sent events: the mailbox, live."""

import json
from collections.abc import AsyncIterator, Iterable

from starlette.concurrency import run_in_threadpool

from channels.web.bell import Bell, Ear
from channels.web.mailbox import MailboxReader
from channels.web.messages import render_delivery
from channels.web.settings import WebSettings
from core.domain.deliveries import Delivery

_AFTER_A_RING = (0.02, 0.06, 0.15)
"""The bell rings just before the row is marked as sent: look a few times soon."""

_LIVELY_SECONDS = 120.0
_SELDOM = 4


async def events(
    reader: MailboxReader, *, bell: Bell, ear: Ear, settings: WebSettings
) -> AsyncIterator[str]:
    """The stream's text, without end until the client leaves or the house closes."""
    yield "retry: 2000\n\n"
    quiet = idle = 0.0
    waits: list[float] = []
    while not bell.closed:
        fresh = await run_in_threadpool(reader.look)
        if fresh:
            quiet = idle = 0.0
            yield format_events(fresh)
        elif quiet >= settings.heartbeat_seconds:
            quiet = 0.0
            yield ": still here\n\n"
        wait = waits.pop(0) if waits else _pause(settings, idle)
        if await ear.listen(wait):
            idle, waits = 0.0, list(_AFTER_A_RING)
        else:
            quiet, idle = quiet + wait, idle + wait


def _pause(settings: WebSettings, idle: float) -> float:
    """How long until the next look; pages left open for long are looked after less often."""
    seldom = idle > _LIVELY_SECONDS
    return min(settings.poll_seconds * (_SELDOM if seldom else 1), settings.heartbeat_seconds)


def format_events(deliveries: Iterable[Delivery]) -> str:
    """Events of type `message`, in ASCII: no reader can take anything in them for a line break."""
    return "".join(
        f"id: {one.id}\nevent: message\ndata: {json.dumps(render_delivery(one))}\n\n"
        for one in deliveries
    )
