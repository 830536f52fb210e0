"""What is known of a form so far, as the dialogue keeps it between two messages."""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as part
from datetime import datetime
from enum import StrEnum
from typing import Any

from pydantic import TypeAdapter

type Json = Mapping[str, Any]

DECLINED: Json = {"declined": True}
"""The value of a field that the person does not want to fill."""
CONFIRM = "confirm"
"""Asked when nothing is missing: is the summary right?"""
RETURN = "return"
"""Asked after a long pause, or when another form came between: go on with this one?"""


class State(StrEnum):
    """The life of a draft."""

    OFFERED = "offered"
    """Facts kept for a form that is not open."""
    OPEN = "open"
    DONE = "done"
    LEFT = "left"


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """What about a field has to be asked back; `kind` names the words, `values` fill them."""

    kind: str
    field: str = ""
    values: Mapping[str, str] = part(default_factory=dict)
    options: tuple[Json, ...] = ()
    times: int = 0
    """How often in a row nothing was understood."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A form being filled."""

    form: str
    values: Mapping[str, Json] = part(default_factory=dict)
    asked: str | None = None
    """The field asked for, CONFIRM or RETURN; None before the first question."""
    doubt: Doubt | None = None
    noted: tuple[str, ...] = ()
    """Fields to say back with the next question."""
    leaving: bool = False
    """Whether the person was just asked if they want to give up."""
    state: State = State.OPEN
    heard_at: datetime | None = None
    heard: str = ""
    """The message heard last, as `channel:message_id`."""
    key: str | None = None
    """The confirming message; a second try to store stores nothing twice."""

    @property
    def known(self) -> dict[str, Json]:
        """What the person has given, declined fields apart."""
        return {name: value for name, value in self.values.items() if not is_declined(value)}


def is_declined(value: object) -> bool:
    """Whether a field's value says that the person declined."""
    return isinstance(value, Mapping) and bool(value.get("declined"))


_ADAPTER = TypeAdapter(Draft)


def to_json(draft: Draft) -> dict[str, Any]:
    """The draft as JSON."""
    written: dict[str, Any] = _ADAPTER.dump_python(draft, mode="json")
    return written


def of_json(written: object) -> Draft | None:
    """The draft that was written; None for what is none."""
    return _ADAPTER.validate_python(written) if isinstance(written, dict) else None
