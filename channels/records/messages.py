"""Records as JSON: the public fields by name, so that none gets out by being added."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from channels.errors import RefusedRequestError
from core.domain.records import Library, Record


def read_libraries(names: Iterable[str]) -> tuple[Library, ...]:
    """The libraries of `?library=`.

    Raises:
        RefusedRequestError: there is no such library.
    """
    try:
        return tuple(Library(name) for name in names)
    except ValueError:
        raise RefusedRequestError(422, "library_unknown") from None


def render(record: Record) -> dict[str, Any]:
    """A record as anybody may read it."""
    return {
        "id": record.id,
        "library": record.library.value,
        "title": record.title,
        "summary": record.summary,
        "organisation": record.organisation,
        "industries": list(record.industries),
        "keywords": list(record.keywords),
        "modes": list(record.modes),
        "region": record.region,
        "source": record.source,
        "valid_from": _written(record.valid_from),
        "valid_until": _written(record.valid_until),
        "starts_at": _written(record.starts_at),
        "closes_at": _written(record.closes_at),
        "details": dict(record.details),
    }


def _written(when: date | datetime | None) -> str | None:
    return when.isoformat() if when else None
