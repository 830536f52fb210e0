"""Text of scanned pages, read by an engine that is installed on request: extra `ocr`."""

import io
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from core.domain.errors import UnreadableFileError

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_SCANNED_PAGES = 100
"""A page takes seconds."""
_SCALE = 200 / 72
"""Dots per point: 200 to the inch, where small print is still told apart."""
_SURE = 0.5
"""Confidence below which a line is noise; the engine's own threshold."""


def recognise(content: bytes, count: int) -> str:
    """The text of a PDF that holds pictures of pages.

    Raises:
        UnreadableFileError: the engine is not installed, the file too long, nothing found.
    """
    try:
        from rapidocr import RapidOCR  # noqa: I001, PLC0415 -- heavy and optional
        import pypdfium2  # noqa: PLC0415
    except ImportError as error:
        raise UnreadableFileError(
            "the PDF has no text layer (scanned pages);"
            " install the extra that reads them: pip install 'keqiao[ocr]'"
        ) from error
    if count > MAX_SCANNED_PAGES:
        raise UnreadableFileError(
            f"{count} scanned pages; the limit is {MAX_SCANNED_PAGES}, split it"
        )
    engine = RapidOCR(params={"Global.log_level": "critical"})
    with pypdfium2.PdfDocument(io.BytesIO(content)) as pdf:
        pages = [_page(engine, page) for page in pdf]
    text = "\n\n".join(page for page in pages if page)
    if not text:
        raise UnreadableFileError("nothing can be recognised on the scanned pages")
    return text


def _page(engine: Any, page: Any) -> str:  # noqa: ANN401 -- neither ships types
    said = engine(page.render(scale=_SCALE).to_numpy())
    if said.txts is None:
        return ""
    found = [
        (box, text)
        for box, text, score in zip(said.boxes.tolist(), said.txts, said.scores, strict=True)
        if score >= _SURE
    ]
    return "\n".join(_lines(found))


def _lines(found: "Sequence[tuple[list[list[float]], str]]") -> list[str]:
    """Pieces that stand beside each other as one line."""
    pieces = sorted(found, key=lambda one: one[0][0][1])
    rows: list[list[tuple[list[list[float]], str]]] = [pieces[:1]]
    for before, piece in pairwise(pieces):
        height = before[0][3][1] - before[0][0][1]
        if piece[0][0][1] - before[0][0][1] < height / 2:
            rows[-1].append(piece)
        else:
            rows.append([piece])
    return [
        " ".join(text for _, text in sorted(row, key=lambda one: one[0][0][0])) for row in rows
    ]
