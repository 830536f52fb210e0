"""Ports on this machine."""

import socket
import time

from core.domain.errors import ConflictError

PATIENCE_S = 4.0
"""How long the children of a killed process may take to let go of their ports."""


def demand_free(host: str, port: int, setting: str, *, patience_s: float = PATIENCE_S) -> None:
    """Make sure that nobody listens on the port, or stops doing so within `patience_s`.

    Raises:
        ConflictError: the port is taken; the message names the setting that changes it.
    """
    deadline = time.monotonic() + patience_s
    while (error := _bind(host, port)) is not None:
        if time.monotonic() > deadline:
            raise ConflictError(
                f"端口 {host}:{port} 已被占用。请停止占用它的程序，或用 {setting} 换一个端口。"
            ) from error
        time.sleep(0.2)


def _bind(host: str, port: int) -> OSError | None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            return error
    return None


def free_port() -> int:
    """A loopback port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
