"""Word documents: automatic numbers, tracked insertions kept, merged cells repeated."""

import re
from collections.abc import Iterator
from typing import Any

from core.domain.errors import UnreadableFileError
from knowledge.parsing.tables import check_columns, lines_of
from knowledge.parsing.word.archive import Archive, W
from knowledge.parsing.word.numbering import Numbering
from knowledge.parsing.word.styles import Styles, value, whole

_RELATIONS = "{http://schemas.openxmlformats.org/package/2006/relationships}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_BOX = f"{W}txbxContent"
_LEFT_OUT = {f"{W}del", f"{W}moveFrom", f"{W}pPr", f"{W}rPr", _FALLBACK, _BOX}
_BREAKS = {f"{W}br", f"{W}cr"}
_WRAPPERS = {f"{W}sdt", f"{W}sdtContent", f"{W}ins", f"{W}moveTo", f"{W}customXml", f"{W}smartTag"}


def read_docx(content: bytes) -> str:
    """The text of a docx with tracked insertions accepted and deletions left out.

    Raises:
        UnreadableFileError: broken, too large, with macros, or no Word document.
    """
    archive = Archive(content)
    name = _main_part(archive)
    root = archive.part(name)
    body = root.find(f"{W}body") if root is not None else None
    if body is None:
        raise UnreadableFileError(f"not a docx: there is no {name}")
    folder = name.rpartition("/")[0]
    styles = Styles(archive.part(f"{folder}/styles.xml"))
    numbering = Numbering(archive.part(f"{folder}/numbering.xml"), styles)
    lines = [
        *_Body(styles, numbering).lines(body),
        *_notes(archive.part(f"{folder}/footnotes.xml")),
    ]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")


def _main_part(archive: Archive) -> str:
    relations = archive.part("_rels/.rels")
    for one in relations.iter(f"{_RELATIONS}Relationship") if relations is not None else ():
        if (one.get("Type") or "").endswith("/officeDocument"):
            return (one.get("Target") or "").lstrip("/")
    return "word/document.xml"


def _notes(root: Any) -> Iterator[str]:  # noqa: ANN401 -- lxml element
    """Footnotes, under the numbers that stand in the text."""
    for note in root.iter(f"{W}footnote") if root is not None else ():
        text = " ".join("".join(_pieces(note)).split())
        if text and note.get(f"{W}type") is None:
            yield f"[{note.get(f'{W}id')}] {text}"


class _Body:
    """Walks blocks of a document in order; lists count on through it."""

    def __init__(self, styles: Styles, numbering: Numbering) -> None:
        self._styles = styles
        self._numbering = numbering

    def lines(self, blocks: Any) -> Iterator[str]:  # noqa: ANN401 -- lxml element
        """The lines of paragraphs and tables."""
        for block in blocks.iterchildren():
            if block.tag == f"{W}p":
                yield from self._paragraph(block)
            elif block.tag == f"{W}tbl":
                yield from lines_of(self._grid(block))
            elif block.tag in _WRAPPERS:
                yield from self.lines(block)

    def _paragraph(self, paragraph: Any) -> Iterator[str]:  # noqa: ANN401 -- lxml element
        text = "".join(_pieces(paragraph))
        label = self._numbering.label(paragraph) if text.strip() else ""
        heading = self._styles.heading(value(paragraph.find(f"{W}pPr"), "pStyle"))
        hashes = "#" * min(heading + 2, 6) + " " if heading is not None and text.strip() else ""
        yield (hashes if not label else "") + label + text
        yield ""  # what Word sets apart must not be taken for one wrapped paragraph
        for box in paragraph.iter(_BOX):
            if not any(above.tag == _FALLBACK for above in box.iterancestors()):
                yield from self.lines(box)

    def _grid(self, table: Any) -> Iterator[list[str]]:  # noqa: ANN401 -- lxml element
        """Rows of a table; a merged cell says its value in each of its places."""
        above: list[str] = []
        for row in _inside(table, f"{W}tr"):
            properties = row.find(f"{W}trPr")
            if properties is not None and properties.find(f"{W}del") is not None:
                continue
            cells = [""] * (whole(value(properties, "gridBefore")) or 0)
            for cell in _inside(row, f"{W}tc"):
                own = cell.find(f"{W}tcPr")
                span = whole(value(own, "gridSpan")) or 1
                check_columns(len(cells) + span)
                down = own.find(f"{W}vMerge") if own is not None else None
                goes_on = down is not None and down.get(f"{W}val") != "restart"
                at = len(cells)
                text = above[at] if goes_on and at < len(above) else self._cell(cell)
                cells += [text] * span
            above = cells
            yield cells

    def _cell(self, cell: Any) -> str:  # noqa: ANN401 -- lxml element
        return " ".join(line.replace("\t", " ") for line in self.lines(cell))


def _inside(node: Any, tag: str) -> Iterator[Any]:  # noqa: ANN401 -- lxml elements
    """Children of that tag, also those wrapped by content controls and insertions."""
    for child in node.iterchildren():
        if child.tag == tag:
            yield child
        elif child.tag in _WRAPPERS:
            yield from _inside(child, tag)


def _pieces(node: Any) -> Iterator[str]:  # noqa: ANN401 -- lxml element
    for child in node.iterchildren():
        if child.tag == f"{W}t":
            yield child.text or ""
        elif child.tag in {f"{W}tab", f"{W}ptab"}:
            yield " "
        elif child.tag == f"{W}noBreakHyphen":
            yield "-"
        elif child.tag in _BREAKS:
            yield "\n"
        elif child.tag == f"{W}footnoteReference":
            yield f"[{child.get(f'{W}id')}]"
        elif child.tag not in _LEFT_OUT and not _hidden(child):
            yield from _pieces(child)


def _hidden(run: Any) -> bool:  # noqa: ANN401 -- lxml element
    properties = run.find(f"{W}rPr") if run.tag == f"{W}r" else None
    vanish = properties.find(f"{W}vanish") if properties is not None else None
    return vanish is not None and vanish.get(f"{W}val") not in {"0", "false"}
