"""Questions with what is expected of their answers, one JSON object a line."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from core.domain.errors import BadInputError
from core.domain.reminders import SHANGHAI
from keqiao.asking import turns_of
from keqiao.jsonl import JsonLine, json_lines


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One line of a set; of several turns the last one is judged."""

    id: str
    kind: str
    turns: tuple[str, ...]
    answerable: bool
    facts: tuple[tuple[str, ...], ...]
    """Of every group one alternative belongs into the reply; none when not answerable."""
    sources: tuple[str, ...]
    """How the names of the files begin that a right citation may come from."""
    now: datetime | None
    """The moment it is asked; None for the moment of the measurement."""


def read_questions(paths: Iterable[Path]) -> list[Question]:
    """The questions of files, and of the *.jsonl of folders, in order.

    Raises:
        BadInputError: a file or line cannot be read, or two questions have one id.
    """
    questions = [_question(line, path) for path in _files(paths) for line in json_lines(path)]
    if not questions:
        raise BadInputError("没有可用的问题：请给出至少一行问题的 .jsonl 文件")
    for name, times in Counter(one.id for one in questions).items():
        if times > 1:
            raise BadInputError(f"编号 {name} 出现了 {times} 次，请改为各不相同")
    return questions


def _files(paths: Iterable[Path]) -> list[Path]:
    files: list[Path] = []
    for path in paths:
        files += sorted(path.glob("*.jsonl")) if path.is_dir() else [path]
    return files


def _question(line: JsonLine, path: Path) -> Question:
    try:
        return _read(line)
    except BadInputError as error:
        raise BadInputError(f"{path.name}：{error}") from error


def _read(line: JsonLine) -> Question:
    turns = tuple(turns_of(line))
    if not any(turns):
        raise BadInputError(f"第 {line.number} 行没有问题")
    answerable = line.fields.get("answerable")
    if not isinstance(answerable, bool):
        raise BadInputError(f"第 {line.number} 行的 answerable 不是 true 或 false")
    question = Question(
        id=line.text("id"),
        kind=line.text("kind"),
        turns=turns,
        answerable=answerable,
        facts=tuple(_texts(group, "facts", line) for group in _list("facts", line)),
        sources=_texts(_list("sources", line), "sources", line),
        now=_now(line),
    )
    if answerable and not (question.facts and question.sources):
        raise BadInputError(f"第 {line.number} 行可以回答，却没有 facts 或 sources")
    return question


def _list(name: str, line: JsonLine) -> list[object]:
    value = line.fields.get(name, [])
    if not isinstance(value, list):
        raise BadInputError(f"第 {line.number} 行的 {name} 不是列表")
    return value


def _texts(value: object, name: str, line: JsonLine) -> tuple[str, ...]:
    texts = tuple(value) if isinstance(value, list) else ()
    full = all(isinstance(text, str) and text.strip() for text in texts)
    if not full or (name == "facts" and not texts):
        raise BadInputError(f"第 {line.number} 行的 {name} 里有空的或不是文字的项")
    return texts


def _now(line: JsonLine) -> datetime | None:
    if "now" not in line.fields:
        return None
    try:
        now = datetime.fromisoformat(line.text("now"))
    except ValueError as error:
        raise BadInputError(f"第 {line.number} 行的 now 不是 ISO 时间") from error
    return now if now.tzinfo else now.replace(tzinfo=SHANGHAI)
