"""Serves the bot on loopback.

Run by the bot's own interpreter: `bot/.venv/bin/python bot/serve.py --actions URL`. Every option
has an environment variable, shown by --help. Wraps Rasa's own server; what is changed in Rasa is
in adjustments.py, thrift.py, rest.py, lean.py and quiet.py. Ends when its parent process ends.
"""

import argparse
import ctypes
import os
import signal
import socket
import sys
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from train import MODEL, default_models

if TYPE_CHECKING:
    from asyncio import AbstractEventLoop

    from rasa.core.utils import AvailableEndpoints
    from sanic import Sanic

LOOPBACK = "127.0.0.1"
GRACE = 2.0
"""Seconds a turn may still take after SIGTERM."""

STORE = "trackers.PatientTrackerStore"

PR_SET_PDEATHSIG = 1
BAD_INPUT = 2


def main(arguments: list[str] | None = None) -> int:
    """Serve until told to stop; 2 when the options cannot work."""
    parent = os.getppid()
    options = _options(arguments)
    model = options.models / MODEL
    if not model.is_file():
        return _refuse(f"no model in {options.models}; run bot/train.py --models {options.models}")
    door = _bind(options.port)
    if door is None:
        return _refuse(f"port {options.port} is in use; choose another with --port")
    if options.end_with_parent:
        end_with_parent(parent)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: os._exit(0))  # until Sanic takes over
    _serve(options, model, door)
    return 0


def _options(arguments: list[str] | None) -> argparse.Namespace:
    environment = os.environ  # noqa: TID251 -- the bot cannot import keqiao.settings
    parser = argparse.ArgumentParser(prog="bot/serve.py", description="Serve the bot on loopback.")

    def add(name: str, default: object, text: str, **more: Any) -> None:  # noqa: ANN401
        variable = f"KEQIAO_BOT_{name.upper()}"
        value = environment.get(variable, default)
        parser.add_argument(f"--{name}", default=value, help=f"{text} ({variable})", **more)

    add("port", "5005", "port on 127.0.0.1", type=int)
    add("actions", "http://127.0.0.1:5055/webhook", "where the action server listens")
    add("models", default_models(), "folder of the trained model", type=Path)
    add("tracker", default_models().parent / "tracker.db", "SQLite file or postgresql:// URL")
    add("locks", None, "redis:// URL for several bots on one tracker; else in this process")
    add("token", None, "secret for the HTTP API; set it by the variable, ps shows arguments")
    parser.add_argument("--no-end-with-parent", dest="end_with_parent", action="store_false")
    parser.add_argument("--with-tensorflow", action="store_true", help="see lean.py")
    return parser.parse_args(arguments)


def end_with_parent(parent: int) -> None:
    """Have the kernel end this process when the parent's thread that started it ends (Linux)."""
    if not sys.platform.startswith("linux"):
        return
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:  # it ended before the kernel was told
        sys.exit(0)


def tracker_store(place: str) -> dict[str, Any]:
    """Rasa's settings of the tracker store for a SQLite file or a PostgreSQL URL."""
    if "://" not in place:
        Path(place).parent.mkdir(parents=True, exist_ok=True)
        return {"type": STORE, "dialect": "sqlite", "db": str(Path(place).resolve())}
    url = place.replace("postgresql+psycopg://", "postgresql+psycopg2://", 1)
    return {"type": STORE, "dialect": "postgresql", "url": url}


def lock_store(url: str) -> dict[str, Any]:
    """Rasa's settings of the lock store for a redis:// URL."""
    parts = urlsplit(url)
    return {
        "type": "redis",
        "url": parts.hostname or LOOPBACK,
        "port": parts.port or 6379,
        "db": int(parts.path.strip("/") or 0),
        "username": parts.username,
        "password": parts.password,
        "use_ssl": parts.scheme == "rediss",
        "key_prefix": "keqiao",
    }


def _serve(options: argparse.Namespace, model: Path, door: socket.socket) -> None:
    from lean import needs_tensorflow, stand_in_for_tensorflow  # noqa: PLC0415 -- after quick checks
    from quiet import keep_quiet, quiet_jieba  # noqa: PLC0415 -- after quick checks

    keep_quiet()
    quiet_jieba(options.models)
    if not options.with_tensorflow and not needs_tensorflow(model):
        stand_in_for_tensorflow()
    app = _application(options, model)
    app.run(
        sock=door,
        backlog=100,
        workers=1,
        access_log=False,
        motd=False,
        debug=False,
    )


def _application(options: argparse.Namespace, model: Path) -> "Sanic":
    import adjustments  # noqa: PLC0415 -- heavy: loads Rasa, after keep_quiet
    from rasa.core.run import close_resources, configure_app  # noqa: PLC0415 -- heavy
    from rasa.utils.common import update_sanic_log_level  # noqa: PLC0415 -- heavy
    from rest import HonestRestInput  # noqa: PLC0415 -- heavy
    from thrift import be_thrifty  # noqa: PLC0415 -- heavy

    adjustments.check_version()
    adjustments.fail_whole_turns()
    adjustments.leave_training_graph_unread()
    endpoints = _endpoints(options)
    app = configure_app(
        [HonestRestInput()], auth_token=options.token, enable_api=True, endpoints=endpoints
    )
    adjustments.read_escaped_ids(app)
    be_thrifty(app)
    update_sanic_log_level()
    app.config.GRACEFUL_SHUTDOWN_TIMEOUT = GRACE
    app.register_listener(partial(_load, model, endpoints), "before_server_start")
    app.register_listener(close_resources, "after_server_stop")
    return app


def _endpoints(options: argparse.Namespace) -> "AvailableEndpoints":
    from rasa.core.utils import AvailableEndpoints  # noqa: PLC0415 -- heavy
    from rasa.utils.endpoints import EndpointConfig  # noqa: PLC0415 -- heavy

    def endpoint(settings: Mapping[str, Any]) -> EndpointConfig:
        return EndpointConfig(**settings)

    return AvailableEndpoints(
        action=endpoint({"url": options.actions}),
        tracker_store=endpoint(tracker_store(str(options.tracker))),
        lock_store=endpoint(lock_store(options.locks)) if options.locks else None,
    )


async def _load(
    model: Path, endpoints: "AvailableEndpoints", app: "Sanic", loop: "AbstractEventLoop"
) -> None:
    from adjustments import trust_no_fallback_store  # noqa: PLC0415 -- heavy
    from rasa.core.run import load_agent_on_start  # noqa: PLC0415 -- heavy

    agent = await load_agent_on_start(str(model), endpoints, None, app, loop)
    if not agent.is_ready():
        _refuse(f"the model {model} cannot be loaded; run bot/train.py --force")
        os._exit(1)  # Sanic would go on serving without a model
    trust_no_fallback_store(agent)
    print(f"bot: listening on {LOOPBACK}", file=sys.stderr, flush=True)


def _bind(port: int) -> socket.socket | None:
    """Take the port before the slow start, so that a second bot is refused at once."""
    door = socket.socket()
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        door.bind((LOOPBACK, port))
    except OSError:
        door.close()
        return None
    return door


def _refuse(line: str) -> int:
    print(f"bot: {line}", file=sys.stderr, flush=True)
    return BAD_INPUT


if __name__ == "__main__":
    sys.exit(main())
