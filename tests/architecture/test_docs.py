"""The documentation names what exists: settings, commands, links, places of the glossary."""

import re
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
import typer.main
from pydantic.fields import FieldInfo

from keqiao.cli.app import app
from keqiao.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
READMES = ("README.md", "README.zh-CN.md")
NOT_OURS = {".venv", ".stamps", "var", "node_modules", ".git", "example", ".pytest_cache"}
LINK = re.compile(r"!?\[[^\]]*\]\((?P<target>[^)\s]+)\)")
RULE = re.compile(r"\|[-:| ]+\|\s*")
PARTS_OF_A_DECISION = ["Context", "Decision", "Rejected", "Consequence"]


def pages() -> list[Path]:
    found = (path for path in ROOT.rglob("*.md"))
    return sorted(p for p in found if not NOT_OURS & set(p.relative_to(ROOT).parts))


def rows(page: Path) -> list[list[str]]:
    """The cells of every table row of a page, head and rule left out."""
    table: list[list[str]] = []
    lines = page.read_text("utf-8").splitlines()
    for line, after in pairwise([*lines, ""]):
        if line.startswith("|") and not RULE.fullmatch(line) and not RULE.fullmatch(after):
            table.append([cell.strip() for cell in line.strip().strip("|").split("|")])
    return table


def quoted(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


@cache
def anchors(page: Path) -> set[str]:
    """Headings as the places links may name, in GitHub's spelling."""
    heads = re.findall(r"^#+ +(.+)$", page.read_text("utf-8"), re.MULTILINE)
    plain = (re.sub(r"[^\w\- ]", "", head.lower()) for head in heads)
    return {head.replace(" ", "-") for head in plain}


def shown_default(field: FieldInfo) -> str:
    return "–" if field.default is None else f"`{str(field.default).lower()}`"


def test_every_setting_is_documented_and_no_other() -> None:
    documented = [quoted(row[0])[0] for row in rows(ROOT / "docs/settings.md")]
    fields = [f"KEQIAO_{name.upper()}" for name in Settings.model_fields]
    assert sorted(documented) == sorted(fields)


def test_documented_defaults_are_those_of_the_settings() -> None:
    defaults = {quoted(row[0])[0]: row[1].lower() for row in rows(ROOT / "docs/settings.md")}
    for name, field in Settings.model_fields.items():
        if name != "bot_home":  # stands beside the package, wherever that is
            assert defaults[f"KEQIAO_{name.upper()}"] == shown_default(field), name


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_every_relative_link_leads_somewhere(page: Path) -> None:
    for found in LINK.finditer(page.read_text("utf-8")):
        target, _, anchor = found["target"].partition("#")
        if "://" in target or target.startswith("mailto:"):
            continue
        file = (page.parent / target).resolve() if target else page
        assert file.exists(), f"{page.name}: {found['target']}"
        assert file.is_relative_to(ROOT), f"{page.name}: {found['target']}"
        if anchor:
            assert anchor in anchors(file), f"{page.name}: {found['target']}"


def test_every_word_of_the_glossary_has_a_place_in_the_code() -> None:
    glossary = rows(ROOT / "docs/glossary.md")
    assert len(glossary) > 30
    for row in glossary:
        path, *names = quoted(row[3])
        place = ROOT / path
        assert place.exists(), f"{row[0]}: {path}"
        for name in names:
            assert re.search(rf"\b{re.escape(name)}\b", place.read_text("utf-8")), (
                f"{row[0]}: {name} is not in {path}"
            )


def test_no_word_of_the_glossary_stands_twice() -> None:
    terms = [row[1] for row in rows(ROOT / "docs/glossary.md")]
    assert len(set(terms)) == len(terms)


@pytest.mark.parametrize("readme", READMES)
def test_the_readme_lists_the_commands_there_are(readme: str) -> None:
    command = typer.main.get_command(app)
    there = set(getattr(command, "commands", {}))
    cells = (quoted(row[0]) for row in rows(ROOT / readme))
    listed = {name.split()[1] for cell in cells for name in cell if name.startswith("keqiao ")}
    assert listed == there


@pytest.mark.parametrize("readme", READMES)
def test_make_targets_named_in_the_readme_exist(readme: str) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    text = (ROOT / readme).read_text("utf-8")
    named = {*re.findall(r"`make ([a-z-]+)`", text), *re.findall(r"(?m)^make ([a-z-]+)", text)}
    assert {"up", "test"} <= named <= targets


def test_both_readmes_lead_to_the_same_places() -> None:
    english, chinese = (
        {
            found["target"].partition("#")[0]
            for found in LINK.finditer((ROOT / readme).read_text("utf-8"))
        }
        - {"", *READMES}
        for readme in READMES
    )
    assert english == chinese


@pytest.mark.parametrize("readme", READMES)
def test_paths_named_in_the_readme_exist(readme: str) -> None:
    for name in quoted((ROOT / readme).read_text("utf-8")):
        if re.fullmatch(r"[\w./-]+/[\w./-]*", name) and "://" not in name:
            assert (ROOT / name).exists() or name.startswith("var/"), name


def test_decisions_are_numbered_without_a_gap_and_have_their_parts() -> None:
    decisions = sorted((ROOT / "docs/decisions").glob("*.md"))
    numbers = [int(page.name[:4]) for page in decisions]
    assert numbers == list(range(1, len(decisions) + 1))
    for page in decisions:
        heads = re.findall(r"^## (.+)$", page.read_text("utf-8"), re.MULTILINE)
        assert heads == PARTS_OF_A_DECISION, page.name
