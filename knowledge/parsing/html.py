"""HTML pages: block elements as lines, tables as tab-separated rows with spans repeated."""

import re
from typing import Any

from core.domain.errors import UnreadableFileError
from knowledge.parsing.plain import decode

_SKIPPED = {"script", "style", "noscript", "template", "head", "nav", "footer", "svg", "iframe"}
_BLOCKS = {
    "p", "div", "section", "article", "header", "main", "li", "ul", "ol", "dl", "dt", "dd", "br",
    "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "tr", "table", "body", "html",
}  # fmt: skip
_CHARSET = re.compile(rb"<meta[^>]+charset=[\"']?([A-Za-z0-9_-]+)", re.IGNORECASE)
_MAX_DEPTH = 200
_MAX_SPAN = 50


def read_html(content: bytes) -> str:
    """The visible text of a page."""
    # lxml ships no types; heavy: loaded on first use
    from lxml import etree, html  # type: ignore[import-untyped]  # noqa: PLC0415

    try:
        root = html.document_fromstring(_decode(content), parser=html.HTMLParser(huge_tree=False))
    except (etree.LxmlError, ValueError) as error:
        raise UnreadableFileError(f"not a readable HTML page ({error})") from error
    parts: list[str] = []
    _walk(root, parts, 0)
    lines = (" ".join(line.split(" ")).strip(" ") for line in "".join(parts).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")


def _decode(content: bytes) -> str:
    declared = _CHARSET.search(content[:4096])
    if declared:
        try:
            return content.decode(declared.group(1).decode("ascii"))
        except (LookupError, UnicodeDecodeError):
            pass
    return decode(content)


def _walk(node: Any, parts: list[str], depth: int) -> None:  # noqa: ANN401 -- lxml element
    tag = node.tag if isinstance(node.tag, str) else ""
    if not tag or tag in _SKIPPED or depth > _MAX_DEPTH:
        return
    if tag == "table":
        parts.append("\n" + "\n".join("\t".join(row) for row in _rows(node)) + "\n")
        return
    if tag in _BLOCKS:
        parts.append("\n")
    parts.append(_flat(node.text))
    for child in node:
        _walk(child, parts, depth + 1)
        parts.append(_flat(child.tail))
    if tag in _BLOCKS:
        parts.append("\n")


def _flat(text: str | None) -> str:
    return re.sub(r"\s+", " ", text or "")


def _rows(table: Any) -> list[list[str]]:  # noqa: ANN401 -- lxml element
    rows: list[list[str]] = []
    hanging: dict[int, tuple[str, int]] = {}
    for row in table.iter("tr"):
        cells: list[str] = []
        for cell in row.iterchildren("td", "th"):
            _hang(cells, hanging)
            value = _flat(cell.text_content()).strip()
            down = _span(cell, "rowspan")
            for _ in range(_span(cell, "colspan")):
                if down > 1:
                    hanging[len(cells)] = (value, down - 1)
                cells.append(value)
        _hang(cells, hanging)
        rows.append(cells)
    return rows


def _hang(cells: list[str], hanging: dict[int, tuple[str, int]]) -> None:
    """Repeat cells that reach down from a row above."""
    while len(cells) in hanging:
        at = len(cells)
        value, left = hanging.pop(at)
        if left > 1:
            hanging[at] = (value, left - 1)
        cells.append(value)


def _span(cell: Any, name: str) -> int:  # noqa: ANN401 -- lxml element
    text = str(cell.get(name) or "1")
    return min(int(text), _MAX_SPAN) if text.isdigit() and int(text) > 0 else 1
