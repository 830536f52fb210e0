"""Nudges between processes and machines, over Taskiq; the database stays the truth."""

import asyncio
import contextlib
import logging
import os
import secrets
import socket
import threading
from typing import override

from core.ports.wakeups import Wakeups, Work
from scheduler.logs import place_of
from scheduler.transports import Session, transport_for
from scheduler.wakeups import LocalWakeups

log = logging.getLogger(__name__)

LONGEST_PAUSE = 30.0
"""Seconds between attempts to reach a broker that stays down."""


class BrokerWakeups(Wakeups):
    """Wakes the workers of every process on the same broker, RabbitMQ or Redis by its address.

    A nudge reaches this process's own workers at once and without the broker. To the others it
    goes through a thread of its own, so `wake` never blocks and never raises; while the broker
    is down, nudges of a kind are kept as one and sent when it is back. Nothing is opened before
    the first `wake` or `wait`.
    """

    def __init__(self, url: str, *, name: str = "keqiao.wakeups", pause: float = 1.0) -> None:
        self._listener = f"{socket.gethostname()}.{os.getpid()}.{secrets.token_hex(4)}"
        self._transport = transport_for(url, name=name, listener=self._listener)
        self._local = LocalWakeups()
        self._pause = pause
        self._lock = threading.Lock()
        self._unsent: set[Work] = set()
        self._thread: threading.Thread | None = None
        self._closing = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self._asked = asyncio.Event()
        self._ended = asyncio.Event()
        self._reached = threading.Event()

    @override
    def wake(self, work: Work) -> None:
        self._local.wake(work)
        with self._lock:
            self._unsent.add(work)
        self._start()
        self._set(self._asked)

    @override
    def wait(self, work: Work, seconds: float) -> bool:
        self._start()
        return self._local.wait(work, seconds)

    def ready(self, seconds: float) -> bool:
        """Start if need be and wait until the broker is reached; False when it is not."""
        self._start()
        return self._reached.wait(seconds)

    def close(self, seconds: float = 5.0) -> None:
        """Send what is unsent if the broker answers, then stop; safe to call twice."""
        with self._lock:
            self._closing = True
            thread = self._thread
        self._set(self._ended)
        self._set(self._asked)
        if thread is not None:
            thread.join(seconds)

    def _start(self) -> None:
        with self._lock:
            if self._thread is not None or self._closing:
                return
            self._thread = threading.Thread(target=self._run, name="broker", daemon=True)
            self._thread.start()

    def _set(self, event: asyncio.Event) -> None:
        if self._loop is not None:
            with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits any more
                self._loop.call_soon_threadsafe(event.set)

    def _run(self) -> None:
        try:
            asyncio.run(self._main())
        except Exception:
            log.exception("nudges to other processes have ended; workers look by themselves")

    async def _main(self) -> None:
        self._loop = asyncio.get_running_loop()
        failures = 0
        while not self._closing or (self._unsent and not failures):
            try:
                await self._connected()
            except Exception as error:  # noqa: BLE001 -- any fault of a broker is only slower
                failures = 1 if self._reached.is_set() else failures + 1
                if failures == 1:
                    log.warning("broker lost, workers look by themselves: %s", place_of(error))
            self._reached.clear()
            with contextlib.suppress(TimeoutError):
                pause = min(self._pause * 2 ** min(failures, 10), LONGEST_PAUSE)
                await asyncio.wait_for(self._ended.wait(), pause)

    async def _connected(self) -> None:
        session = Session(self._transport, self._heard)
        try:
            await session.open()
            self._reached.set()
            log.info("broker reached")
            await self._serve(session)
        finally:
            await session.close(leave=self._closing)

    async def _serve(self, session: Session) -> None:
        listening = asyncio.ensure_future(session.listen())
        sending = asyncio.ensure_future(self._send_asked(session))
        both = {listening, sending}
        try:
            done, _ = await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            for task in both:
                task.cancel()
            await asyncio.gather(*both, return_exceptions=True)

    async def _send_asked(self, session: Session) -> None:
        """Send nudges until closing; one that fails stays unsent."""
        while True:
            self._asked.clear()
            for work in sorted(self._unsent):
                with self._lock:
                    self._unsent.discard(work)
                try:
                    await session.send(work, self._listener)
                except BaseException:
                    with self._lock:
                        self._unsent.add(work)
                    raise
            if self._closing:
                return
            await self._asked.wait()

    def _heard(self, work: str, listener: str) -> None:
        if listener != self._listener and work in set(Work):
            self._local.wake(Work(work))
