"""The repository's own files, as the architecture tests look at them."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]

PACKAGES = ("actions", "keqiao", "channels", "core", "knowledge", "scheduler")
"""The house; `bot/` stands across the yard."""

NOT_OURS = {".venv", "__pycache__", "var", "node_modules"}


def python_files(*folders: str) -> Iterator[Path]:
    """Python files of these folders, in order."""
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if NOT_OURS.isdisjoint(path.relative_to(ROOT).parts):
                yield path


def name_of(path: Path) -> str:
    """The path as seen from the root."""
    return path.relative_to(ROOT).as_posix()


def spoken_literals(path: Path) -> Iterator[tuple[int, str]]:
    """Line and text of every string that is a value; docstrings are none."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    described = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or id(node) in described:
            continue
        if isinstance(node.value, str):
            yield node.lineno, node.value
