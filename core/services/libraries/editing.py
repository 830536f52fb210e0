"""An operator's hand on a record: what is written here no import changes."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from core.domain.arrivals import NESTED, OURS, changed, values
from core.domain.errors import BadInputError
from core.domain.records import Conditions, Record, RecordId
from core.ports.unit_of_work import Units
from core.services.libraries.bringing import moved_into_past
from core.services.records import StoreRecords

CONDITIONS = tuple(one.name for one in fields(Conditions))
EDITABLE = tuple(one.name for one in fields(Record) if one.name not in (*OURS, *NESTED))


@dataclass(frozen=True, slots=True, kw_only=True)
class EditRecord:
    """Write fields of a record, or give them back to imports."""

    units: Units
    store_records: StoreRecords

    def __call__(self, record_id: RecordId, changes: Mapping[str, Any]) -> Record:
        """Write these values; names are fields, or parts such as `details.place`.

        None takes a part away, an empty detail among them.

        Raises:
            NotFoundError: there is no such record.
            BadInputError: a name is none of a field, or a date to come would be one that is over.
        """
        with self.units() as unit:
            before = unit.records.get(record_id)
        after = before
        for name, value in changes.items():
            after = _written(after, name, value)
        past = moved_into_past(before, after, self.store_records.clock.now())
        if past is not None and not after.withdrawn:
            raise BadInputError(
                f"{record_id}: {past.field} would move from {past.before} to {past.after},"
                " which is over; write a date to come, or withdraw the record"
            )
        edited = tuple(dict.fromkeys((*before.edited, *changes)))
        return self._store(replace(after, edited=edited), changes)

    def unset(self, record_id: RecordId, name: str) -> Record:
        """Let imports fill a field again; its value stays until one does.

        Raises:
            NotFoundError: there is no such record.
            BadInputError: the field was not edited.
        """
        with self.units() as unit:
            before = unit.records.get(record_id)
        if name not in before.edited:
            raise BadInputError(f"{record_id} has no edit of {name}")
        left = tuple(one for one in before.edited if one != name)
        return self._store(replace(before, edited=left), (name,))

    def _store(self, record: Record, over: Mapping[str, Any] | tuple[str, ...]) -> Record:
        (stored,) = self.store_records([record], over=tuple(over))
        return stored.record


def _written(record: Record, name: str, value: Any) -> Record:  # noqa: ANN401 -- as the field is
    field, _, key = name.partition(".")
    if field in EDITABLE and not key:
        return replace(record, **{field: value})
    if field not in NESTED or not key or (field == "conditions" and key not in CONDITIONS):
        raise BadInputError(f"records have no field {name}")
    held = dict(values(record, field))
    if value is None and field != "conditions":
        held.pop(key, None)
    else:
        held[key] = value
    return replace(record, **{field: changed(record, field, held)})
