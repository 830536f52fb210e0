"""The parts of a reply told in words, for channels that show them no better, and as JSON."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Any

from channels.words import words
from core.domain.conversations import Reply
from core.domain.parts import Appointment, Attachment, Link, Listing, Part, Picture, Words
from core.domain.reminders import SHANGHAI


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """How a channel writes: words that anybody may have written, and a title that leads away."""

    escape: Callable[[str], str]
    link: Callable[[str, str], str]


def plain_link(title: str, url: str) -> str:
    """A link where a text has none: the title, and the address in full."""
    return words("parts")["titled"].format(title=title, url=url)


PLAIN = Style(escape=str, link=plain_link)


def told(reply: Reply, style: Style = PLAIN) -> str:
    """The text and all parts, in order. What rests below them is left to the channel.

    What the text says already of an appointment is not said again.
    """
    numbers = count(1)
    lines = [style.escape(reply.text)]
    for part in reply.parts:
        lines += _lines(part, reply.text, style, numbers)
    return "\n".join(line for line in lines if line)


def as_json(reply: Reply) -> dict[str, Any]:
    """For who draws messages: the whole as `text`, and what it is made of.

    `lead` is the text without the parts; times are said in words too, those of Asia/Shanghai.
    """
    return {
        "text": told(reply),
        "lead": reply.text,
        "parts": [_drawn(part) for part in reply.parts],
        "buttons": [{"title": one.title, "payload": one.payload} for one in reply.buttons],
    }


def shown(moment: datetime) -> str:
    """An instant as people in China read it, whatever zone this machine keeps."""
    local, said = moment.astimezone(SHANGHAI), words("parts")
    return said["moment"].format(
        year=local.year,
        month=local.month,
        day=local.day,
        weekday=said["weekdays"][local.weekday()],
        hour=local.hour,
        minute=local.minute,
    )


def _lines(part: Part, text: str, style: Style, numbers: Iterator[int]) -> Iterator[str]:
    said = words("parts")
    match part:
        case Words():
            yield style.escape(part.text)
        case Listing():
            yield from _entries(part, style, numbers)
        case Link():
            yield _linked(part.title, part.url, style)
        case Attachment():
            yield said["file"].format(link=_linked(part.name, part.url, style))
        case Picture():
            yield said["image"].format(link=_linked(part.title, part.url, style))
        case Appointment():
            yield from _dated(part, text, style)


def _linked(title: str, url: str, style: Style) -> str:
    return style.link(title, url) if title.strip() else style.link(url, url)


def _entries(part: Listing, style: Style, numbers: Iterator[int]) -> Iterator[str]:
    said = words("parts")
    for one in part.entries:
        mark = said["number"].format(number=next(numbers)) if one.payload else said["bullet"]
        yield mark + (style.link(one.title, one.url) if one.url else style.escape(one.title))
        for line in filter(str.strip, one.line.splitlines()):
            yield said["line"].format(line=style.escape(line))


def _dated(part: Appointment, text: str, style: Style) -> Iterator[str]:
    """What the text does not say of it."""
    said = words("parts")
    name = "deadline" if part.deadline else "appointment"
    facts = [
        (
            part.title,
            style.escape(said["cancelled" if part.cancelled else name].format(title=part.title)),
        ),
        (*_when(part),),
        (part.place, style.escape(said["place"].format(place=part.place))),
        (part.url, style.link(said["page"], part.url)),
        (part.file, style.link(said["calendar"], part.file)),
    ]
    for fact, line in facts:
        if fact and fact not in text:
            yield line


def _when(part: Appointment) -> tuple[str, str]:
    if part.starts_at is None:
        return "", ""
    said, moment = words("parts"), shown(part.starts_at)
    if part.deadline:
        return moment, said["closes"].format(moment=moment)
    if part.ends_at is None:
        return moment, said["starts"].format(moment=moment)
    end = shown(part.ends_at)
    return end, said["lasts"].format(moment=moment, end=end)


def _drawn(part: Part) -> dict[str, Any]:
    match part:
        case Words():
            return {"part": part.part, "text": part.text}
        case Listing():
            entries = [
                {"title": one.title, "line": one.line, "url": one.url, "payload": one.payload}
                for one in part.entries
            ]
            return {"part": part.part, "entries": entries}
        case Link() | Picture():
            return {"part": part.part, "title": part.title, "url": part.url}
        case Attachment():
            return {"part": part.part, "name": part.name, "url": part.url}
        case Appointment():
            return _drawn_date(part)


def _drawn_date(part: Appointment) -> dict[str, Any]:
    when = _when(part)[1]
    return {
        "part": part.part,
        "uid": part.uid,
        "sequence": part.sequence,
        "title": part.title,
        "starts_at": part.starts_at.isoformat() if part.starts_at else None,
        "ends_at": part.ends_at.isoformat() if part.ends_at else None,
        "when": when,
        "deadline": part.deadline,
        "place": part.place,
        "url": part.url,
        "cancelled": part.cancelled,
        "alarms": [int(one.total_seconds()) for one in part.alarms],
        "file": part.file,
    }
