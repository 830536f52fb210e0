"""A gateway on loopback with a worker behind it and a scripted bot: real HTTP, real database."""

import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

import uvicorn

from channels.gateway.app import make_app
from channels.gateway.health import Probe
from channels.gateway.settings import GatewaySettings
from channels.web.bell import Bell
from channels.web.sender import WebSender
from channels.web.settings import WebSettings
from channels.webhook.settings import HookSettings
from core.domain.conversations import Address, Reply
from core.domain.deliveries import Delivery, OutboundMessage
from core.ports.clock import Clock
from core.ports.sender import Sender
from core.ports.unit_of_work import Units
from core.services.conversations import AcceptInbound, HandleInbound
from keqiao.clock import SystemClock
from scheduler.dispatcher import Dispatcher
from scheduler.wakeups import LocalWakeups
from scheduler.worker import Worker, WorkerSettings
from tests.factories import NOTICES
from tests.fakes.dialogue import FakeDialogue
from tests.fakes.knowledge_base import FakeKnowledgeBase
from tests.offices import nobody_attends

SECRET = "a secret of the tests"  # noqa: S105 -- no real one
HOOK_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # noqa: S105 -- the specification's example


def make_settings(**web: object) -> GatewaySettings:
    """Settings of a gateway for tests."""
    return GatewaySettings(
        web=WebSettings(secret=SECRET, **web),  # type: ignore[arg-type] # named by each test
        hooks=(HookSettings(name="erp", secret=HOOK_SECRET),),
    )


def until(holds: Callable[[], bool], seconds: float = 20.0) -> None:
    """Wait until it holds."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it took too long"
        time.sleep(0.02)


@dataclass(kw_only=True)
class Site:
    """The parts of a gateway with a worker, not yet running."""

    units: Units
    dialogue: FakeDialogue = field(default_factory=FakeDialogue)
    clock: Clock = field(default_factory=SystemClock)
    settings: GatewaySettings = field(default_factory=make_settings)
    probes: Mapping[str, Probe] = field(default_factory=dict)
    bell: Bell = field(default_factory=Bell)
    wakeups: LocalWakeups = field(default_factory=LocalWakeups)
    port: int = 0

    @property
    def base(self) -> str:
        """Where it listens while it runs."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def accept(self) -> AcceptInbound:
        """The door in."""
        return AcceptInbound(units=self.units, clock=self.clock, wakeups=self.wakeups)

    def push(self, key: str, user: str, reply: Reply) -> Delivery:
        """Queue a message that answers nothing."""
        message = OutboundMessage(key=key, address=Address(channel="web", user=user), reply=reply)
        with self.units() as unit:
            delivery = unit.outbox.put(message, self.clock.now())
            unit.commit()
        return delivery

    def handler(self) -> HandleInbound:
        """Answers what waits in the inbox."""
        return HandleInbound(
            units=self.units,
            clock=self.clock,
            dialogue=self.dialogue,
            knowledge=FakeKnowledgeBase(),
            wakeups=self.wakeups,
            handoffs=nobody_attends(self.units, self.clock),
            notices=NOTICES,
            since=self.clock.now(),
        )

    def worker(self, *others: Sender) -> Worker:
        """Answers and delivers as long as the block lasts."""
        handle = self.handler()
        senders: list[Sender] = [WebSender(self.bell), *others]
        dispatcher = Dispatcher(self.units, self.clock, senders, wakeups=self.wakeups)
        settings = WorkerSettings(inbox_threads=1, outbox_threads=1, poll_seconds=0.1)
        return Worker(handle, dispatcher.dispatch_one, wakeups=self.wakeups, settings=settings)

    @contextmanager
    def serving(self) -> Iterator[None]:
        """Listen on `port`, or on a free one the first time; streams are ended before the end."""
        if self.bell.closed:
            self.bell = Bell()
        app = make_app(
            self.settings,
            accept=self.accept,
            units=self.units,
            bell=self.bell,
            probes=self.probes,
        )
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", self.port))
        self.port = listener.getsockname()[1]
        config = uvicorn.Config(app, log_config=None, timeout_graceful_shutdown=1)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        deadline = time.monotonic() + 10
        while not server.started:
            assert thread.is_alive(), "the gateway did not start"
            assert time.monotonic() < deadline, "the gateway takes too long to start"
            time.sleep(0.01)
        try:
            yield
        finally:
            self.bell.close()
            server.should_exit = True
            thread.join(10)
            listener.close()
