"""The account's menu, written by operators in YAML, as the platform takes it.

A list of entries, each with `name` and one of: `says` (what tapping says in the person's name),
`url` (what it opens), or `items` (up to five entries below it).
"""

from pathlib import Path
from typing import Any

import yaml

from core.domain.errors import BadInputError

CREATE = "/cgi-bin/menu/create"
MOST = 3
MOST_BELOW = 5
NAME_BYTES = 16
NAME_BELOW_BYTES = 60
KEY_BYTES = 128
URL_BYTES = 1024

_KINDS = ("says", "url", "items")


def read_menu(path: Path) -> dict[str, Any]:
    """The body of the call that makes the menu of a file.

    Raises:
        BadInputError: the file cannot be read, or the platform would not take it; says where.
    """
    try:
        entries = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeError, yaml.YAMLError) as error:
        raise BadInputError(f"{path}: {type(error).__name__}: the menu cannot be read") from None
    return {"button": _entries(entries, where=str(path), most=MOST, name_bytes=NAME_BYTES)}


def _entries(entries: object, *, where: str, most: int, name_bytes: int) -> list[dict[str, Any]]:
    if not isinstance(entries, list) or not 0 < len(entries) <= most:
        raise BadInputError(f"{where}: expected a list of 1 to {most} entries")
    return [
        _entry(entry, where=f"{where}[{number}]", name_bytes=name_bytes)
        for number, entry in enumerate(entries, start=1)
    ]


def _entry(entry: object, *, where: str, name_bytes: int) -> dict[str, Any]:
    known = {"name", *_KINDS} if name_bytes == NAME_BYTES else {"name", "says", "url"}
    if not isinstance(entry, dict) or not entry.keys() <= known:
        raise BadInputError(f"{where}: expected only {', '.join(sorted(known))}")
    named = {"name": _text(entry, "name", where=where, most=name_bytes)}
    given = [kind for kind in _KINDS if kind in entry]
    if len(given) != 1:
        raise BadInputError(f"{where}: expected one of {', '.join(_KINDS)}")
    if given == ["says"]:
        return {**named, "type": "click", "key": _text(entry, "says", where=where, most=KEY_BYTES)}
    if given == ["url"]:
        url = _text(entry, "url", where=where, most=URL_BYTES)
        if not url.startswith(("https://", "http://")):
            raise BadInputError(f"{where}: url must begin with https:// or http://")
        return {**named, "type": "view", "url": url}
    below = _entries(
        entry["items"], where=f"{where}.items", most=MOST_BELOW, name_bytes=NAME_BELOW_BYTES
    )
    return {**named, "sub_button": below}


def _text(entry: dict[str, Any], name: str, *, where: str, most: int) -> str:
    value = entry.get(name)
    if not isinstance(value, str) or not 0 < len(value.strip().encode()) <= most:
        raise BadInputError(f"{where}: {name} must be a text of 1 to {most} bytes of UTF-8")
    return value.strip()
