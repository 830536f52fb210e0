"""The bot's files as these tests read them: as text and YAML, without Rasa."""

import ast
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from core.domain.needs import FIELDS

ROOT = Path(__file__).parents[3]
BOT = ROOT / "bot"

FALLBACK = "nlu_fallback"
NAME = re.compile(r"(action|utter|validate)_\w*[a-z0-9]")
RASAS_OWN = {"action_listen", "action_restart", "action_session_start"}


def load(path: Path) -> Any:
    """One YAML file."""
    return yaml.safe_load(path.read_text(encoding="utf-8"))


@cache
def domain() -> Mapping[str, Mapping[str, Any]]:
    """The domain's sections merged, each name to its definition (or None)."""
    merged: dict[str, dict[str, Any]] = {}
    for path in sorted((BOT / "domain").glob("*.yml")):
        for section, content in load(path).items():
            if isinstance(content, dict):
                merged.setdefault(section, {}).update(content)
            elif isinstance(content, list):
                merged.setdefault(section, {}).update(dict.fromkeys(map(str, content)))
    return merged


@cache
def steps() -> tuple[Mapping[str, Any], ...]:
    """Every step of every rule and story, conditions included."""
    return tuple(_steps())


def _steps() -> Iterator[Mapping[str, Any]]:
    for path in (*BOT.glob("data/**/*.yml"), *BOT.glob("tests/*/test_*.yml")):
        content = load(path)
        for one in (*content.get("rules", ()), *content.get("stories", ())):
            yield from one.get("condition", ())
            yield from one["steps"]


def said_in_steps(key: str) -> set[str]:
    """The values of one key over all steps."""
    return {step[key] for step in steps() if step.get(key)}


@cache
def examples() -> Mapping[str, frozenset[str]]:
    """Each intent's training sentences."""
    return sentences("data/nlu")


def sentences(folder: str) -> Mapping[str, frozenset[str]]:
    """The sentences of each intent in a folder of the bot."""
    found: dict[str, frozenset[str]] = {}
    for path in sorted((BOT / folder).glob("*.yml")):
        for block in load(path)["nlu"]:
            if "intent" in block:
                lines = block["examples"].splitlines()
                found[block["intent"]] = frozenset(
                    line.removeprefix("- ").strip() for line in lines
                )
    return found


@cache
def actions_text() -> tuple[frozenset[str], tuple[re.Pattern[str], ...]]:
    """The names of actions and responses in actions/: written out, and as patterns."""
    names: set[str] = set()
    patterns: list[re.Pattern[str]] = []
    for path in sorted((ROOT / "actions").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.JoinedStr):
                pattern = "".join(_piece(value) for value in node.values)
                if pattern.startswith(("action_", "utter_")):
                    patterns.append(re.compile(pattern))
            elif isinstance(node, ast.Constant) and NAME.fullmatch(str(node.value)):
                names.add(str(node.value))
    return frozenset(names), tuple(patterns)


def _piece(node: ast.expr) -> str:
    return str(node.value) if isinstance(node, ast.Constant) else rf"(?:{'|'.join(FIELDS)}|\w+)"


def used_in_actions(name: str) -> bool:
    """Whether actions/ names it, or builds names of its shape."""
    names, patterns = actions_text()
    return name in names or any(pattern.fullmatch(name) for pattern in patterns)
