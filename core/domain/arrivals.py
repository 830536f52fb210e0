"""Records that come from outside: which one they are, and what of the one we have stays.

An operator's edit of a field stands against whatever comes later; what an outside table has no
column for stays as well.
"""

import hashlib
import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import Any

from core.domain.records import Conditions, Record

NESTED = ("details", "private", "conditions")
"""Fields that hold values by name; of these a part `details.place` can stand by itself."""
OURS = ("library", "external_id", "edited", "version")
"""Fields that no table fills and nobody edits."""
_MARKS = re.compile(r"[\s()\[\]{}<>《》〈〉「」『』【】〔〕“”\"'·・]+")


class Outcome(StrEnum):
    """What became of a record that arrived."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A record from outside; `given` are the fields it speaks of, None all of them.

    Of fields that hold values by name the parts are named: `details.place`.
    """

    record: Record
    given: frozenset[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """A record as it is stored now, and whether that changed anything."""

    record: Record
    outcome: Outcome


def identity(title: str, organisation: str | None) -> str:
    """The external id of a record that brings none."""
    told = f"{plain(title)}|{plain(organisation or '')}"
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def plain(name: str) -> str:
    """A name without what people write now so, now otherwise: width, spaces, brackets, case."""
    return _MARKS.sub("", unicodedata.normalize("NFKC", name)).casefold()


def name_key(record: Record) -> str:
    """What two spellings of one title and organisation have in common."""
    return f"{plain(record.title)}|{plain(record.organisation or '')}"


def names_itself(record: Record) -> bool:
    """Whether its id was made from its name, for want of a number of its own."""
    return record.external_id == identity(record.title, record.organisation)


def settled(before: Record, arrival: Arrival, over: Collection[str] = ()) -> Record:
    """`before` as it is after the arrival; edits of the fields `over` do not stand."""
    after = arrival.record
    if arrival.given is not None:
        kept = [one for one in _parts(before, after) if one not in arrival.given]
        after = _carried(before, after, kept)
    after = _carried(before, after, [one for one in before.edited if one not in over])
    standing = [one for one in before.edited if one not in over]
    edited = tuple(dict.fromkeys((*standing, *arrival.record.edited)))
    return replace(after, external_id=before.external_id, edited=edited, version=before.version)


def _parts(*records: Record) -> list[str]:
    own = [one.name for one in fields(Record) if one.name not in (*OURS, *NESTED)]
    nested = {f"{name}.{key}" for one in records for name in NESTED for key in values(one, name)}
    return [*own, *sorted(nested)]


def values(record: Record, name: str) -> Mapping[str, Any]:
    """What a field that holds values by name holds."""
    held: Any = getattr(record, name)
    if isinstance(held, Conditions):
        return {one.name: getattr(held, one.name) for one in fields(Conditions)}
    mapping: Mapping[str, Any] = held
    return mapping


def changed(record: Record, name: str, held: Mapping[str, Any]) -> Any:  # noqa: ANN401 -- as the field is
    """What the field is to be to hold these values."""
    return Conditions(**held) if isinstance(getattr(record, name), Conditions) else dict(held)


def _carried(before: Record, after: Record, names: Collection[str]) -> Record:
    """`after` with these fields as they are in `before`."""
    changes: dict[str, Any] = {}
    parts: dict[str, dict[str, Any]] = {}
    for name in names:
        field, _, key = name.partition(".")
        if not key:
            changes[field] = getattr(before, field)
            continue
        held = parts.setdefault(field, dict(values(after, field)))
        old = values(before, field)
        held.pop(key, None)
        if key in old:
            held[key] = old[key]
    changes |= {field: changed(after, field, held) for field, held in parts.items()}
    return replace(after, **changes)
