"""The final state: rows of the database against what a conversation expects of them."""

import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

from core.domain.needs import Contact, Region
from core.domain.reminders import SHANGHAI

type Row = dict[str, Any]
type Wish = Mapping[str, Any]

TABLES = {
    "needs": "SELECT * FROM needs WHERE address = ? ORDER BY id",
    "submissions": "SELECT * FROM submissions WHERE address = ? ORDER BY id",
    "reminders": "SELECT * FROM reminders WHERE address = ? AND state = 'planned' ORDER BY due_at",
    "subscriptions": "SELECT * FROM subscriptions WHERE address = ? ORDER BY id",
    "quiet_hours": "SELECT * FROM quiet_hours WHERE address = ?",
    "answered_matches": (
        "SELECT p.*, p.state <> 'declined' AS wanted FROM pairings p JOIN needs n"
        " ON n.id = p.need_id WHERE n.address = ? AND p.answered_at IS NOT NULL"
    ),
    "feedback": "SELECT * FROM feedback WHERE address = ? ORDER BY id",
    "handoffs": "SELECT * FROM handoffs WHERE address = ? ORDER BY id",
}
"""What one person left, by what a conversation calls it; nothing is expected unless it is said."""


def wrong_ends(database: Path, address: str, expected: Wish) -> Iterator[str]:
    """How the rows of one person differ from what is expected."""
    unknown = set(expected) - set(TABLES)
    if unknown:
        yield f"nothing is stored under {sorted(unknown)}"
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        connection.row_factory = sqlite3.Row
        for name, query in TABLES.items():
            rows = [dict(row) for row in connection.execute(query, (address,))]
            for wrong in _compared(name, rows, expected.get(name, ())):
                yield f"{address}: {wrong}"


def _compared(name: str, rows: list[Row], wishes: Any) -> Iterator[str]:
    if wishes == "any":
        return
    count = wishes if isinstance(wishes, int) else len(wishes)
    if len(rows) != count:
        yield f"{len(rows)} rows of {name}, not {count}: {rows}"
    elif not isinstance(wishes, int):
        for row, wish in zip(rows, wishes, strict=True):
            for key, value in wish.items():
                if key not in CHECKS or not CHECKS[key](row, value):
                    yield f"{name}: {key} is not {value!r} in {row}"


def _draft(row: Row) -> Row:
    found: Row = json.loads(row.get("draft", "{}"))
    return found


def _all_in(words: Any, text: str | None) -> bool:
    return all(word in (text or "") for word in ([words] if isinstance(words, str) else words))


def _region(row: Row, wish: str | list[str] | None) -> bool:
    known = _draft(row).get("region")
    if wish is None or known is None:
        return wish is known
    name = Region(**known).name
    return name == wish if isinstance(wish, str) else _all_in(wish, name)


def _budget(row: Row, wish: list[int | None] | None) -> bool:
    known = _draft(row).get("budget")
    if wish is None or known is None:
        return wish is known
    return [known[end] and float(known[end]) for end in ("min", "max")] == wish


def _deadline(row: Row, wish: object) -> bool:
    known = _draft(row).get("deadline")
    return (known and known["on"]) == (wish and str(wish))


def _contact(field: str) -> Callable[[Row, str | None], bool]:
    def check(row: Row, wish: str | None) -> bool:
        known = getattr(Contact(**(_draft(row).get("contact") or {})), field)
        if wish is None or known is None:
            return wish is known
        return wish in known if field == "name" else wish == known

    return check


def _due(row: Row, wish: str | list[str]) -> bool:
    due = datetime.fromisoformat(row["due_at"] + "+00:00").astimezone(SHANGHAI)
    first, last = (wish, wish) if isinstance(wish, str) else wish
    return first <= f"{due:%Y-%m-%d %H:%M}" <= last


def _state(column: str) -> Callable[[Row, str | list[str]], bool]:
    return lambda row, wish: row[column] in ([wish] if isinstance(wish, str) else wish)


CHECKS: Mapping[str, Callable[[Row, Any], bool]] = {
    "problem": lambda row, wish: _all_in(wish, _draft(row).get("problem")),
    "problem_any": lambda row, wish: any(_all_in(word, _draft(row)["problem"]) for word in wish),
    "region": _region,
    "budget": _budget,
    "deadline": _deadline,
    "modes": lambda row, wish: set(wish) <= set(_draft(row)["modes"]),
    "never_modes": lambda row, wish: not set(wish) & set(_draft(row)["modes"]),
    "phone": _contact("phone"),
    "name": _contact("name"),
    "wechat": _contact("wechat"),
    "email": _contact("email"),
    "status": _state("status"),
    "form": _state("form"),
    "wanted": lambda row, wish: bool(row["wanted"]) == wish,
    "title": lambda row, wish: wish in row["title"],
    "due_at": _due,
    "has": lambda row, wish: _all_in(wish, _words(row)),
    "never": lambda row, wish: not any(word in _words(row) for word in wish),
}
"""How each thing that is expected of a row is looked at."""


def _words(row: Row) -> str:
    """A row in words, its JSON readable."""
    values = [json.dumps(_read(value), ensure_ascii=False) for value in row.values()]
    return "\n".join(values)


def _read(value: object) -> object:
    if isinstance(value, str) and value[:1] in "[{":
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value
