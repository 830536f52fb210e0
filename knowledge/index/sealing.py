"""Folders that never change again, with the checksums of their files."""

import hashlib
import json
from pathlib import Path
from typing import Any

from core.domain.errors import KeqiaoError

FORMAT = 8
"""Raised when what is written changes; another format counts as damaged and is rebuilt."""

_SEAL = "seal.json"
_BLOCK = 1 << 20


class DamagedIndexError(KeqiaoError):
    """Something of an index that cannot be read: incomplete, altered, or of another format."""


def seal(folder: Path) -> None:
    """Note the checksums of all files in a folder."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    sums = {str(path.relative_to(folder)): _checksum(path) for path in files}
    write_noted(folder / _SEAL, sums)


def check(folder: Path) -> None:
    """Compare the files of a folder with its seal.

    Raises:
        DamagedIndexError: a file is missing or altered, or the seal is.
    """
    for name, checksum in read_noted(folder / _SEAL).items():
        try:
            found = _checksum(folder / name)
        except OSError as error:
            raise DamagedIndexError(f"{folder} is incomplete: {error}") from error
        if found != checksum:
            raise DamagedIndexError(f"{folder / name} was altered")


def write_noted(path: Path, content: dict[str, Any]) -> None:
    """Write a small JSON object with its own checksum and format."""
    body = json.dumps(content, ensure_ascii=False)
    whole = {"format": FORMAT, "checksum": _digest(body), "content": body}
    path.write_text(json.dumps(whole, ensure_ascii=False), encoding="utf-8")


def read_noted(path: Path) -> dict[str, Any]:
    """Read what `write_noted` wrote.

    Raises:
        DamagedIndexError: missing, altered, or of another format.
    """
    try:
        whole = json.loads(path.read_text(encoding="utf-8"))
        if whole["format"] != FORMAT:
            raise DamagedIndexError(f"{path} has format {whole['format']}, not {FORMAT}")
        if whole["checksum"] != _digest(whole["content"]):
            raise DamagedIndexError(f"{path} was altered")
        content: dict[str, Any] = json.loads(whole["content"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise DamagedIndexError(f"{path} is incomplete: {error}") from error
    return content


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def _checksum(path: Path) -> str:
    digest = hashlib.blake2b(digest_size=16)
    with path.open("rb") as handle:
        while block := handle.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()
