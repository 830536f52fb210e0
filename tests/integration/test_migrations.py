"""Migrations lead up, down and up again, and end in the tables that the code means."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect

from core.persistence import current_revision, head_revision, make_engine, migrate
from core.persistence.revisions import SCRIPTS
from core.persistence.tables import metadata

REVISIONS = [
    script.revision for script in ScriptDirectory(str(SCRIPTS)).walk_revisions("base", "heads")
][::-1]


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.integration)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database on each engine."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/house/keqiao.db"
    else:
        yield request.getfixturevalue("postgres_url")


def tables(url: str) -> set[str]:
    engine = make_engine(url)
    try:
        return set(inspect(engine).get_table_names()) - {"alembic_version"}
    finally:
        engine.dispose()


def test_a_new_database_has_no_revision_and_a_migrated_one_the_newest(url: str) -> None:
    assert current_revision(url) is None
    migrate(url)
    assert current_revision(url) == head_revision() == REVISIONS[-1]
    migrate(url)
    assert tables(url) == set(metadata.tables)


def test_every_migration_leads_up_and_down_and_up_again(url: str) -> None:
    below = "base"
    for revision in REVISIONS:
        migrate(url, revision)
        migrate(url, below)
        assert current_revision(url) == (None if below == "base" else below)
        migrate(url, revision)
        below = revision
    migrate(url, "base")
    assert tables(url) == set()


def test_the_tables_are_those_the_code_means(url: str) -> None:
    migrate(url)
    engine = make_engine(url)
    try:
        with engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True})
            assert compare_metadata(context, metadata) == []
    finally:
        engine.dispose()


def test_several_that_migrate_at_once_take_turns(url: str) -> None:
    with ThreadPoolExecutor(4) as pool:
        for task in [pool.submit(migrate, url) for _ in range(4)]:
            task.result(60)
    assert current_revision(url) == head_revision()


def test_revisions_are_numbered_in_order() -> None:
    assert [f"{number:04d}" for number in range(1, len(REVISIONS) + 1)] == REVISIONS
