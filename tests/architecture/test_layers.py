"""The contracts of the house hold, and break when they should: a linter may be silently idle."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.tree import PACKAGES, ROOT

FORBIDDEN = {
    "A roof, four rooms, a ground floor": ("scheduler/planted.py", "import knowledge"),
    "Inside core, arrows point at the domain": ("core/domain/planted.py", "import core.ports"),
    "Only the roof opens the database": ("channels/planted.py", "import core.persistence.tables"),
    "The domain knows no framework": ("core/services/planted.py", "import pydantic"),
    "Only the dispatcher and the gateways know how to send": (
        "actions/planted.py",
        "import core.ports.sender",
    ),
    "Holidays live in core.domain.dates": ("actions/planted3.py", "import chinese_calendar"),
    "Rasa SDK lives in actions": ("knowledge/planted.py", "import rasa_sdk"),
    "SQLAlchemy lives in core.persistence": ("keqiao/planted.py", "import sqlalchemy"),
    "APScheduler and the broker live in scheduler": ("keqiao/planted2.py", "import apscheduler"),
    "Retrieval engines and parsers live in knowledge": ("actions/planted2.py", "import jieba"),
    "Models live in knowledge": ("channels/planted3.py", "import tokenizers"),
    "HTTP, in and out, lives in channels, and where models are asked": (
        "scheduler/planted2.py",
        "import httpx2",
    ),
    "Ciphers and callbacks' XML live in channels": (
        "knowledge/planted2.py",
        "import cryptography",
    ),
    "The roof's own tools stay there": ("channels/planted2.py", "import typer"),
    "One platform does not know another": ("channels/web/planted.py", "import channels.wecom"),
}
"""For each contract a file, and an import in it that the contract forbids."""


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the house that a test may spoil."""
    for package in PACKAGES:
        ignored = shutil.ignore_patterns("__pycache__", "*.pyc")
        shutil.copytree(ROOT / package, tmp_path / package, ignore=ignored)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    tool = Path(sys.executable).with_name("lint-imports")
    return subprocess.run(
        [tool, "--no-cache"], cwd=folder, capture_output=True, text=True, check=False, timeout=120
    )


def test_the_house_as_it_stands_keeps_every_contract(copy: Path) -> None:
    done = lint(copy)
    assert done.returncode == 0, done.stdout


def test_every_contract_breaks_when_its_import_is_planted(copy: Path) -> None:
    for path, line in FORBIDDEN.values():
        (copy / path).write_text(f'"""Planted."""\n\n{line}\n')
    done = lint(copy)
    broken = set(re.findall(r"^(.+) BROKEN", done.stdout, re.MULTILINE))
    assert done.returncode == 1, done.stdout
    assert set(FORBIDDEN) <= broken


def test_a_single_forbidden_import_is_enough(copy: Path) -> None:
    (copy / "core/domain/planted.py").write_text('"""Planted."""\n\nimport sqlalchemy\n')
    assert lint(copy).returncode == 1


def test_a_circle_is_found(copy: Path) -> None:
    (copy / "core/domain/one.py").write_text('"""One."""\n\nimport core.domain.two\n')
    (copy / "core/domain/two.py").write_text('"""Two."""\n\nimport core.domain.one\n')
    done = lint(copy)
    assert done.returncode == 1
    assert "No circles anywhere BROKEN" in done.stdout
