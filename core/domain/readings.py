"""From readings and operators' edits to the summary of a document and of each of its parts."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, time
from typing import Any

from core.domain.documents import Document, DocumentFacts, Edit, Kind, Level, Reading
from core.domain.errors import BadInputError

READERS: Mapping[str, Callable[[str], Any]] = {
    "title": str,
    "issuer": str,
    "number": str,
    "region": str,
    "level": Level,
    "kind": Kind,
    "year": int,
    "signed_on": date.fromisoformat,
    "issued_on": date.fromisoformat,
    "effective_on": date.fromisoformat,
    "opens_on": date.fromisoformat,
    "closes_on": date.fromisoformat,
    "closes_at": time.fromisoformat,
    "expires_on": date.fromisoformat,
}
"""The names that operators may set, and how the text of a value is read."""

_EXAMPLES = {
    "level": ", ".join(Level),
    "kind": ", ".join(Kind),
    "year": "2026",
    "closes_at": "17:00",
}

_SHARED = {"issuer", "number", "region", "level", "signed_on", "issued_on", "effective_on"}
"""What an annex has from the notice it is attached to."""

_UNLESS_SAID = {"year", "expires_on"}
"""What an annex has from its notice unless it says so itself."""


def check_edit(edit: Edit) -> None:
    """Refuse an edit that is no fact.

    Raises:
        BadInputError: unknown name, or a value that is not of its type.
    """
    reader = READERS.get(edit.name)
    if reader is None:
        raise BadInputError(f"{edit.name}: no such fact; there are {', '.join(READERS)}")
    if not edit.value.strip():
        raise BadInputError(f"{edit.name}: the value is empty; use unset to take an edit back")
    try:
        reader(edit.value)
    except ValueError as error:
        wanted = _EXAMPLES.get(edit.name, "2026-11-21")
        raise BadInputError(
            f"{edit.name}: {edit.value} is not understood; write it like {wanted}"
        ) from error


def summed_up(document: Document) -> Document:
    """The document with the facts of it and of its parts, as readings and edits say.

    A title that nothing says and `superseded_by`, which is not read from the text, are kept.
    """
    facts = _filled(document.facts, _whole(document.readings, document.edits))
    parts = tuple(
        replace(part, facts=_filled(part.facts, _own(document.readings, document.edits, at)))
        for at, part in enumerate(document.parts)
    )
    return replace(document, facts=facts, parts=parts)


def _filled(known: DocumentFacts, values: Mapping[str, str]) -> DocumentFacts:
    told = {name: READERS[name](value) for name, value in values.items()}
    bare = DocumentFacts(title=known.title, superseded_by=known.superseded_by)
    return replace(bare, **told)


def _first(readings: Iterable[Reading]) -> dict[str, str]:
    """The first reading of each name counts."""
    found: dict[str, str] = {}
    for reading in readings:
        if reading.name in READERS:
            found.setdefault(reading.name, reading.value)
    return found


def _whole(readings: Sequence[Reading], edits: Iterable[Edit]) -> dict[str, str]:
    """What the main text says goes before what its annexes say."""
    in_order = sorted(readings, key=lambda reading: reading.part)
    return _first(in_order) | {one.name: one.value for one in edits if one.part == 0}


def _own(readings: Sequence[Reading], edits: Sequence[Edit], part: int) -> dict[str, str]:
    main = _first(one for one in readings if one.part == 0)
    own = _first(one for one in readings if one.part == part)
    shared = {name: value for name, value in main.items() if name in _SHARED | _UNLESS_SAID}
    general = {
        one.name: one.value
        for one in edits
        if one.part == 0 and (part == 0 or _reaches(one.name, part, readings))
    }
    special = {one.name: one.value for one in edits if one.part == part}
    return shared | own | general | special


def _reaches(name: str, part: int, readings: Iterable[Reading]) -> bool:
    """Whether an edit of the whole document is about this part: shared, or said here alone."""
    saying = {one.part for one in readings if one.name == name}
    return name in _SHARED or saying == {part} or (name in _UNLESS_SAID and part not in saying)
