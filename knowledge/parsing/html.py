"""HTML pages: block elements as lines, tables as tab-separated rows with spans repeated."""

import re
from collections.abc import Iterator
from typing import Any

from core.domain.errors import UnreadableFileError
from knowledge.parsing.encodings import decode
from knowledge.parsing.tables import check_columns, lines_of

_SKIPPED = {"script", "style", "noscript", "template", "head", "nav", "footer", "svg", "iframe"}
_BLOCKS = {
    "p", "div", "section", "article", "header", "main", "li", "ul", "ol", "dl", "dt", "dd", "br",
    "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "tr", "table", "body", "html",
}  # fmt: skip
_ROW_GROUPS = ("thead", "tbody", "tfoot")
_CHARSET = re.compile(rb"<meta[^>]+charset=[\"']?([A-Za-z0-9_-]+)", re.IGNORECASE)
_GBK = {"gb2312", "gbk"}
_SPACE = re.compile(r"\s+")
_MAX_SPAN = 1_000


def read_html(content: bytes) -> str:
    """The visible text of a page.

    Raises:
        UnreadableFileError: no page, or its elements are nested some thousand deep.
    """
    # lxml ships no types; heavy: loaded on first use
    from lxml import etree, html  # type: ignore[import-untyped]  # noqa: PLC0415

    parser = html.HTMLParser(huge_tree=True)
    try:
        root = html.document_fromstring(_decode(content), parser=parser)
    except (etree.LxmlError, ValueError) as error:
        raise UnreadableFileError(f"not a readable HTML page ({type(error).__name__})") from error
    if any(one.type_name == "ERR_RESOURCE_LIMIT" for one in parser.error_log):
        raise UnreadableFileError("the page nests its elements too deep; save it as text")
    text = "".join(_pieces(root))
    lines = (" ".join(line.split(" ")).strip(" ") for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")


def _decode(content: bytes) -> str:
    declared = _CHARSET.search(content[:4096])
    if declared:
        name = declared.group(1).decode("ascii").lower()
        try:
            return content.decode("gb18030" if name in _GBK else name)
        except (LookupError, UnicodeDecodeError):
            pass
    return decode(content)


def _pieces(root: Any) -> Iterator[str]:  # noqa: ANN401 -- lxml element
    """Walk without recursion: first what an element begins with, then what follows its end."""
    todo: list[tuple[Any, bool]] = [(root, False)]
    while todo:
        node, ends = todo.pop()
        tag = node.tag if isinstance(node.tag, str) else ""
        if ends:
            yield "\n" if tag in _BLOCKS else ""
            yield _flat(node.tail) if node is not root else ""
            continue
        todo.append((node, True))
        if not tag or tag in _SKIPPED:
            continue
        if tag == "table" and not _is_layout(node):
            yield "\n" + "\n".join(lines_of(_grid(node)))
            continue
        yield ("\n" if tag in _BLOCKS else "") + _prefix(node, tag) + _flat(node.text)
        todo.extend((child, False) for child in reversed(node))


def _prefix(node: Any, tag: str) -> str:  # noqa: ANN401 -- lxml element
    """The number of an item of an ordered list, the sign of a heading below the title."""
    if tag == "li" and node.getparent() is not None and node.getparent().tag == "ol":
        before = sum(1 for _ in node.itersiblings("li", preceding=True))
        return f"{before + 1}. "
    return "#" * int(tag[1]) + " " if tag in {"h2", "h3", "h4", "h5", "h6"} else ""


def _flat(text: str | None) -> str:
    return _SPACE.sub(" ", text or "")


def _is_layout(table: Any) -> bool:  # noqa: ANN401 -- lxml element
    """Whether a table only arranges a page: it holds others, or never two cells in a row."""
    if next(table.iterdescendants("table"), None) is not None:
        return True
    return all(sum(1 for _ in row.iterchildren("td", "th")) <= 1 for row in _rows(table))


def _rows(table: Any) -> Iterator[Any]:  # noqa: ANN401 -- lxml element
    for child in table.iterchildren("tr", *_ROW_GROUPS):
        if child.tag == "tr":
            yield child
        else:
            yield from child.iterchildren("tr")


def _grid(table: Any) -> Iterator[list[str]]:  # noqa: ANN401 -- lxml element
    hanging: dict[int, tuple[str, int]] = {}
    for row in _rows(table):
        cells: list[str] = []
        for cell in row.iterchildren("td", "th"):
            _hang(cells, hanging)
            value = _flat("".join(_pieces(cell))).strip()
            down, across = _span(cell, "rowspan"), _span(cell, "colspan")
            check_columns(len(cells) + across)
            for _ in range(across):
                if down > 1:
                    hanging[len(cells)] = (value, down - 1)
                cells.append(value)
        _hang(cells, hanging)
        yield cells


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
    return min(int(text), _MAX_SPAN) if text.isdigit() and len(text) < 5 and int(text) > 0 else 1  # noqa: PLR2004 -- digits
