"""Sending over long connections, in the process that holds them and only while it does."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Protocol, runtime_checkable

from channels.connections import Connection
from core.ports.sender import Sender
from keqiao.bootstrap import Site
from scheduler.dispatcher import Dispatcher
from scheduler.worker import Worker


@runtime_checkable
class Speaker(Protocol):
    """A talk over which messages go out, too."""

    @property
    def sender(self) -> Sender:
        """The way out."""
        ...


def speaking(site: Site, connections: Sequence[Connection]) -> Worker:
    """The loops that send over these connections, not yet started."""
    steps = []
    for one in connections:
        if isinstance(one.talk, Speaker):
            senders = [one.talk.sender]
            made = Dispatcher(site.units, site.clock, senders, wakeups=site.wakeups)
            steps.append(partial(_while_open, one, made.dispatch_one))
    return Worker(None, *steps, wakeups=site.wakeups)


def _while_open(connection: Connection, step: Callable[[], bool]) -> bool:
    return connection.open and step()
