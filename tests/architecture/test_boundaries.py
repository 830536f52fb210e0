"""Only one module reads the environment, and only one asks the machine for the time."""

import ast
from pathlib import Path

from tests.architecture.tree import PACKAGES, name_of, python_files

ENVIRONMENT = {"environ", "environb", "getenv", "putenv"}


def uses_environment(path: Path) -> bool:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in ENVIRONMENT:
            return True
        if isinstance(node, ast.ImportFrom) and node.module == "os":
            return not ENVIRONMENT.isdisjoint(alias.name for alias in node.names)
    return False


def asks_for_the_time(path: Path) -> bool:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return any(
        isinstance(node, ast.Attribute)
        and node.attr in {"now", "utcnow", "today"}
        and isinstance(node.value, ast.Name)
        and node.value.id in {"datetime", "date"}
        for node in ast.walk(tree)
    )


def test_only_the_settings_read_the_environment() -> None:
    readers = {name_of(path) for path in python_files(*PACKAGES) if uses_environment(path)}
    assert readers <= {"keqiao/settings/joined.py"}


def test_only_the_clock_asks_the_machine_for_the_time() -> None:
    askers = {name_of(path) for path in python_files(*PACKAGES) if asks_for_the_time(path)}
    assert askers <= {"keqiao/clock.py"}
