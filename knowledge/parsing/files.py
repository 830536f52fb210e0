"""Reads a file of any supported type as text, or refuses it with one clear line."""

from collections.abc import Callable
from pathlib import Path

from core.domain.errors import UnreadableFileError
from knowledge.parsing.html import read_html
from knowledge.parsing.pdf.pages import read_pdf
from knowledge.parsing.plain import read_plain
from knowledge.parsing.tables import check_columns
from knowledge.parsing.word.document import read_docx

MAX_FILE_BYTES = 20 * 1024 * 1024
"""Larger files are refused before they are read."""
MAX_CHARACTERS = 10_000_000
MAX_LINES = 300_000
"""More of either takes minutes to cut and gigabytes to hold."""

_READERS: dict[str, Callable[[bytes], str]] = {
    ".txt": read_plain,
    ".md": read_plain,
    ".markdown": read_plain,
    ".html": read_html,
    ".htm": read_html,
    ".docx": read_docx,
    ".pdf": read_pdf,
}
_WITH_MACROS = {".docm", ".dotm", ".xlsm"}

SUFFIXES = tuple(_READERS)
"""File name endings that can be read."""


def source_name(path: Path) -> str:
    """A file's name in characters that can be stored, shown and written in one line."""
    name = path.name.encode("utf-8", "backslashreplace").decode()
    return "".join(
        char if char.isprintable() else char.encode("unicode_escape").decode() for char in name
    )


def read_bytes(path: Path) -> bytes:
    """The bytes of a file that may be parsed.

    Raises:
        UnreadableFileError: no such file, unknown type, empty, or too large.
    """
    name = source_name(path)
    if path.suffix.lower() in _WITH_MACROS:
        raise UnreadableFileError(f"{name}: contains macros; save it as .docx without macros")
    if path.suffix.lower() not in _READERS:
        known = " ".join(SUFFIXES)
        raise UnreadableFileError(f"{name}: unknown file type; readable are {known}")
    try:
        size = path.stat().st_size
        if size > MAX_FILE_BYTES:
            limit = MAX_FILE_BYTES // 1024 // 1024
            raise UnreadableFileError(
                f"{name}: {size / 1024 / 1024:.0f} MB; the limit is {limit} MB, split it"
            )
        content = path.read_bytes()
    except OSError as error:
        raise UnreadableFileError(f"{name}: cannot be opened ({error.strerror})") from error
    if not content.strip(b" \t\r\n\0"):
        raise UnreadableFileError(f"{name}: the file is empty")
    return content


def read_text(path: Path, content: bytes) -> str:
    """The text of a file's bytes; the type is taken from the name.

    Raises:
        UnreadableFileError: broken, too long, or without any text.
    """
    try:
        text = _READERS[path.suffix.lower()](content).replace("\0", "\ufffd")
        _check(text)
    except UnreadableFileError as error:
        raise UnreadableFileError(f"{source_name(path)}: {error}") from error
    return text


def _check(text: str) -> None:
    if not text.strip():
        raise UnreadableFileError("there is no text in the file")
    if len(text) > MAX_CHARACTERS:
        raise UnreadableFileError(
            f"{len(text):,} characters; the limit is {MAX_CHARACTERS:,}, split it"
        )
    count = text.count("\n")
    if count > MAX_LINES:
        raise UnreadableFileError(f"{count:,} lines; the limit is {MAX_LINES:,}, split it")
    for line in text.split("\n"):
        check_columns(max(line.count("\t") + 1, line.count("|") - 1 if line[:1] == "|" else 0))
