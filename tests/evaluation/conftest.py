"""The documents that are asked about, ingested once for all sets of questions."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from knowledge.base import IndexedKnowledgeBase
from tests.unit.knowledge.bases import base_over

NOW = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
SEEDS = 5


@dataclass(frozen=True, slots=True)
class Library:
    """The documents, and the knowledge base that holds them and nothing else."""

    texts: dict[str, str]
    knowledge: IndexedKnowledgeBase


OWN = Path(__file__).parent / "library"


@contextmanager
def library_of(files: Sequence[Path], home: Path) -> Iterator[Library]:
    """The files as `keqiao ingest` stores them, and nothing else."""
    with base_over(files, home, NOW) as knowledge:
        yield Library({file.name: file.read_text("utf-8") for file in files}, knowledge)


@pytest.fixture(scope="session")
def seeds(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """The programme's five documents."""
    files = sorted((shared / "seeds").glob("*.txt"))
    if len(files) != SEEDS:
        pytest.skip(f"{shared / 'seeds'} does not hold the five documents")
    with library_of(files, tmp_path_factory.mktemp("seeds")) as library:
        yield library


@pytest.fixture(scope="session")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """The nine documents of our own."""
    files = sorted(path for path in OWN.iterdir() if path.suffix in {".txt", ".md"})
    with library_of(files, tmp_path_factory.mktemp("own")) as library:
        yield library
