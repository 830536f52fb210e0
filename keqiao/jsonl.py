"""Input files with one JSON object a line."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from core.domain.errors import BadInputError


@dataclass(frozen=True, slots=True)
class JsonLine:
    """One line of an input file, with its number for error messages."""

    number: int
    fields: dict[str, object]

    def text(self, name: str) -> str:
        """A field that must be text.

        Raises:
            BadInputError: it is missing or not text.
        """
        value = self.fields.get(name)
        if not isinstance(value, str):
            raise BadInputError(f"第 {self.number} 行缺少文字字段 {name}")
        return value


def json_lines(path: Path) -> Iterator[JsonLine]:
    """The objects of a jsonl file, one a line.

    Raises:
        BadInputError: no such file, or a line is not a JSON object.
    """
    if not path.is_file():
        raise BadInputError(f"{path}：没有这个文件")
    try:
        text = path.read_text("utf-8-sig")
    except (UnicodeDecodeError, OSError) as error:
        raise BadInputError(f"{path}：无法读取，请存为 UTF-8 文本") from error
    return _objects(text.splitlines(), path)


def _objects(lines: Iterable[str], path: Path) -> Iterator[JsonLine]:
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise BadInputError(f"{path.name} 第 {number} 行不是可读的 JSON") from error
        if not isinstance(value, dict):
            raise BadInputError(f"{path.name} 第 {number} 行不是 JSON 对象")
        yield JsonLine(number, value)
