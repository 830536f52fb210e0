"""Lines of an xlsx file: values as saved, merged cells spread downwards, formulas named."""

import re
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from core.domain.errors import UnreadableFileError
from keqiao.imports.tables import Cells, Line

_UNPACKED = 600_000_000
"""Bytes that a workbook may hold when unpacked."""
_SHARED = 200_000_000
"""Bytes of texts that are held in memory at once."""
_DENSE, _RATIO = 50_000_000, 200
"""From that size on, a part this many times as large as its packed form is no honest table."""
_MERGED = re.compile(r'<mergeCell\s+ref="([A-Z]+)(\d+):([A-Z]+)(\d+)"')
_UNSAVED = re.compile(
    r'<c r="([A-Z]+)(\d+)"[^<>]*>\s*<f\b(?:[^<>]*/>|[^<>]*>[^<]*</f>)'
    r"\s*(?:<v\s*/>|<v></v>)?\s*</c>"
)
_BLOCK, _TAIL = 1 << 20, 20_000


@dataclass(slots=True)
class _Layout:
    """What a sheet says beside its values; rows and columns count from 1 and 0."""

    spread: dict[int, list[tuple[int, int]]] = field(default_factory=lambda: defaultdict(list))
    """By first row: columns of cells merged downwards, and their last rows."""
    across: set[int] = field(default_factory=set)
    """Rows whose cells are merged over several columns."""
    unsaved: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    """By row: names of cells whose formula was saved without a value."""


def xlsx_lines(path: Path) -> Iterator[Line]:
    """Lines of the active sheet.

    Raises:
        UnreadableFileError: it is no workbook, or one that would fill the memory.
    """
    from openpyxl import load_workbook  # noqa: PLC0415 -- heavy: loaded on first use

    _check_size(path)
    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except Exception as error:
        raise UnreadableFileError(f"{path.name}：不是可读的 xlsx 文件") from error
    try:
        sheet = book.active
        if sheet is None or not hasattr(sheet, "iter_rows"):
            return
        layout = _layout(path, str(getattr(sheet, "_worksheet_path", "")))
        rows = sheet.iter_rows(values_only=True)
        yield from _spread(enumerate(rows, start=1), layout)
    except UnreadableFileError:
        raise
    except Exception as error:
        raise UnreadableFileError(f"{path.name}：表格内容已损坏，请用 Excel 重新保存") from error
    finally:
        book.close()


def _check_size(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError) as error:
        raise UnreadableFileError(f"{path.name}：不是可读的 xlsx 文件") from error
    whole = sum(part.file_size for part in parts)
    shared = max((p.file_size for p in parts if "sharedStrings" in p.filename), default=0)
    dense = [
        part for part in parts if part.file_size > max(_DENSE, _RATIO * max(part.compress_size, 1))
    ]
    if whole > _UNPACKED or shared > _SHARED or dense:
        raise UnreadableFileError(
            f"{path.name}：解压后有 {whole // 1_000_000} MB，不像正常的表格；"
            "请另存为 csv，或拆成几个文件"
        )


def _spread(rows: Iterator[tuple[int, tuple[object, ...]]], layout: _Layout) -> Iterator[Line]:
    """Lines with merged cells repeated in every row that they cover."""
    open_: dict[int, tuple[int, object]] = {}
    for number, values in rows:
        cells = list(values)
        open_ = {column: one for column, one in open_.items() if one[0] >= number}
        for column, (_, value) in open_.items():
            if column < len(cells) and cells[column] is None:
                cells[column] = value
        for column, last in layout.spread.get(number, ()):
            if column < len(cells):
                open_[column] = (last, cells[column])
        unsaved = layout.unsaved.get(number)
        fault = ""
        if unsaved:
            fault = f"{unsaved[0]} 是公式，但文件里没有保存它的结果；请用 Excel 打开并保存后再导入"
        yield Line(number=number, cells=cast("Cells", cells), fault=fault)


def _layout(path: Path, sheet: str) -> _Layout:
    """Read what openpyxl does not tell while it reads row by row."""
    layout = _Layout()
    with zipfile.ZipFile(path) as archive, archive.open(sheet.lstrip("/")) as part:
        text = ""
        while block := part.read(_BLOCK):
            text = text[-_TAIL:] + block.decode("utf-8", errors="replace")
            _note(text, layout)
    return layout


def _note(text: str, layout: _Layout) -> None:
    for found in _MERGED.finditer(text):
        left, top, right, bottom = found.groups()
        own = (_column(left), int(bottom))
        if top != bottom and own not in layout.spread[int(top)]:
            layout.spread[int(top)].append(own)
        if left != right:
            layout.across.add(int(top))
    for found in _UNSAVED.finditer(text):
        name = f"{found[1]}{found[2]}"
        if name not in layout.unsaved[int(found[2])]:
            layout.unsaved[int(found[2])].append(name)


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1
