"""Descriptions of forms, read once from YAML into typed values; a bad file says what is wrong."""

import re
from collections.abc import Iterable, Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from actions.forms.form import Field, Form, Level, Part
from actions.forms.kinds.base import Kind
from actions.forms.kinds.budget import BudgetKind
from actions.forms.kinds.choice import Choice
from actions.forms.kinds.consent import Consent
from actions.forms.kinds.contact import ContactKind
from actions.forms.kinds.deadline import DueDay
from actions.forms.kinds.industry import IndustryKind
from actions.forms.kinds.modes import Modes
from actions.forms.kinds.number import Number
from actions.forms.kinds.people import People
from actions.forms.kinds.person import Person
from actions.forms.kinds.problem import Problem
from actions.forms.kinds.record import RecordKind
from actions.forms.kinds.region import RegionKind
from actions.forms.kinds.text import Text
from core.domain.errors import BadInputError
from core.domain.records import Library

KINDS: Mapping[str, type[Kind]] = {
    "budget": BudgetKind,
    "choice": Choice,
    "consent": Consent,
    "contact": ContactKind,
    "deadline": DueDay,
    "industry": IndustryKind,
    "modes": Modes,
    "number": Number,
    "people": People,
    "person": Person,
    "problem": Problem,
    "record": RecordKind,
    "region": RegionKind,
    "text": Text,
}


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _FieldEntry(_Entry):
    name: str
    label: str
    kind: str
    says: dict[str, str]
    called: str = ""
    quick: list[str] = []
    required: bool = False
    part: Part | None = None
    options: dict[str, Any] = {}


class _LevelEntry(_Entry):
    least: int
    name: str
    text: str


class _FormEntry(_Entry):
    name: str
    title: str
    called: str
    prefix: str
    fields: list[_FieldEntry]
    library: Library | None = None
    confirmed: bool = True
    words: dict[str, str] = {}
    levels: list[_LevelEntry] = []


def load_forms(*folders: Path) -> Mapping[str, Form]:
    """The forms of this package, then those of each folder that exists, by name.

    Raises:
        BadInputError: a file is not a description, or two describe one form.
    """
    found: dict[str, Form] = {}
    for file in (*_files(files("actions.forms") / "descriptions"), *_of(folders)):
        form = read_form(file.name, file.read_text(encoding="utf-8"))
        if form.name in found:
            raise BadInputError(f"{file.name}: the form {form.name!r} is described twice")
        found[form.name] = form
    return found


def _files(folder: Traversable) -> list[Traversable]:
    found = [one for one in folder.iterdir() if one.name.endswith(".yml")]
    return sorted(found, key=lambda one: one.name)


def _of(folders: Iterable[Path]) -> list[Traversable]:
    return [file for folder in folders if folder.is_dir() for file in _files(folder)]


def read_form(source: str, text: str) -> Form:
    """One description.

    Raises:
        BadInputError: it is none; the message names the file, the place and what is wrong.
    """
    try:
        entry = _FormEntry.model_validate(yaml.safe_load(text))
        return _form(entry)
    except yaml.YAMLError as error:
        raise BadInputError(f"{source}: no YAML: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise BadInputError(f"{source}: {place}: {first['msg']}") from error
    except (ValueError, re.error) as error:
        raise BadInputError(f"{source}: {error}") from error


def _form(entry: _FormEntry) -> Form:
    fields = tuple(_field(one) for one in entry.fields)
    names = [one.name for one in fields]
    twice = {name for name in names if names.count(name) > 1}
    if not names or twice:
        raise ValueError(f"fields must be there and have names of their own; twice: {twice}")
    _check_published(entry)
    return Form(
        name=entry.name,
        title=entry.title,
        called=re.compile(entry.called),
        prefix=entry.prefix,
        fields=fields,
        library=entry.library,
        confirmed=entry.confirmed,
        words=entry.words,
        levels=tuple(
            Level(least=one.least, name=one.name, text=one.text)
            for one in sorted(entry.levels, key=lambda level: level.least)
        ),
    )


def _check_published(entry: _FormEntry) -> None:
    """What goes to a library has a title and a consent, and never how to reach anybody."""
    if any(one.kind == "contact" and one.part for one in entry.fields):
        raise ValueError("a contact is never part of a record")
    if entry.library is None:
        return
    if not any(one.part is Part.TITLE and one.required for one in entry.fields):
        raise ValueError("a form with a library needs a required field with part: title")
    if not any(one.kind == "consent" and one.required for one in entry.fields):
        raise ValueError("a form with a library needs a required field of kind consent")


def _field(entry: _FieldEntry) -> Field:
    kind = KINDS.get(entry.kind)
    if kind is None:
        raise ValueError(f"{entry.name}: no kind is called {entry.kind!r}; known: {[*KINDS]}")
    if "ask" not in entry.says:
        raise ValueError(f"{entry.name}: says needs an ask")
    return Field(
        name=entry.name,
        label=entry.label,
        kind=TypeAdapter(kind).validate_python(entry.options),
        required=entry.required,
        says=entry.says,
        quick=tuple(entry.quick),
        called=re.compile(entry.called or re.escape(entry.label)),
        part=entry.part,
    )
