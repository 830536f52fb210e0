"""PDF files with a text layer: lines as printed, tables as tab-separated rows."""

import io
import logging
from typing import Any

from core.domain.errors import UnreadableFileError

MAX_PAGES = 2_000


def read_pdf(content: bytes) -> str:
    """The text of all pages; tables in place of the lines they cover.

    Raises:
        UnreadableFileError: broken, locked, too long, or only pictures of pages.
    """
    import pdfplumber  # noqa: PLC0415 -- heavy: loaded on first use

    logging.getLogger("pdfminer").setLevel(logging.ERROR)
    try:
        with pdfplumber.open(io.BytesIO(content)) as pdf:
            count = len(pdf.pages)
            pages = [_page(page) for page in pdf.pages] if count <= MAX_PAGES else []
    except Exception as error:  # pdfminer raises whatever it stumbles over
        raise UnreadableFileError(f"not a readable PDF ({type(error).__name__})") from error
    if count > MAX_PAGES:
        raise UnreadableFileError(f"{count} pages; the limit is {MAX_PAGES}, split it")
    text = "\n\n".join(pages)
    if not text.strip():
        raise UnreadableFileError("the PDF has no text layer (scanned pages); run OCR on it first")
    return text


def _page(page: Any) -> str:  # noqa: ANN401 -- pdfplumber ships no types
    tables = sorted(page.find_tables(), key=lambda table: table.bbox[1])
    parts: list[str] = []
    top = page.bbox[1]
    for table in tables:
        if table.bbox[1] > top:
            parts.append(_strip(page, top, table.bbox[1]))
        parts.extend("\t".join(row) for row in _rows(table))
        top = max(top, table.bbox[3])
    if top < page.bbox[3]:
        parts.append(_strip(page, top, page.bbox[3]))
    page.close()
    return "\n".join(part for part in parts if part.strip())


def _strip(page: Any, top: float, bottom: float) -> str:  # noqa: ANN401
    left, _, right, _ = page.bbox
    return page.crop((left, top, right, bottom)).extract_text() or ""


def _rows(table: Any) -> list[list[str]]:  # noqa: ANN401
    """Cells of a table; a cell merged over others says its value in each of its places."""
    rows: list[list[str]] = []
    for cells in table.extract():
        above = rows[-1] if rows else []
        row: list[str] = []
        for at, cell in enumerate(cells):
            if cell is not None:
                row.append("".join(cell.split("\n")).strip())
            elif at < len(above) and above[at]:
                row.append(above[at])
            else:
                row.append(row[-1] if row else "")
        rows.append(row)
    return rows
