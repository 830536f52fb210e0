"""What tables are made of: names, indexes, types of columns."""

from collections.abc import Callable
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, override

from pydantic import TypeAdapter
from sqlalchemy import (
    JSON,
    BigInteger,
    DateTime,
    Dialect,
    Enum,
    Index,
    Integer,
    MetaData,
    Text,
    TypeDecorator,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

SERIAL = BigInteger().with_variant(Integer, "sqlite")
"""Numbers that a database gives out; SQLite counts only plain INTEGER keys up by itself."""


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def partial(name: str, *columns: str, where: str, unique: bool = False) -> Index:
    """An index of the rows that meet a condition."""
    condition = text(where)
    return Index(name, *columns, unique=unique, sqlite_where=condition, postgresql_where=condition)


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: aware going in, aware UTC coming out, whatever the database keeps."""

    impl = DateTime(timezone=True)
    cache_ok = True

    @override
    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.utcoffset() is None:
            raise ValueError(f"instant {value!r} has no time zone; give an aware datetime")
        instant = value.astimezone(UTC)
        return instant.replace(tzinfo=None) if dialect.name == "sqlite" else instant

    @override
    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class SafeText(TypeDecorator[str]):
    """Text that every database takes: NUL and lone surrogates become U+FFFD."""

    impl = Text
    cache_ok = True

    @override
    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else storable(value)


class Written[T](TypeDecorator[T]):
    """A domain value as the text that `str` makes of it."""

    impl = Text
    cache_ok = True

    def __init__(self, read: Callable[[str], T]) -> None:
        super().__init__()
        self.read = read

    @override
    def process_bind_param(self, value: T | None, dialect: Dialect) -> str | None:
        return None if value is None else str(value)

    @override
    def process_result_value(self, value: str | None, dialect: Dialect) -> T | None:
        return None if value is None else self.read(value)


class DomainJson[T](TypeDecorator[T]):
    """A domain object as JSON, written and read by pydantic."""

    impl = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
    cache_ok = True

    def __init__(self, kind: Any) -> None:  # noqa: ANN401 -- a type form such as tuple[str, ...]
        super().__init__()
        self.kind = kind  # tells cached statements of one kind from those of another
        self.adapter: TypeAdapter[T] = TypeAdapter(kind)

    @override
    def process_bind_param(self, value: T | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        return _storable_tree(self.adapter.dump_python(value, mode="json"))

    @override
    def process_result_value(self, value: Any, dialect: Dialect) -> T | None:
        return None if value is None else self.adapter.validate_python(value)


def enum_names(kind: type[StrEnum]) -> Enum:
    """A text column that holds the values of `kind`."""
    return Enum(
        kind,
        native_enum=False,
        length=16,
        values_callable=lambda names: [name.value for name in names],
    )


def storable(written: str) -> str:
    """The text without the two things that UTF-8 databases refuse."""
    cleaned = written.replace("\x00", "\ufffd")
    try:
        cleaned.encode()
    except UnicodeEncodeError:
        return cleaned.encode("utf-16", errors="surrogatepass").decode("utf-16", errors="replace")
    return cleaned


def _storable_tree(value: object) -> object:
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, list):
        return [_storable_tree(item) for item in value]
    if isinstance(value, dict):
        return {_storable_tree(key): _storable_tree(item) for key, item in value.items()}
    return value
