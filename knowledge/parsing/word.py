"""Word documents: automatic numbers, tracked insertions kept, merged cells repeated."""

import io
import zipfile
from collections.abc import Iterator
from typing import Any

from core.domain.errors import UnreadableFileError
from knowledge.parsing.numbering import Numbering, W

MAX_UNPACKED_BYTES = 200 * 1024 * 1024
_MAX_COLUMNS = 200
_DELETED = {f"{W}del", f"{W}moveFrom", f"{W}pPr", f"{W}rPr"}


def read_docx(content: bytes) -> str:
    """The text of a docx with tracked insertions accepted and deletions left out."""
    from docx import Document  # noqa: PLC0415 -- heavy: loaded on first use

    _check_archive(content)
    try:
        word = Document(io.BytesIO(content))
        numbering = Numbering(_part(word, "numbering"), word.styles.element)
        return "\n".join(_lines(word.element.body, word, numbering))
    except Exception as error:  # python-docx raises whatever its parts raise
        raise UnreadableFileError(f"not a readable docx ({type(error).__name__})") from error


def _check_archive(content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
    except zipfile.BadZipFile as error:
        raise UnreadableFileError("not a docx: the archive is broken") from error
    if size > MAX_UNPACKED_BYTES:
        raise UnreadableFileError(f"unpacks to {size // 1024 // 1024} MB; refused")


def _part(word: Any, name: str) -> Any:  # noqa: ANN401 -- python-docx ships no types
    for relation in word.part.rels.values():
        if relation.reltype.endswith(f"/{name}"):
            return relation.target_part.element
    return None


def _lines(body: Any, word: Any, numbering: Numbering) -> Iterator[str]:  # noqa: ANN401
    from docx.table import Table  # noqa: PLC0415 -- heavy: loaded on first use

    for block in body.iterchildren():
        if block.tag == f"{W}p":
            yield numbering.label(block) + _text(block)
        elif block.tag == f"{W}tbl":
            yield from _rows(Table(block, word))
        elif block.tag in {f"{W}sdt", f"{W}ins"}:
            inner = block.find(f"{W}sdtContent")
            yield from _lines(block if inner is None else inner, word, numbering)


def _text(node: Any) -> str:  # noqa: ANN401 -- lxml element
    parts: list[str] = []
    for child in node.iterchildren():
        if child.tag == f"{W}t":
            parts.append(child.text or "")
        elif child.tag == f"{W}tab":
            parts.append(" ")
        elif child.tag in {f"{W}br", f"{W}cr"}:
            parts.append("\n")
        elif child.tag not in _DELETED:
            parts.append(_text(child))
    return "".join(parts)


def _rows(table: Any) -> Iterator[str]:  # noqa: ANN401 -- python-docx ships no types
    """Rows as tab-separated lines; a merged cell says its value in each of its places."""
    for row in table.rows:
        cells = row.cells[:_MAX_COLUMNS]
        yield "\t".join(" ".join(_text(cell._tc).split()) for cell in cells)  # noqa: SLF001 -- w:ins
