"""Migrations lead up, down and up again, and end in the tables that the code means."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

from core.domain.conversations import Address
from core.domain.handoffs import HandoffState
from core.domain.records import Library, RecordId
from core.domain.subscriptions import AT_ONCE, Interest
from core.persistence import SqlUnits, current_revision, head_revision, make_engine, migrate
from core.persistence.columns import metadata
from core.persistence.revisions import SCRIPTS
from tests.factories import LI

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


def test_topics_become_interests_in_events_and_what_was_announced_counts_as_told(
    url: str,
) -> None:
    migrate(url, "0004")
    engine = make_engine(url)
    start = "2026-03-02 01:30:00.000000"
    topics = ("", "路演", "石墨烯")
    with engine.begin() as connection:
        for topic in topics:
            _insert(connection, "subscriptions", address="web:li", topic=topic, created_at=start)
        _insert(
            connection,
            "outbox",
            key="announce:web:li:events/a",
            channel="web",
            address="web:li",
            reply='{"kind": "notice", "text": "新活动"}',
            created_at=start,
            due_at=start,
            state="queued",
            attempts=0,
        )
    migrate(url)
    with SqlUnits(engine)() as unit:
        carried = unit.subscriptions.of(LI)
        assert [one.interest for one in carried] == [
            Interest(libraries=(Library.EVENTS,)),
            Interest(libraries=(Library.EVENTS,), kinds=("路演",)),
            Interest(libraries=(Library.EVENTS,), keyword="石墨烯"),
        ]
        assert {one.rhythm for one in carried} == {AT_ONCE}
        assert not any(unit.subscriptions.put(one)[1] for one in carried), "their keys are right"
        assert unit.tidings.unsent(RecordId("events/a")) == ["announce:web:li:events/a"]
    migrate(url, "0004")
    with engine.begin() as connection:
        kept = connection.execute(text("SELECT topic FROM subscriptions")).scalars()
        assert set(kept) == set(topics)
    engine.dispose()


def _insert(connection: Connection, table: str, **values: object) -> None:
    names = ", ".join(values)
    marks = ", ".join(f":{name}" for name in values)
    connection.execute(text(f"INSERT INTO {table} ({names}) VALUES ({marks})"), values)  # noqa: S608 -- names of this test


def test_several_that_migrate_at_once_take_turns(url: str) -> None:
    with ThreadPoolExecutor(4) as pool:
        for task in [pool.submit(migrate, url) for _ in range(4)]:
            task.result(60)
    assert current_revision(url) == head_revision()


def test_revisions_are_numbered_in_order() -> None:
    assert [f"{number:04d}" for number in range(1, len(REVISIONS) + 1)] == REVISIONS


def test_handoffs_that_waited_among_the_questions_keep_their_numbers(url: str) -> None:
    migrate(url, "0003")
    engine = make_engine(url)
    row = "INSERT INTO questions (key, address, question, reason, asked_at, handoff) VALUES "
    asked = ", ".join(
        f"(NULL, '{who}', '{what}', '', '2026-03-02 01:30:00', {flag})"
        for who, what, flag in (
            ("web:li", "能报吗", "false"),
            ("web:li", "转人工", "true"),
            ("web:li", "再转人工", "true"),
            ("web:wang", "人工", "true"),
        )
    )
    with engine.begin() as connection:
        connection.execute(text(row + asked))
    migrate(url)
    with SqlUnits(engine)() as unit:
        waiting = unit.handoffs.find({HandoffState.TIMED_OUT})
        assert [(one.id, str(one.address)) for one in waiting] == [(3, "web:li"), (4, "web:wang")]
        assert [event.text for event in unit.handoffs.events(waiting[0].id)] == ["再转人工"]
        assert [one.question for one in unit.questions.open()] == ["能报吗"]
        opened = unit.handoffs.open(replace(waiting[0], address=Address.parse("web:new")))
        assert opened.id == 5
    migrate(url, "0003")
    with engine.connect() as connection:
        kept = connection.execute(text("SELECT question FROM questions WHERE handoff ORDER BY id"))
        assert list(kept.scalars()) == ["再转人工", "人工"]
    engine.dispose()
