"""`/metrics` for Prometheus: counted from the database, so that any gateway tells of all.

Counters begin at the start of the process that is asked, as Prometheus expects, and count what
every process did since.
"""

import hmac
from datetime import datetime, timedelta
from threading import Lock

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import generate_latest
from starlette.concurrency import run_in_threadpool

from channels.refusals import refusal
from core.domain.deliveries import DeliveryState
from core.domain.figures import Snapshot, Waiting
from core.ports.clock import Clock
from core.ports.unit_of_work import Units

LAGS = (0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300, 1800, 7200, 86400)
"""Seconds; the promise is two for nearly all."""

SETTLED = timedelta(seconds=2)
"""What was written longer ago has been committed."""

MOST_AT_ONCE = 20_000
"""Lines read a time; the rest is counted the next."""

NAMES = {
    DeliveryState.SENT: "sent",
    DeliveryState.QUEUED: "failed",
    DeliveryState.UNKNOWN: "unknown",
    DeliveryState.DEAD: "dead",
    DeliveryState.EXPIRED: "expired",
    DeliveryState.CANCELLED: "cancelled",
}
"""What an end is called; an attempt that is to be repeated is a failed one."""

_LOOPBACK = frozenset({"127.0.0.1", "::1", "testclient"})


class Metrics:
    """Tells them to this machine, and to whoever has the token."""

    def __init__(self, units: Units, clock: Clock, token: str | None = None) -> None:
        self._units = units
        self._clock = clock
        self._token = token
        self._lock = Lock()
        self._counted: int | None = None
        made = CollectorRegistry()
        self._registry = made
        by_channel = ["channel"]
        self._ends = Counter(
            "keqiao_deliveries", "Ends of attempts.", [*by_channel, "end"], registry=made
        )
        self._lag = Histogram(
            "keqiao_delivery_lag_seconds",
            "From when a message was to be told until a platform took it.",
            by_channel,
            buckets=LAGS,
            registry=made,
        )
        self._gauges = {
            name: Gauge(f"keqiao_{name}", said, labels, registry=made)
            for name, said, labels in (
                ("outbox_queued", "Messages that wait.", by_channel),
                ("outbox_due", "Messages that should be gone.", by_channel),
                ("outbox_oldest_seconds", "How long the first of them is due.", by_channel),
                ("outbox_undecided", "Dead or unknown, for operators.", [*by_channel, "state"]),
                ("route_held", "1: a robot or app that is left alone.", ["route"]),
                ("inbox_waiting", "Messages that are not handled yet.", []),
                ("inbox_oldest_seconds", "How long the first of them is due.", []),
                ("reminders_planned", "Reminders to come.", []),
                ("reminders_due", "Reminders that should be in the outbox.", []),
                ("scheduler_leading", "1: a process does the scheduled jobs.", []),
                ("workers", "Processes that send messages.", []),
            )
        }

    def router(self) -> APIRouter:
        """The route."""
        router = APIRouter()
        router.add_api_route("/metrics", self.tell, methods=["GET"], include_in_schema=False)
        return router

    async def tell(self, request: Request) -> Response:
        """All of them, in Prometheus' own format."""
        if not self._may(request):
            return refusal(404, "not_found")
        body = await run_in_threadpool(self._look)
        return Response(body, media_type=CONTENT_TYPE_LATEST)

    def _may(self, request: Request) -> bool:
        given = request.headers.get("authorization", "")
        if self._token and hmac.compare_digest(given.encode(), f"Bearer {self._token}".encode()):
            return True
        return request.client is not None and request.client.host in _LOOPBACK

    def _look(self) -> bytes:
        now = self._clock.now()
        with self._lock, self._units() as unit:
            if self._counted is None:
                self._counted = unit.figures.newest_step()
            for one in unit.figures.ended(self._counted, now - SETTLED, MOST_AT_ONCE):
                self._counted = one.step
                self._ends.labels(one.channel, NAMES[one.state]).inc()
                if one.state is DeliveryState.SENT:
                    self._lag.labels(one.channel).observe(max(one.lag.total_seconds(), 0))
            self._set(unit.figures.snapshot(now), now)
            self._gauges["scheduler_leading"].set(len(unit.leases.held("scheduler", now)))
            self._gauges["workers"].set(len(unit.leases.held("worker:", now)))
            return generate_latest(self._registry)

    def _set(self, found: Snapshot, now: datetime) -> None:
        for name in ("outbox_queued", "outbox_due", "outbox_oldest_seconds", "outbox_undecided"):
            self._gauges[name].clear()
        self._gauges["route_held"].clear()
        for channel, waiting in found.outbox.items():
            self._gauges["outbox_queued"].labels(channel).set(waiting.all)
            self._gauges["outbox_due"].labels(channel).set(waiting.due)
            self._gauges["outbox_oldest_seconds"].labels(channel).set(_age(waiting, now))
        for (channel, state), count in found.undecided.items():
            self._gauges["outbox_undecided"].labels(channel, state).set(count)
        for route in found.routes:
            self._gauges["route_held"].labels(route.name).set(route.held(now))
        self._gauges["inbox_waiting"].set(found.inbox.all)
        self._gauges["inbox_oldest_seconds"].set(_age(found.inbox, now))
        self._gauges["reminders_planned"].set(found.reminders.all)
        self._gauges["reminders_due"].set(found.reminders.due)


def _age(waiting: Waiting, now: datetime) -> float:
    return (now - waiting.since).total_seconds() if waiting.since else 0.0
