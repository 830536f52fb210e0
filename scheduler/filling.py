"""Templates: tables of texts in YAML, and their lines filled with what is known."""

import string
from collections.abc import Mapping
from pathlib import Path

import yaml

from core.domain.errors import BadInputError


def fill(template: str, facts: Mapping[str, str]) -> str:
    """Fill a template; a line that names a fact which is not known is left out."""
    kept = (
        line.format_map(facts)
        for line in template.splitlines()
        if all(facts.get(name) for name in names_in(line))
    )
    return "\n".join(line for line in kept if line.strip())


def names_in(template: str) -> set[str]:
    """The names a template refers to."""
    return {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}


def one_line(text: str) -> str:
    """The text without line breaks."""
    return " ".join(text.split())


def read_texts(path: Path) -> Mapping[str, str]:
    """A file of templates, by name.

    Raises:
        BadInputError: it is no table of texts, or one of them is empty.
    """
    return only_texts(read_table(path), path)


def read_table(path: Path) -> dict[str, object]:
    """A file of templates with other things among them.

    Raises:
        BadInputError: it is no table.
    """
    table = yaml.safe_load(path.read_text(encoding="utf-8"))
    if not isinstance(table, dict):
        raise BadInputError(f"{path}: not a table of texts")
    return table


def only_texts(table: Mapping[str, object], path: Path) -> Mapping[str, str]:
    """What is left of a file's table.

    Raises:
        BadInputError: there is something else in it.
    """
    texts: dict[str, str] = {}
    for name, text in table.items():
        if not isinstance(text, str) or not text.strip():
            raise BadInputError(f"{path}: {name} has no text")
        texts[name] = text.strip()
    return texts
