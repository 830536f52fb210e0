"""Taskiq's Redis Streams broker, as nudges need it."""

from collections.abc import AsyncGenerator
from typing import Any, override

from redis.asyncio import Redis
from taskiq import AckableMessage
from taskiq_redis import RedisStreamBroker


class NudgeStream(RedisStreamBroker):
    """Reads each nudge once and never claims one again: a late nudge is worth nothing.

    Taskiq's own loop looks for unacknowledged messages after every read, under a lock that is
    not let go of when the process is stopped meanwhile.
    """

    @override
    async def listen(self) -> AsyncGenerator[AckableMessage, None]:
        async with Redis(connection_pool=self.connection_pool) as redis:
            while True:
                fetched: Any = await redis.xreadgroup(
                    self.consumer_group_name,
                    self.consumer_name,
                    {self.queue_name: ">"},
                    block=self.block,
                    count=self.count,
                    noack=True,
                )
                for _, nudges in fetched or ():
                    for _, fields in nudges:
                        yield AckableMessage(data=fields[b"data"], ack=_nothing)


async def _nothing() -> None:
    """Reading has acknowledged it."""
