"""Files and folders stay small enough to be read in one go."""

from collections import Counter

from tests.architecture.tree import PACKAGES, name_of, python_files

LINES = 300
LINES_OF_TABLES_AND_TESTS = 400
FILES = 9
"""Modules in a folder, its `__init__.py` apart."""

CROWDED = {
    "knowledge/answers/working/ways": 10,  # one module for each way of working an answer out
    "actions": 13,  # one module for each feature of the dialogue, by the name it has in bot/
    "actions/understanding": 26,  # one module for each thing that is understood; flat on purpose
    "actions/forms": 12,  # one module for each step from a description to what is stored
    "actions/forms/kinds": 15,  # one module for each kind of field
    "bot": 12,  # three commands, and one module for each place where we differ from Rasa
    "channels": 15,  # one folder a platform; here, what several of them share
    "channels/web": 10,  # the page, its live stream and documents, the widget around it
    "core/ports": 22,  # one module for each kind of neighbour, and for repositories of some size
    "core/persistence": 19,  # tables of what goes out unasked and of people, apart
    "core/persistence/migrations/versions": 99,  # one module for each step of the tables
    "core/persistence/repositories": 24,  # one module for each repository
    "core/services": 11,  # one module for each family of use cases
    "core/domain": 24,  # one module for each thing the house knows of
    "scheduler": 12,  # what moves messages, and the words it sends
    "keqiao/imports": 10,  # one module for each kind of thing that is read from a table
    "keqiao": 18,  # the roof's small parts, each used by several doors
    "keqiao/cli": 22,  # one module for each family of commands
}
"""Folders that may hold more, and why."""


def test_no_file_is_too_long() -> None:
    long = []
    for path in python_files(*PACKAGES, "bot", "tests", "benchmarks"):
        name = name_of(path)
        generous = name.startswith(("tests/", "bot/tests/")) or name.endswith("/tables.py")
        limit = LINES_OF_TABLES_AND_TESTS if generous else LINES
        lines = len(path.read_text(encoding="utf-8").splitlines())
        if lines > limit:
            long.append(f"{name} has {lines} lines, {limit} are allowed")
    assert not long, "\n".join(long)


def test_no_folder_holds_too_many_modules() -> None:
    modules = Counter(
        name_of(path.parent)
        for path in python_files(*PACKAGES, "bot")
        if path.name != "__init__.py"
    )
    crowded = [
        f"{folder} holds {count} modules"
        for folder, count in modules.items()
        if count > CROWDED.get(folder, FILES)
    ]
    assert not crowded, "\n".join(crowded)
