"""The console's words, and how instants, days and counts are written in it."""

from datetime import date, datetime
from pathlib import Path

from channels.words import words
from core.domain.reminders import SHANGHAI

WORDS = Path(__file__).with_name("words.yml")


def say(section: str, name: str, /, **facts: object) -> str:
    """The words of that name, filled with facts; the name itself where there are none."""
    text = words(section, WORDS).get(str(name), str(name))
    return text.format(**facts) if facts else text


def choices(section: str) -> dict[str, str]:
    """All words of a section, by name: what a select offers."""
    return dict(words(section, WORDS))


def moment(at: datetime | None) -> str:
    """2026-11-21 10:00, in Asia/Shanghai."""
    return f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}" if at else ""


def shown(value: object) -> str:
    """A field's value as operators read it."""
    if isinstance(value, bool):
        return say("flags", "yes" if value else "no")
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return "、".join(map(str, value))
    return "" if value is None else str(value)
