"""PDF files with a text layer: lines in reading order, tables as tab-separated rows."""

import io
import logging
import time
from typing import Any

from core.domain.errors import UnreadableFileError
from knowledge.parsing.pdf.columns import strips
from knowledge.parsing.pdf.margins import without_margins
from knowledge.parsing.pdf.recognition import recognise
from knowledge.parsing.tables import lines_of

MAX_PAGES = 1_000
MAX_SECONDS = 300
"""A file that takes longer holds up all others."""


def read_pdf(content: bytes) -> str:
    """The text of all pages; tables in place of the lines they cover.

    Raises:
        UnreadableFileError: broken, locked, too long, or only pictures that nothing recognises.
    """
    pages = _pages(content)
    text = "\n\n".join("\n".join(page) for page in without_margins(pages))
    return text if text.strip() else recognise(content, len(pages))


def _pages(content: bytes) -> list[list[str]]:
    """The lines of each page."""
    import pdfplumber  # noqa: PLC0415 -- heavy: loaded on first use

    logging.getLogger("pdfminer").setLevel(logging.ERROR)
    last = time.monotonic() + MAX_SECONDS
    pages: list[list[str]] = []
    try:
        with pdfplumber.open(io.BytesIO(content)) as pdf:
            count = len(pdf.pages)
            for page in pdf.pages if count <= MAX_PAGES else ():
                _check_time(last, f"page {page.page_number} of {count}")
                pages.append(_page(page))
    except UnreadableFileError:
        raise
    except Exception as error:  # pdfminer raises whatever it stumbles over
        raise _refusal(error) from error
    if count > MAX_PAGES:
        raise UnreadableFileError(f"{count} pages; the limit is {MAX_PAGES}, split it")
    if not pages:
        raise UnreadableFileError("not a readable PDF: it has no pages")
    return pages


def _check_time(last: float, reached: str) -> None:
    if time.monotonic() > last:
        raise UnreadableFileError(
            f"{reached} is not reached within {MAX_SECONDS} seconds; split it"
        )


def _refusal(error: BaseException) -> UnreadableFileError:
    """One line about the first thing that went wrong."""
    names: list[str] = []
    cause: BaseException | None = error
    while cause is not None:
        names += [type(one).__name__ for one in (cause, *cause.args) if not isinstance(one, str)]
        cause = cause.__cause__ or cause.__context__
    if any("Password" in name or "Encrypt" in name for name in names):
        return UnreadableFileError("the PDF is locked by a password; save it without one")
    return UnreadableFileError(f"not a readable PDF ({names[0]})")


def _page(page: Any) -> list[str]:  # noqa: ANN401 -- pdfplumber ships no types
    tables = sorted(page.find_tables(), key=lambda table: table.bbox[1])
    left, top, right, bottom = page.bbox
    lines: list[str] = []
    for table in tables:
        if table.bbox[1] > top:
            lines += strips(page.crop((left, top, right, table.bbox[1])))
        lines += lines_of(_rows(table))
        top = max(top, table.bbox[3])
    if top < bottom:
        lines += strips(page.crop((left, top, right, bottom)))
    page.close()
    return [line for line in lines if line.strip()]


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
