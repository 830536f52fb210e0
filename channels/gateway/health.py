"""Is it alive, and can it serve."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from fastapi import APIRouter, Response
from starlette.concurrency import run_in_threadpool

from core.domain.conversations import Address
from core.ports.clock import Clock
from core.ports.unit_of_work import Units

type Probe = Callable[[], bool | str]
"""Whether a part works, or what it lacks, in words that anybody may read."""

NEEDED = frozenset({"database", "migrations"})
"""Without these nothing could be kept; without the others it waits."""

NO_ANSWER = "no answer"

_FRESH = timedelta(seconds=1)
_NOBODY = Address(channel="none", user="nobody")
"""Whose mailbox is looked into: a look-up in an index that finds nothing."""


class Health:
    """Answers load balancers and `doctor`; `probes` are neighbours that may be down.

    What was found is said again for a second: any number of callers cost no more than one.
    """

    def __init__(self, units: Units, probes: Mapping[str, Probe], clock: Clock) -> None:
        self._probes = {"database": self._ask_database, **probes}
        self._units = units
        self._clock = clock
        self._found: tuple[datetime, dict[str, str]] | None = None
        self._asking = asyncio.Lock()

    def router(self) -> APIRouter:
        """The routes."""
        router = APIRouter(tags=["health"])
        router.add_api_route("/healthz", self.alive, methods=["GET"])
        router.add_api_route("/readyz", self.ready, methods=["GET"])
        return router

    async def alive(self) -> dict[str, str]:
        """The process answers."""
        return {"status": "ok"}

    async def ready(self, response: Response) -> dict[str, Any]:
        """Each part and how it is; 503 only when nothing could be accepted."""
        async with self._asking:  # those who wait for the same answer take no thread
            parts = await run_in_threadpool(self._look)
        reasons = {name: reason for name, reason in parts.items() if reason}
        status = "degraded" if reasons else "ok"
        if not NEEDED.isdisjoint(reasons):
            response.status_code, status = 503, "unavailable"
        told = {name: "down" if reason else "ok" for name, reason in parts.items()}
        return {"status": status, "parts": told, **({"reasons": reasons} if reasons else {})}

    def _look(self) -> dict[str, str]:
        now = self._clock.now()
        if self._found is None or not self._found[0] <= now < self._found[0] + _FRESH:
            parts = {name: _lack(probe) for name, probe in self._probes.items()}
            self._found = (self._clock.now(), parts)
        return self._found[1]

    def _ask_database(self) -> bool:
        with self._units() as unit:
            unit.outbox.last_sent(_NOBODY)
        return True


def _lack(probe: Probe) -> str:
    """What is wrong with a part; empty when nothing is."""
    try:
        found = probe()
    except Exception:  # noqa: BLE001 -- whatever it raises, it is down; its words are not for all
        return NO_ANSWER
    if isinstance(found, str):
        return found
    return "" if found else NO_ANSWER
