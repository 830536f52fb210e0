"""Child processes: started again when they die, gone when their parent goes."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from core.domain.errors import ConflictError
from keqiao.processes.children import Child
from keqiao.processes.ports import demand_free, free_port


def until(condition: Callable[[], bool], seconds: float = 10.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.05)


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_child_that_dies_is_started_again_and_the_operator_is_told(tmp_path: Path) -> None:
    said: list[str] = []
    child = Child(
        name="sleeper",
        command=[sys.executable, "-c", "import time; time.sleep(60)"],
        log=tmp_path / "log",
        environment=dict[str, str](),
        folder=tmp_path,
        say=said.append,
    )
    child.start()
    try:
        first = child.pid
        assert first is not None
        os.kill(first, signal.SIGKILL)
        until(lambda: child.pid not in {None, first})
        assert "sleeper" in said[0]
    finally:
        child.stop()
    assert child.pid is None


def test_a_child_goes_when_its_parent_is_killed(tmp_path: Path) -> None:
    code = (
        "import subprocess, sys, time\n"
        "child = subprocess.Popen([sys.executable, '-c', 'from keqiao.processes.children import "
        "die_with_parent; die_with_parent(); print(1, flush=True); import time; time.sleep(60)'],"
        " stdout=subprocess.PIPE)\n"
        "child.stdout.readline()\nprint(child.pid, flush=True)\ntime.sleep(60)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, cwd=tmp_path
    ) as parent:
        assert parent.stdout is not None
        grandchild = int(parent.stdout.readline())
        parent.kill()
    until(lambda: not alive(grandchild))


def test_a_port_in_use_is_named_with_its_setting() -> None:
    import socket  # noqa: PLC0415 -- only here

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(ConflictError, match=rf"{port}.*KEQIAO_PORT"):
            demand_free("127.0.0.1", port, "KEQIAO_PORT", patience_s=0.0)


def test_a_free_port_is_free() -> None:
    demand_free("127.0.0.1", free_port(), "KEQIAO_PORT")
