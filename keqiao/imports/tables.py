"""Rows of csv, xlsx and jsonl files, read one at a time."""

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain
from pathlib import Path

from core.domain.errors import UnreadableFileError

type Value = str | int | float | bool | date | datetime | list[object] | None
type Row = dict[str, Value]
type Cells = list[Value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of a table: its number as people see it, its cells, what is wrong with them."""

    number: int
    cells: Cells
    fault: str = ""


LIMIT_BYTES = 200_000_000
_START = 1 << 16
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_BLOCK = 1 << 20
_LONGEST_LINE = 4_000_000
_BYTES_OF_A_ROW = 100


def check_file(path: Path) -> None:
    """See that it is a file that can be read line by line.

    Raises:
        UnreadableFileError: it is missing, too large, or of another kind than its name says.
    """
    kind = path.suffix.lower()
    if kind not in {".csv", ".xlsx", ".jsonl"}:
        hint = "；旧版 xls 请另存为 xlsx" if kind == ".xls" else ""
        raise UnreadableFileError(f"{path.name}：只支持 csv、xlsx、jsonl 文件{hint}")
    if not path.is_file():
        raise UnreadableFileError(f"{path}：没有这个文件")
    size = path.stat().st_size
    if size > LIMIT_BYTES:
        raise UnreadableFileError(
            f"{path.name}：文件有 {size // 1_000_000} MB，超过 {LIMIT_BYTES // 1_000_000} MB，"
            "请拆成几个文件"
        )
    if not size:
        raise UnreadableFileError(f"{path.name}：文件是空的")
    with path.open("rb") as handle:
        start = handle.read(4)
    if start == _OLE:
        raise UnreadableFileError(f"{path.name}：是旧版 xls 或加了密码的文件，请另存为 xlsx")
    if start == _ZIP and kind != ".xlsx":
        raise UnreadableFileError(f"{path.name}：内容是 xlsx，请把扩展名改为 .xlsx")


def encoding_of(path: Path) -> str:
    """The encoding in which the whole file can be read.

    Raises:
        UnreadableFileError: there is none.
    """
    with path.open("rb") as handle:
        start = handle.read(2)
    marked = ["utf-16"] if start in {b"\xff\xfe", b"\xfe\xff"} else []
    for encoding in (*marked, "utf-8-sig", "gb18030"):
        try:
            with path.open(encoding=encoding, newline="") as handle:
                while handle.read(_BLOCK):
                    pass
        except UnicodeError:
            continue
        return encoding
    raise UnreadableFileError(f"{path.name}：无法识别文字编码，请另存为 UTF-8")


def rows_of(path: Path) -> int:
    """About how many rows a file has; a guess by its size for a workbook."""
    if not path.is_file():
        return 0
    if path.suffix.lower() == ".xlsx":
        return path.stat().st_size // _BYTES_OF_A_ROW
    with path.open("rb") as handle:
        return sum(block.count(b"\n") for block in iter(lambda: handle.read(_BLOCK), b""))


def csv_lines(path: Path) -> Iterator[Line]:
    """Lines of a csv file, separated by commas, semicolons or tabs.

    Raises:
        UnreadableFileError: it cannot be read.
    """
    with path.open(encoding=encoding_of(path), newline="") as handle:
        start = handle.readline(_START)
        marks = {mark: start.count(mark) for mark in (",", "\t", ";")}
        best = max(marks, key=lambda mark: marks[mark])
        reader = csv.reader(chain((start,), handle), delimiter=best)
        try:
            for cells in reader:
                yield Line(number=reader.line_num, cells=[cell or None for cell in cells])
        except csv.Error as error:
            raise UnreadableFileError(
                f"{path.name} 第 {reader.line_num} 行附近无法读取：{error}"
            ) from error


def jsonl_rows(path: Path) -> Iterator[tuple[int, Row]]:
    """Objects of a jsonl file, with the numbers of their lines.

    Raises:
        UnreadableFileError: a line is no object.
    """
    with path.open(encoding=encoding_of(path), newline="\n") as handle:
        number = 0
        while line := handle.readline(_LONGEST_LINE):
            number += 1
            if not line.strip():
                continue
            try:
                row = json.loads(line)
            except (ValueError, RecursionError) as error:
                raise UnreadableFileError(f"{path.name} 第 {number} 行不是可读的 JSON") from error
            if not isinstance(row, dict):
                raise UnreadableFileError(f"{path.name} 第 {number} 行不是 JSON 对象")
            yield number, row
