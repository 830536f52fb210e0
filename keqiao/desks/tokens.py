"""Tokens of those who answer people over HTTP: kept as digests, one file a person.

A token is shown once, when it is made. Taking its file away takes it back at once.
"""

import hashlib
import json
import re
import secrets
from pathlib import Path

from channels.desk.settings import LiaisonToken
from core.domain.errors import BadInputError, ConflictError
from core.domain.handoffs import Liaison
from keqiao.secrets import make_private

_NAME = re.compile(r"[\w\-]{1,40}")


def make_token(home: Path, name: str, desks: frozenset[str] | None) -> str:
    """A new token for that name at these desks; at all of them when None.

    Raises:
        BadInputError: the name is not of letters, digits and hyphens.
        ConflictError: there is one of that name.
    """
    if not _NAME.fullmatch(name):
        raise BadInputError(f"名称 {name!r} 不可用：只用文字、数字和连字符，最多 40 个")
    folder = _folder(home)
    make_private(home / "secrets")
    make_private(folder)
    token = secrets.token_urlsafe(32)
    kept = {"desks": sorted(desks) if desks is not None else None, "sha256": digest(token)}
    path = folder / f"{name}.json"
    try:
        with path.open("x", encoding="utf-8") as file:
            path.chmod(0o600)
            json.dump(kept, file, ensure_ascii=False)
    except FileExistsError:
        raise ConflictError(f"已有名为 {name} 的令牌；要换新的，请先删除 {path}") from None
    return token


def tokens(home: Path) -> tuple[LiaisonToken, ...]:
    """Every token there is, by name; a file that cannot be read opens nothing."""
    found = (_read(path) for path in sorted(_folder(home).glob("*.json")))
    return tuple(token for token in found if token is not None)


def digest(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def _folder(home: Path) -> Path:
    return home / "secrets" / "liaisons"


def _read(path: Path) -> LiaisonToken | None:
    try:
        kept = json.loads(path.read_text("utf-8"))
        desks = None if kept["desks"] is None else frozenset(map(str, kept["desks"]))
        return LiaisonToken(
            liaison=Liaison(name=path.stem, desks=desks), sha256=str(kept["sha256"])
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None
