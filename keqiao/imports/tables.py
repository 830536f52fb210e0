"""Rows of csv, xlsx and jsonl files."""

import csv
import io
import json
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import cast

from core.domain.errors import UnreadableFileError

type Value = str | int | float | bool | date | datetime | list[object] | None
type Row = dict[str, Value]

LIMIT_BYTES = 50_000_000


def read_rows(path: Path) -> Iterator[tuple[int, Row]]:
    """Rows with their numbers as people see them (the header of a table is row 1).

    Raises:
        UnreadableFileError: not a file of a known type, too large, or broken.
    """
    readers = {".csv": _csv, ".xlsx": _xlsx, ".jsonl": _jsonl}
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise UnreadableFileError(f"{path.name}：只支持 csv、xlsx、jsonl 文件")
    if not path.is_file():
        raise UnreadableFileError(f"{path}：没有这个文件")
    if path.stat().st_size > LIMIT_BYTES:
        raise UnreadableFileError(f"{path.name}：文件超过 {LIMIT_BYTES // 1_000_000} MB")
    return reader(path)


def _text(path: Path) -> str:
    raw = path.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableFileError(f"{path.name}：无法识别文字编码，请另存为 UTF-8")


def _csv(path: Path) -> Iterator[tuple[int, Row]]:
    reader = csv.DictReader(io.StringIO(_text(path), newline=""))
    try:
        for row in reader:
            if any(value for key, value in row.items() if key is not None):
                yield reader.line_num, {str(key): value for key, value in row.items()}
    except csv.Error as error:
        raise UnreadableFileError(
            f"{path.name} 第 {reader.line_num} 行附近无法读取：{error}"
        ) from error


def _jsonl(path: Path) -> Iterator[tuple[int, Row]]:
    for number, line in enumerate(_text(path).splitlines(), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise UnreadableFileError(f"{path.name} 第 {number} 行不是可读的 JSON") from error
        if not isinstance(row, dict):
            raise UnreadableFileError(f"{path.name} 第 {number} 行不是 JSON 对象")
        yield number, row


def _xlsx(path: Path) -> Iterator[tuple[int, Row]]:
    from openpyxl import load_workbook  # noqa: PLC0415 -- heavy: loaded on first use

    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except Exception as error:
        raise UnreadableFileError(f"{path.name}：不是可读的 xlsx 文件") from error
    sheet = book.active
    rows = sheet.iter_rows(values_only=True) if sheet is not None else iter(())
    header = [str(cell).strip() if cell is not None else "" for cell in next(rows, ())]
    for number, cells in enumerate(rows, start=2):
        if any(cell is not None for cell in cells):
            yield number, cast("Row", dict(zip(header, cells, strict=False)))
    book.close()
