"""A database that is absent, broken or too new is named in one clear line."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import text

from core.domain.errors import BadInputError, ConflictError, UnavailableError
from core.persistence import SqlUnits, current_revision, make_engine, migrate

NOBODY_HOME = "postgresql+psycopg://postgres:secret@127.0.0.1:1/keqiao"


def test_a_server_that_is_down_is_unavailable_and_its_password_stays_secret() -> None:
    engine = make_engine(NOBODY_HOME)
    with pytest.raises(UnavailableError, match="does not answer") as said, SqlUnits(engine)():
        pass
    engine.dispose()
    assert "secret" not in str(said.value)
    with pytest.raises(UnavailableError):
        migrate(NOBODY_HOME)


def test_a_file_that_is_no_database_is_unavailable(tmp_path: Path) -> None:
    broken = tmp_path / "keqiao.db"
    broken.write_bytes(b"this is not a database at all" * 100)
    url = f"sqlite:///{broken}"
    with pytest.raises(UnavailableError, match="not a database"):
        current_revision(url)
    engine = make_engine(url)
    with pytest.raises(UnavailableError, match="not a database"), SqlUnits(engine)() as unit:
        unit.needs.get(1)  # type: ignore[arg-type]  # any id
    engine.dispose()


def test_a_database_that_was_not_migrated_is_unavailable(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path}/keqiao.db")
    with pytest.raises(UnavailableError, match="no such table"), SqlUnits(engine)() as unit:
        unit.subscriptions.keys()
    engine.dispose()


def test_tables_of_a_newer_version_are_left_alone(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/keqiao.db"
    migrate(url)
    engine = make_engine(url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    with pytest.raises(ConflictError, match="9999"):
        migrate(url)
    assert current_revision(url) == "9999"


@pytest.mark.parametrize("url", ["", "keqiao.db", "mysql://root@127.0.0.1/keqiao"])
def test_an_address_of_another_kind_is_refused(url: str) -> None:
    with pytest.raises(BadInputError, match="sqlite:///"):
        make_engine(url)


def test_many_that_open_a_new_file_at_once_all_write(tmp_path: Path) -> None:
    def write(url: str) -> None:
        engine = make_engine(url)
        try:
            with engine.begin() as connection:
                connection.execute(text("CREATE TABLE IF NOT EXISTS seen (number INTEGER)"))
                connection.execute(text("INSERT INTO seen VALUES (1)"))
        finally:
            engine.dispose()

    with ThreadPoolExecutor(6) as pool:
        for house in range(20):
            url = f"sqlite:///{tmp_path}/{house}.db"
            list(pool.map(write, [url] * 6))
            engine = make_engine(url)
            with engine.connect() as connection:
                assert connection.scalar(text("SELECT count(*) FROM seen")) == 6
            engine.dispose()
