"""The word lists beside this module, loaded on first use."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

import yaml


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A label with the words that stand for it."""

    name: str
    code: str
    aliases: tuple[str, ...]
    weak: tuple[str, ...] = ()
    """Words that decide only where no alias does."""
    form: str = ""
    """A pattern of what such words look like."""


@cache
def _file(name: str) -> Mapping[str, Any]:
    text = (files("actions.understanding") / name).read_text(encoding="utf-8")
    loaded: Mapping[str, Any] = yaml.safe_load(text)
    return loaded


@cache
def industries() -> tuple[Label, ...]:
    """The nine areas of 《战略性新兴产业分类(2018)》 with their everyday words."""
    return _labels("industries.yml", "areas")


@cache
def trades() -> tuple[str, ...]:
    """Trades that lie outside the nine areas."""
    return tuple(_file("industries.yml")["trades"])


@cache
def modes() -> tuple[Label, ...]:
    """The cooperation modes with the ways people ask for them, as patterns."""
    fragments = _file("modes.yml")["fragments"]
    return tuple(
        replace(
            one,
            aliases=tuple(_filled(alias, fragments) for alias in one.aliases),
            weak=tuple(_filled(alias, fragments) for alias in one.weak),
        )
        for one in _labels("modes.yml", "modes")
    )


def _filled(pattern: str, fragments: Mapping[str, str]) -> str:
    for name, fragment in fragments.items():
        pattern = pattern.replace(f"<{name}>", fragment)
    return pattern


def _labels(name: str, key: str) -> tuple[Label, ...]:
    return tuple(
        Label(
            name=one["name"],
            code=str(one.get("code", "")),
            aliases=tuple(one["aliases"]),
            weak=tuple(one.get("weak", ())),
            form=one.get("form", ""),
        )
        for one in _file(name)[key]
    )


@cache
def surnames() -> tuple[frozenset[str], frozenset[str]]:
    """Surnames of one and of two characters."""
    listed = _file("people.yml")
    return frozenset(listed["surnames"]), frozenset(listed["double_surnames"].split())


@cache
def shy_surnames() -> tuple[frozenset[str], frozenset[str]]:
    """Surnames that are everyday words too, and those that few people have."""
    listed = _file("people.yml")
    return frozenset(listed["shy"]), frozenset(listed["rare"])


@cache
def titles() -> tuple[str, ...]:
    """Forms of address that follow a surname."""
    return tuple(_file("people.yml")["titles"].split())


@cache
def relations() -> tuple[str, ...]:
    """What a person is to the writer, said before the name."""
    return tuple(_file("people.yml")["relations"].split())


@cache
def not_people() -> tuple[str, ...]:
    """Words that begin like a name and are none."""
    return tuple(_file("people.yml")["not_people"].split())


@cache
def holidays(name: str, year: int) -> tuple[date, ...]:
    """The days of a holiday from last year to two years ahead, as far as they are known."""
    listed = _file("holidays.yml")
    key = next((key for key, names in listed["names"].items() if name in names), "")
    if key in listed["fixed"]:
        month, day = listed["fixed"][key]
        return tuple(date(year + ahead, month, day) for ahead in range(-1, 3))
    return tuple(listed["moving"].get(key, ()))


@cache
def area_names() -> Mapping[str, Mapping[str, Any]]:
    """Zones and larger areas by the name people use."""
    named: Mapping[str, Mapping[str, Any]] = _file("areas.yml")["areas"]
    return named


@cache
def zones() -> tuple[str, ...]:
    """Endings of zones that are named after their city."""
    return tuple(_file("areas.yml")["zones"])


@cache
def everyday_names() -> frozenset[str]:
    """Short place names that are ordinary words too."""
    return frozenset(_file("areas.yml")["everyday"])


@cache
def institutions() -> str:
    """What makes a place name part of an institution's name, as a pattern."""
    return str(_file("areas.yml")["institutions"])


@cache
def simplified() -> Mapping[str, str]:
    """Characters of other scripts and dialects with those they are read as, one for one."""
    listed = _file("script.yml")
    both = (listed[name].replace(" ", "") for name in ("traditional", "simplified"))
    dialect: Mapping[str, str] = listed["dialect"]
    return {**dict(zip(*both, strict=True)), **dialect}
