"""One process of a kind on one home folder; the second is told who the first is."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from core.domain.errors import ConflictError


@contextmanager
def hold(home: Path, *names: str) -> Iterator[None]:
    """Hold the places of these processes until the block ends; the kernel frees them on death.

    Raises:
        ConflictError: another process holds one; the message says which and its process id.
    """
    folder = home / "locks"
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        for name in names:
            file = stack.enter_context((folder / f"{name}.lock").open("a+", encoding="ascii"))
            _lock(file.fileno(), home, name)
            file.truncate(0)
            file.write(str(os.getpid()))
            file.flush()
        yield


def _lock(descriptor: int, home: Path, name: str) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        raise ConflictError(
            f"{home} 已有 {name} 进程在运行（进程号 {holder(home, name)}）。"
            "请先停止它，或用 KEQIAO_HOME 为这一份指定另一个目录。"
        ) from error


def holder(home: Path, name: str) -> int | None:
    """The process that holds the place of `name`, or None when it is free."""
    path = home / "locks" / f"{name}.lock"
    if not path.exists():
        return None
    with path.open("r+", encoding="ascii") as file:
        try:
            fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return int(file.read() or 0)
    return None
