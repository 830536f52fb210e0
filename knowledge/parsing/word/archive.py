"""The parts of a docx, taken from its archive within limits."""

import io
import zipfile
from typing import Any

from core.domain.errors import UnreadableFileError

MAX_UNPACKED_BYTES = 200 * 1024 * 1024
"""Of all parts together, as the archive declares them."""
MAX_PART_BYTES = 50 * 1024 * 1024
MAX_ENTRIES = 10_000
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MACROS = ("vbaproject.bin", "vbadata.xml")
_DOCTYPES = (b"<!doctype", b"<!entity")


class Archive:
    """An opened docx; nothing in it is unpacked but the XML parts asked for."""

    def __init__(self, content: bytes) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
        except (zipfile.BadZipFile, ValueError, OSError) as error:
            raise UnreadableFileError("not a docx: the archive is broken") from error
        entries = self._zip.infolist()
        size = sum(entry.file_size for entry in entries)
        if size > MAX_UNPACKED_BYTES or len(entries) > MAX_ENTRIES:
            raise UnreadableFileError(
                f"unpacks to {size // 1024 // 1024} MB in {len(entries)} parts; refused"
            )
        self._sizes = {entry.filename: entry.file_size for entry in entries}
        if any(name.lower().endswith(_MACROS) for name in self._sizes):
            raise UnreadableFileError("contains macros; save it as .docx without macros")

    def part(self, name: str) -> Any:  # noqa: ANN401 -- lxml ships no types
        """The root of an XML part, or None when the docx has no such part.

        Raises:
            UnreadableFileError: too large, broken, or with entities of its own.
        """
        # lxml ships no types; heavy: loaded on first use
        from lxml import etree  # type: ignore[import-untyped]  # noqa: PLC0415

        if name not in self._sizes:
            return None
        if self._sizes[name] > MAX_PART_BYTES:
            raise UnreadableFileError(
                f"{name} unpacks to {self._sizes[name] // 1024 // 1024} MB; refused"
            )
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
        )
        try:
            content = self._zip.read(name)
            if any(mark in content[:65536].lower() for mark in _DOCTYPES):
                raise UnreadableFileError(f"{name} declares entities of its own; refused")
            return etree.fromstring(content, parser)
        except (etree.LxmlError, zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError,
                EOFError, ValueError) as error:  # fmt: skip
            raise UnreadableFileError(
                f"not a readable docx ({name}: {type(error).__name__})"
            ) from error
