"""Brokers of our own, on ports of their own, that may be killed and started again."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol, override

START_S = 60.0


class Broker(Protocol):
    """One server."""

    url: str

    def start(self) -> None:
        """Start it, with nothing in it; returns when it takes connections."""

    def kill(self) -> None:
        """Kill it with all it holds."""


class Process:
    """A server as a session of its own, ended by its process group."""

    def __init__(self, command: list[str], port: int, environment: Mapping[str, str]) -> None:
        self._command = command
        self._port = port
        self._environment = {**os.environ, **environment}  # noqa: TID251 -- PATH and the like
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it takes connections."""
        self._process = subprocess.Popen(
            self._command,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        end = time.monotonic() + START_S
        while not _answers(self._port):
            assert self._process.poll() is None, f"{self._command[0]} ended at its start"
            assert time.monotonic() < end, f"{self._command[0]} did not start"
            time.sleep(0.1)

    def kill(self) -> None:
        """End it and everything it started."""
        if self._process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._process = None


class Redis(Process):
    """Redis without anything on disk."""

    def __init__(self, folder: Path) -> None:
        port = free_port()
        self.url = f"redis://127.0.0.1:{port}/0"
        command = ["redis-server", "--port", str(port), "--save", "", "--dir", str(folder)]
        super().__init__(command, port, {})


class RabbitMQ(Process):
    """A node of its own, known to nobody else."""

    def __init__(self, folder: Path) -> None:
        port = free_port()
        self.url = f"amqp://guest:guest@127.0.0.1:{port}/"
        self._port = port
        self._folder = folder / "rabbitmq"
        environment = {
            "RABBITMQ_NODENAME": f"crash{port}@localhost",
            "RABBITMQ_CONFIG_FILE": str(self._folder / "own.conf"),
            "RABBITMQ_CONF_ENV_FILE": str(self._folder / "none"),
            "RABBITMQ_DIST_PORT": str(free_port()),
            "RABBITMQ_MNESIA_BASE": str(self._folder),
            "RABBITMQ_LOG_BASE": str(self._folder),
            "RABBITMQ_PID_FILE": str(self._folder / "pid"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(self._folder / "plugins"),
            "HOME": str(self._folder),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "ERL_FLAGS": "-kernel inet_dist_use_interface {127,0,0,1}",
        }
        super().__init__([_rabbitmq()], port, environment)

    @override
    def start(self) -> None:
        """Start it empty: what it held is gone, queues and exchanges too."""
        shutil.rmtree(self._folder, ignore_errors=True)
        self._folder.mkdir(parents=True)
        (self._folder / "plugins").write_text("[].\n")
        (self._folder / "own.conf").write_text(f"listeners.tcp.local = 127.0.0.1:{self._port}\n")
        super().start()


def _rabbitmq() -> str:
    """The program itself: the one in the PATH would change to another user."""
    own = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
    return str(own) if own.exists() else "rabbitmq-server"


def missing(kind: str) -> bool:
    """Whether this machine lacks the server."""
    return shutil.which(f"{kind}-server") is None


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def _answers(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 0.5):
        return True
    return False
