"""Taskiq brokers on RabbitMQ and on Redis Streams, set up so that every process hears everything.

Nudges are broadcast: each process listens on a queue (or a consumer group) of its own, which the
server forgets soon after the process is gone. Nothing here is kept for long, nor needs to be.
"""

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, override
from urllib.parse import urlsplit

from core.domain.errors import BadInputError

if TYPE_CHECKING:
    from redis.asyncio import Redis
    from taskiq import AsyncBroker

KEPT = 1_000
"""Nudges the server keeps for a process that is slow to read them."""

FORGOTTEN_AFTER = 60_000
"""Milliseconds after which the server forgets the queue of a process that is gone."""

TIMEOUT = 10.0
"""Seconds after which a server that does not answer counts as down."""


class Transport(Protocol):
    """How nudges travel: makes one broker a connection."""

    def broker(self) -> "AsyncBroker":
        """A new broker, not yet started."""
        ...

    async def tidy(self) -> None:
        """Forget what dead processes left on the server."""
        ...

    async def leave(self) -> None:
        """Forget this process on the server."""
        ...


def transport_for(url: str, *, name: str, listener: str) -> Transport:
    """Choose by the address; `name` separates sites, `listener` the processes of one.

    Raises:
        BadInputError: neither RabbitMQ nor Redis.
    """
    scheme = urlsplit(url).scheme
    if scheme in {"amqp", "amqps"}:
        return RabbitTransport(url=url, name=name, listener=listener)
    if scheme in {"redis", "rediss"}:
        return RedisTransport(url=url, name=name, listener=listener)
    raise BadInputError(f"broker address must begin with amqp:// or redis://, not {scheme!r}")


@dataclass(frozen=True, slots=True, kw_only=True)
class RabbitTransport(Transport):
    """One fanout exchange, and an expiring queue for each process."""

    url: str
    name: str
    listener: str

    @override
    def broker(self) -> "AsyncBroker":
        from aio_pika import ExchangeType  # noqa: PLC0415 -- heavy: loaded on first use
        from taskiq_aio_pika import (  # noqa: PLC0415 -- heavy: loaded on first use
            AioPikaBroker,
            Exchange,
            Queue,
            QueueType,
        )

        own = Queue(
            name=f"{self.name}.{self.listener}",
            type=QueueType.CLASSIC,
            arguments={
                "x-expires": FORGOTTEN_AFTER,
                "x-max-length": KEPT,
                # A nudge that is not wanted any more is dropped: no queue has this name.
                "x-dead-letter-routing-key": f"{self.name}.nowhere",
            },
        )
        refused = Queue(
            name=f"{self.name}.refused",
            type=QueueType.CLASSIC,
            arguments={"x-expires": FORGOTTEN_AFTER, "x-max-length": 1},
        )
        return AioPikaBroker(
            self.url,
            exchange=Exchange(name=self.name, type=ExchangeType.FANOUT, auto_delete=True),
            task_queues=[own],
            dead_letter_queue=refused,
            timeout=TIMEOUT,
            heartbeat=int(TIMEOUT),
            reconnect_interval=1,
        )

    @override
    async def tidy(self) -> None:
        """RabbitMQ expires unused queues by itself."""

    @override
    async def leave(self) -> None:
        """RabbitMQ expires unused queues by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RedisTransport(Transport):
    """One short stream, and a consumer group for each process."""

    url: str
    name: str
    listener: str

    @override
    def broker(self) -> "AsyncBroker":
        from scheduler.streams import NudgeStream  # noqa: PLC0415 -- heavy: loaded on first use

        return NudgeStream(
            self.url,
            queue_name=self.name,
            consumer_group_name=f"{self.name}.{self.listener}",
            maxlen=KEPT,
            xread_block=2_000,
            client_name=self.listener,
            socket_connect_timeout=TIMEOUT,
            socket_timeout=TIMEOUT,
        )

    @override
    async def tidy(self) -> None:
        async with self._redis() as redis:
            # Every connection of a living process bears its name.
            alive = {f"{self.name}.{client['name']}" for client in await redis.client_list()}
            for group in await redis.xinfo_groups(self.name):
                if group["name"].decode() not in alive:
                    await redis.xgroup_destroy(self.name, group["name"])

    @override
    async def leave(self) -> None:
        async with self._redis() as redis:
            await redis.xgroup_destroy(self.name, f"{self.name}.{self.listener}")

    def _redis(self) -> "Redis":
        from redis.asyncio import Redis  # noqa: PLC0415 -- heavy: loaded on first use

        return Redis.from_url(self.url, socket_connect_timeout=TIMEOUT, socket_timeout=TIMEOUT)


class Session:
    """One connection to a broker, from opening to loss; lives in one event loop."""

    def __init__(self, transport: Transport, heard: Callable[[str, str], None]) -> None:
        self._transport = transport
        self._broker = transport.broker()
        self._broker.is_worker_process = True

        async def receive(work: str, listener: str) -> None:  # Taskiq takes no bound methods
            heard(work, listener)

        self._task = self._broker.register_task(receive, task_name="keqiao:wake")

    async def open(self) -> None:
        """Connect; any error of the broker's client may come out."""
        async with asyncio.timeout(TIMEOUT):
            await self._broker.startup()
            with contextlib.suppress(Exception):  # left to a process that may
                await self._transport.tidy()

    async def listen(self) -> None:
        """Hand every nudge to `heard` until the connection is lost."""
        from taskiq.receiver import Receiver  # noqa: PLC0415 -- heavy: loaded on first use

        receiver = Receiver(self._broker, run_startup=False, max_async_tasks=1)
        async with contextlib.aclosing(self._broker.listen()) as messages:
            async for message in messages:
                await receiver.callback(message)

    async def send(self, work: str, listener: str) -> None:
        """Tell every process that `listener` has work for it."""
        async with asyncio.timeout(TIMEOUT):
            await self._task.kiq(work, listener)

    async def close(self, *, leave: bool) -> None:
        """Let go, whatever state the connection is in."""
        with contextlib.suppress(Exception):
            async with asyncio.timeout(TIMEOUT):
                if leave:
                    await self._transport.leave()
                await self._broker.shutdown()
