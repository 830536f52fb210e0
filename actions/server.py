"""The action server: Rasa's calls in, actions run, events and responses out. Loopback only."""

import asyncio
import logging
import signal
import threading
from collections.abc import Callable, Sequence
from typing import Any

import rasa_sdk
from rasa_sdk.endpoint import create_app
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import Action
from sanic import Sanic
from sanic.request import Request

from core.domain.errors import UnavailableError

QUIET = ("rasa_sdk", "sanic.root", "sanic.access", "sanic.server")


def make_executor(actions: Sequence[Action]) -> ActionExecutor:
    """An executor that runs these instances."""
    executor = ActionExecutor()
    for action in actions:
        executor.register_action(action)
    return executor


def make_app(actions: Sequence[Action]) -> Sanic[Any, Any]:
    """The web application: POST /webhook for Rasa, GET /health for everybody."""
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    app = create_app(make_executor(actions), cors_origins=[])
    Sanic.unregister_app(app)
    app.config.MOTD = False
    app.config.TOUCHUP = False  # it rewrites Sanic's classes, once a process only
    app.config.ACCESS_LOG = False

    @app.on_request
    async def claim_our_version(request: Request) -> None:
        """Rasa 3.6 and this SDK work together; without this the SDK warns on every call."""
        if request.path == "/webhook" and isinstance(request.json, dict):
            request.json["version"] = rasa_sdk.__version__

    return app


def serve(
    actions: Sequence[Action],
    host: str,
    port: int,
    *,
    ready: Callable[[], None] | None = None,
    stop: threading.Event | None = None,
) -> None:
    """Serve until SIGTERM, Ctrl-C or `stop`; calls `ready` once requests are answered."""
    told = ready or (lambda: None)
    asyncio.run(_serve(make_app(actions), (host, port), told, stop or threading.Event()))


async def _serve(
    app: Sanic[Any, Any],
    at: tuple[str, int],
    ready: Callable[[], None],
    stop: threading.Event,
) -> None:
    if threading.current_thread() is threading.main_thread():
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stop.set)
    server: Any = await app.create_server(host=at[0], port=at[1], return_asyncio_server=True)
    if server is None:
        raise UnavailableError(f"no action server at {at[0]}:{at[1]}")
    await server.startup()
    ready()
    while not stop.is_set():  # noqa: ASYNC110 -- a thread or a signal sets it; half a second is soon
        await asyncio.sleep(0.2)
    server.close()
    await server.wait_closed()
