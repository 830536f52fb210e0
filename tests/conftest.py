"""Fixtures for all tests: databases, brokers, the shared folder.

A test that asks for a server's fixture runs when the server answers, and is skipped with the
reason when it does not; with KEQIAO_REQUIRE_SERVICES=1 it fails instead. The end of a run says
which servers were used. Servers are named by KEQIAO_TEST_POSTGRES, KEQIAO_TEST_REDIS and
KEQIAO_TEST_RABBITMQ, by default those of this machine.
"""

import asyncio
import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex

import aio_pika
import pytest
import redis
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import OperationalError

from core.persistence import SqlUnits, make_engine, migrate
from core.persistence.columns import metadata

SETTINGS = dict(os.environ)  # noqa: TID251 -- tests choose their servers as settings choose theirs
POSTGRES = SETTINGS.get(
    "KEQIAO_TEST_POSTGRES", "postgresql+psycopg://postgres@127.0.0.1:5432/postgres"
)
REDIS = SETTINGS.get("KEQIAO_TEST_REDIS", "redis://127.0.0.1:6379/0")
RABBITMQ = SETTINGS.get("KEQIAO_TEST_RABBITMQ", "amqp://guest:guest@127.0.0.1:5672/")
REQUIRED = SETTINGS.get("KEQIAO_REQUIRE_SERVICES", "") not in {"", "0"}
SHARED = Path(SETTINGS.get("KEQIAO_SHARED") or Path(__file__).parents[2] / "shared")

KEPT = ("KEQIAO_TEST_", "KEQIAO_SHARED", "KEQIAO_REQUIRE_SERVICES")
"""Settings that are the tests' own; every other KEQIAO_* is taken away before the first test."""

SERVICES = ("PostgreSQL", "Redis", "RabbitMQ")
ran = Counter[str]()
skipped = Counter[str]()
left_open: list[str] = []
"""What sessions did last whose transaction a test left open, so that the next one had to wait."""
absent: dict[str, str] = {}
"""Servers found not to answer, and what they said."""


def pytest_configure() -> None:
    """Keep the settings of whoever runs the tests out of them."""
    for name in SETTINGS:
        if name.startswith("KEQIAO_") and not name.startswith(KEPT):
            del os.environ[name]  # noqa: TID251 -- see above


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say which servers were used."""
    if not (ran or skipped):
        return
    terminalreporter.section("servers")
    for service in SERVICES:
        if service in absent:
            line = f"{skipped[service]} tests NOT run: {absent[service]}"
        elif ran[service]:
            line = f"{ran[service]} tests ran"
        else:
            line = "no selected test asked for it"
        terminalreporter.write_line(f"{service:<10} {line}")
    for one in left_open:
        terminalreporter.write_line(f"PostgreSQL a test left a transaction open: {one[:200]}")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of shared data beside the repository."""
    if not SHARED.is_dir():
        pytest.skip(f"no shared data at {SHARED}; set KEQIAO_SHARED")
    return SHARED


@pytest.fixture
def unique_name() -> str:
    """A name nobody else uses: a prefix for keys, queues and exchanges."""
    return f"keqiao-test-{token_hex(6)}"


@pytest.fixture
def postgres_url() -> Iterator[str]:
    """A fresh, empty database, dropped afterwards."""
    _need("PostgreSQL", lambda: _postgres("SELECT 1"))
    with _database() as url:
        yield url


@pytest.fixture
def redis_url(unique_name: str) -> Iterator[str]:
    """A Redis; keys with `unique_name` in them are removed afterwards."""
    _need("Redis", _reach_redis)
    yield REDIS
    with redis.Redis.from_url(REDIS) as client:
        for key in client.scan_iter(f"*{unique_name}*"):
            client.delete(key)


@pytest.fixture
def rabbitmq_url(unique_name: str) -> Iterator[str]:
    """A RabbitMQ; the queue and the exchange called `unique_name` are removed afterwards."""
    _need("RabbitMQ", lambda: asyncio.run(_rabbitmq()))
    yield RABBITMQ
    asyncio.run(_rabbitmq(unique_name))


@pytest.fixture(
    params=["sqlite", pytest.param("postgresql", marks=pytest.mark.integration)],
)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A migrated database without rows, on each of the two engines."""
    if request.param == "sqlite":
        template: Path = request.getfixturevalue("_sqlite_template")
        path = shutil.copy(template, tmp_path / "keqiao.db")
        return f"sqlite:///{path}"
    _need("PostgreSQL", lambda: _postgres("SELECT 1"))
    url: str = request.getfixturevalue("_postgres_database")
    tables = ", ".join(f'"{name}"' for name in metadata.tables)
    empty = f"TRUNCATE {tables} RESTART IDENTITY CASCADE"
    try:
        _postgres(empty, url=url)
    except OperationalError:
        left_open.extend(_end_others(url))
        _postgres(empty, url=url)
    return url


@pytest.fixture
def units(database_url: str) -> Iterator[SqlUnits]:
    """Units of work on each of the two engines."""
    engine = make_engine(database_url)
    yield SqlUnits(engine)
    engine.dispose()


@pytest.fixture
def sqlite_units(_sqlite_template: Path, tmp_path: Path) -> Iterator[SqlUnits]:
    """Units of work on SQLite alone, for tests that are not about the database."""
    engine = make_engine(f"sqlite:///{shutil.copy(_sqlite_template, tmp_path / 'keqiao.db')}")
    yield SqlUnits(engine)
    engine.dispose()


@pytest.fixture(scope="session")
def _sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "keqiao.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def _postgres_database() -> Iterator[str]:
    with _database() as url:
        migrate(url)
        yield url


def _need(service: str, reach: Callable[[], None]) -> None:
    """Go on when the server answers; it is asked once a run."""
    if service not in absent:
        try:
            reach()
        except (OperationalError, redis.RedisError, OSError) as error:
            absent[service] = f"it does not answer ({str(error).splitlines()[0]})"
    if service not in absent:
        ran[service] += 1
        return
    skipped[service] += 1
    if REQUIRED:
        pytest.fail(f"{service} is required and {absent[service]}")
    pytest.skip(f"{service}: {absent[service]}")


@contextmanager
def _database() -> Iterator[str]:
    name = f"keqiao_test_{token_hex(6)}"
    _postgres(f'CREATE DATABASE "{name}"')
    try:
        yield make_url(POSTGRES).set(database=name).render_as_string(hide_password=False)
    finally:
        _postgres(f'DROP DATABASE "{name}" WITH (FORCE)')


def _postgres(statement: str, *, url: str = POSTGRES) -> None:
    # A transaction that a test left open: nobody waits for it for ever.
    given = {"connect_timeout": 3, "options": "-c lock_timeout=20s"}
    engine = create_engine(url, isolation_level="AUTOCOMMIT", connect_args=given)
    try:
        with engine.connect() as connection:
            connection.execute(text(statement))
    finally:
        engine.dispose()


def _end_others(url: str) -> list[str]:
    """End all other sessions of a database; what each did last."""
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    others = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    try:
        with engine.connect() as connection:
            found = connection.execute(text(f"SELECT state, query {others}")).all()
            connection.execute(text(f"SELECT pg_terminate_backend(pid) {others}"))
    finally:
        engine.dispose()
    return [f"{state}: {query}" for state, query in found]


def _reach_redis() -> None:
    with redis.Redis.from_url(REDIS, socket_connect_timeout=3) as client:
        client.ping()


async def _rabbitmq(name: str | None = None) -> None:
    """Reach it, and remove what `name` names."""
    connection = await aio_pika.connect(RABBITMQ, timeout=3)
    async with connection:
        if name is not None:
            channel = await connection.channel()
            await channel.queue_delete(name)
            await channel.exchange_delete(name)
