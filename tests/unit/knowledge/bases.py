"""Knowledge bases for one test module: a folder and a database of its own, and what is given."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from core.persistence import SqlUnits, make_engine, migrate
from knowledge.base import IndexedKnowledgeBase
from tests.fakes.clock import FakeClock


@contextmanager
def base_of(texts: Mapping[str, str], home: Path, now: datetime) -> Iterator[IndexedKnowledgeBase]:
    """A base that holds the texts by the names of their files."""
    for name, text in texts.items():
        (home / name).write_text(text, encoding="utf-8")
    with base_over((home / name for name in texts), home, now) as base:
        yield base


@contextmanager
def base_over(files: Iterable[Path], home: Path, now: datetime) -> Iterator[IndexedKnowledgeBase]:
    """A base that holds the files as `keqiao ingest` stores them; closed in the end."""
    url = f"sqlite:///{home / 'keqiao.db'}"
    migrate(url)
    engine = make_engine(url)
    base = IndexedKnowledgeBase(SqlUnits(engine), home, FakeClock(now))
    try:
        list(base.ingest(files))
        yield base
    finally:
        base.close()
        engine.dispose()
