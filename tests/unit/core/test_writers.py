"""Writers of one SQLite file come in order, and leave the line however they end."""

import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Column, Engine, Integer, MetaData, Table, select, text
from sqlalchemy.exc import IntegrityError

from core.persistence import make_engine
from core.persistence.writers import Line, WriterConnection

ROOT = Path(__file__).parents[3]
SAID = Table("said", MetaData(), Column("number", Integer, nullable=False))

MANY = """
import sys
from tests.unit.core.test_writers import say_often
say_often(sys.argv[1])
"""


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = make_engine(f"sqlite:///{tmp_path}/house.db")
    with engine.begin() as connection:
        SAID.create(connection)
    yield engine
    engine.dispose()


def say(engine: Engine, number: int | None) -> None:
    with engine.begin() as connection:
        connection.execute(SAID.insert(), {"number": number})


def said(engine: Engine) -> list[int]:
    with engine.connect() as connection:
        return list(connection.scalars(select(SAID.c.number).order_by(text("rowid"))))


def say_often(url: str) -> None:
    engine = make_engine(url)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: say(engine, number), range(200)))
    engine.dispose()


def test_writers_are_let_in_as_they_came(engine: Engine) -> None:
    first = engine.connect()
    first.execute(SAID.insert(), {"number": 0})
    threads = [threading.Thread(target=say, args=(engine, number)) for number in range(1, 9)]
    line = first.connection.dbapi_connection.line  # type: ignore[union-attr]  # ours
    for number, thread in enumerate(threads, 1):
        thread.start()
        while len(line._waiting) < number:
            pass
    first.commit()
    first.close()
    for thread in threads:
        thread.join()
    assert said(engine) == list(range(9))


def test_whoever_fails_or_gives_up_lets_the_next_one_in(engine: Engine) -> None:
    with pytest.raises(IntegrityError):
        say(engine, None)
    with engine.connect() as left:
        left.execute(SAID.insert(), {"number": 1})
    with engine.connect() as broken:
        broken.execute(SAID.insert(), {"number": 2})
        broken.invalidate()
    with engine.connect() as undone:
        undone.execute(SAID.insert(), {"number": 3})
        undone.rollback()
        undone.execute(SAID.insert(), {"number": 4})
        undone.commit()
    say(engine, 5)
    assert said(engine) == [4, 5]


def test_a_writer_within_a_writer_is_refused_and_the_outer_one_goes_on(tmp_path: Path) -> None:
    line = Line(patience=0.1)
    outer, inner = (
        sqlite3.connect(tmp_path / "house.db", isolation_level=None, factory=WriterConnection)
        for _ in range(2)
    )
    outer.line = inner.line = line
    outer.begin()
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        inner.begin()
    outer.commit()
    inner.begin()
    inner.close()
    outer.begin()
    outer.close()


def test_many_threads_of_two_processes_all_write(engine: Engine) -> None:
    url = str(engine.url)
    other = subprocess.Popen([sys.executable, "-c", MANY, url], cwd=ROOT)
    say_often(url)
    assert other.wait(60) == 0
    assert sorted(said(engine)) == sorted([*range(200)] * 2)


def test_whoever_waits_too_long_leaves_the_line_in_order() -> None:
    line = Line(patience=0.2)
    assert line.enter()
    with ThreadPoolExecutor(1) as pool:
        assert not pool.submit(line.enter).result()
        later = pool.submit(line.enter)
        line.leave()
        assert later.result()
    line.leave()
    assert line.enter()
