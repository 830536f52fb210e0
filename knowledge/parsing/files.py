"""Reads a file of any supported type as text, or refuses it with one clear line."""

from collections.abc import Callable
from pathlib import Path

from core.domain.errors import UnreadableFileError
from knowledge.parsing.html import read_html
from knowledge.parsing.pdf import read_pdf
from knowledge.parsing.plain import read_plain
from knowledge.parsing.word import read_docx

MAX_FILE_BYTES = 20 * 1024 * 1024
"""Larger files are refused before they are read."""

_READERS: dict[str, Callable[[bytes], str]] = {
    ".txt": read_plain,
    ".md": read_plain,
    ".markdown": read_plain,
    ".html": read_html,
    ".htm": read_html,
    ".docx": read_docx,
    ".pdf": read_pdf,
}

SUFFIXES = tuple(_READERS)
"""File name endings that can be read."""


def read_bytes(path: Path) -> bytes:
    """The bytes of a file that may be parsed.

    Raises:
        UnreadableFileError: no such file, unknown type, empty, or too large.
    """
    if path.suffix.lower() not in _READERS:
        known = " ".join(SUFFIXES)
        raise UnreadableFileError(f"{path.name}: unknown file type; readable are {known}")
    try:
        size = path.stat().st_size
        if size > MAX_FILE_BYTES:
            limit = MAX_FILE_BYTES // 1024 // 1024
            raise UnreadableFileError(
                f"{path.name}: {size / 1024 / 1024:.0f} MB; the limit is {limit} MB, split it"
            )
        content = path.read_bytes()
    except OSError as error:
        raise UnreadableFileError(f"{path.name}: cannot be opened ({error.strerror})") from error
    if not content.strip():
        raise UnreadableFileError(f"{path.name}: the file is empty")
    return content


def read_text(path: Path, content: bytes) -> str:
    """The text of a file's bytes; the type is taken from the name.

    Raises:
        UnreadableFileError: broken, or without any text.
    """
    reader = _READERS[path.suffix.lower()]
    try:
        text = reader(content)
    except UnreadableFileError as error:
        raise UnreadableFileError(f"{path.name}: {error}") from error
    if not text.strip():
        raise UnreadableFileError(f"{path.name}: there is no text in the file")
    return text
