"""Secrets made on this machine, kept in the home folder, readable by the owner only."""

import os
import secrets
from pathlib import Path


def make_private(folder: Path) -> None:
    """Make the folder if need be; what lies in it (people's words, phones) is its owner's only."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)


def secret(home: Path, name: str) -> str:
    """The secret of that name; made on first use. 64 hex digits."""
    path = home / "secrets" / name
    if not path.exists():
        make_private(path.parent)
        _create(path, secrets.token_hex(32))
    return path.read_text("ascii").strip()


def _create(path: Path, value: str) -> None:
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(value)
    try:
        os.link(part, path)  # fails if another process was first: then its secret stands
    except FileExistsError:
        pass
    finally:
        part.unlink()
