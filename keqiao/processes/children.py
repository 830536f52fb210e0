"""Child processes that never outlive their parent and are started again when they die."""

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

PATIENCE_S = 8.0
"""How long a child may take to end after SIGTERM before it is killed."""

STEPS_S = (1.0, 2.0, 5.0, 15.0, 30.0)
"""Waits before a dead child is started again, longer each time."""

STEADY_S = 60.0
"""A child that has lived this long starts again from the first step."""


def die_with_parent() -> None:
    """Ask the kernel to end this process when its parent dies (Linux; elsewhere nothing).

    The kernel means the parent's *thread* that started it.
    """
    if sys.platform == "linux":
        parent_death_signal = 1
        ctypes.CDLL(None, use_errno=True).prctl(parent_death_signal, signal.SIGTERM)


@dataclass(kw_only=True)
class Child:
    """One child process with its log file; `say` is told when it dies and starts again."""

    name: str
    command: Sequence[str]
    log: Path
    environment: dict[str, str]
    folder: Path
    say: Callable[[str], None]
    _process: subprocess.Popen[bytes] | None = field(default=None, init=False)
    _stopping: threading.Event = field(default_factory=threading.Event, init=False)
    _spawning: threading.Lock = field(default_factory=threading.Lock, init=False)
    _watcher: threading.Thread | None = field(default=None, init=False)

    def start(self) -> None:
        """Start it and watch it. Call from a thread that lives on: see `die_with_parent`."""
        self._spawn()
        self._watcher = threading.Thread(
            target=self._watch, name=f"watch-{self.name}", daemon=True
        )
        self._watcher.start()

    @property
    def pid(self) -> int | None:
        """The process id while it runs."""
        return self._process.pid if self._process and self._process.poll() is None else None

    def stop(self) -> None:
        """End it: SIGTERM, then SIGKILL to its whole session."""
        with self._spawning:
            self._stopping.set()
            process = self._process
        if process is None:
            return
        if process.poll() is None:
            process.terminate()
        try:
            process.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)  # it leads a session of its own
            process.wait()
        if self._watcher is not None:
            self._watcher.join(PATIENCE_S)

    def _spawn(self) -> None:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self._spawning, self.log.open("ab") as log:
            if self._stopping.is_set():
                return
            self._process = subprocess.Popen(  # noqa: S603 -- our own programs, no shell
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=self.folder,
                env=self.environment,
                start_new_session=True,  # Ctrl-C reaches us only; we end our children ourselves
            )

    def _watch(self) -> None:
        failures = 0
        while not self._stopping.is_set():
            process = self._process
            if process is None:
                return
            began = time.monotonic()
            code = process.wait()
            if self._stopping.is_set():
                return
            failures = 1 if time.monotonic() - began > STEADY_S else failures + 1
            wait = STEPS_S[min(failures, len(STEPS_S)) - 1]
            self.say(f"{self.name} 意外退出（{code}），{wait:.0f} 秒后重启；日志：{self.log}")
            if self._stopping.wait(wait):
                return
            self._spawn()
