"""Telling a date to somebody who has not written lately: 订阅通知 and 模板消息.

Operators name, in a YAML file, the account's template for each happening and what goes into its
fields. A 订阅通知 uses up the person's consent to one; a 模板消息 needs none.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

from channels.words import words
from core.domain.errors import BadInputError
from core.domain.parts import Appointment
from core.domain.reminders import SHANGHAI

FILE = "wechat-notices.yml"
WORDS = Path(__file__).with_name("words.yml")

_BY_CONSENT = "/cgi-bin/message/subscribe/bizsend"
_BY_RIGHT = "/cgi-bin/message/template/send"

_FIELD = re.compile(r"([a-z_]+?)_?\d{1,2}|first|remark", re.ASCII)
_LONGEST = MappingProxyType({"phrase": 5, "name": 10, "character_string": 32})
_LONGEST_OTHER = 20
_FACTS = ("title", "when", "day", "place", "note")


class Happening(StrEnum):
    """What a notice tells of."""

    STARTS = "starts"
    CLOSES = "closes"
    CANCELLED = "cancelled"


class Way(StrEnum):
    """How the platform takes it."""

    NOTICE = "notice"
    TEMPLATE = "template"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A template of the account; `fields` names for each of its fields the fact that fills it."""

    template: str
    fields: Mapping[str, str]
    way: Way = Way.NOTICE

    @property
    def path(self) -> str:
        """The call that sends it."""
        return _BY_CONSENT if self.way is Way.NOTICE else _BY_RIGHT


def consent_to(template: str) -> str:
    """The name under which consents to notices of a template are counted."""
    return f"notice:{template}"


def happening(date: Appointment) -> Happening:
    """Which of the notices tells of a date."""
    if date.cancelled:
        return Happening.CANCELLED
    return Happening.CLOSES if date.deadline else Happening.STARTS


def render_notice(notice: Notice, date: Appointment, *, user: str, key: str) -> dict[str, Any]:
    """The body of the call; `key` is the same whenever the same is sent again.

    A value longer than its field allows is cut: the platform would refuse the whole.
    """
    facts = _facts(date)
    body: dict[str, Any] = {
        "touser": user,
        "template_id": notice.template,
        "data": {name: {"value": _cut(name, facts[fact])} for name, fact in notice.fields.items()},
    }
    if notice.way is Way.TEMPLATE:
        body |= {"url": date.url, "client_msg_id": key}
    elif date.url:
        body["page"] = date.url
    return body


def read_notices(path: Path) -> Mapping[Happening, Notice]:
    """The notices of a file; none when there is no file.

    Raises:
        BadInputError: it cannot be read or names what does not exist; says where.
    """
    if not path.exists():
        return MappingProxyType({})
    try:
        table = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeError, yaml.YAMLError) as error:
        raise BadInputError(f"{path}: {type(error).__name__}: it cannot be read") from None
    if not isinstance(table, dict) or not table.keys() <= set(Happening):
        raise BadInputError(f"{path}: expected only {', '.join(Happening)}")
    return {Happening(name): _notice(entry, f"{path}: {name}") for name, entry in table.items()}


def _notice(entry: object, where: str) -> Notice:
    if not isinstance(entry, dict) or not entry.keys() <= {"template", "way", "fields"}:
        raise BadInputError(f"{where}: expected only template, way, fields")
    template, fields = entry.get("template"), entry.get("fields")
    if not isinstance(template, str) or not template.strip():
        raise BadInputError(f"{where}: template must be the id of one of the account's templates")
    if entry.get("way", Way.NOTICE) not in set(Way):
        raise BadInputError(f"{where}: way must be one of {', '.join(Way)}")
    if not isinstance(fields, dict) or not fields:
        raise BadInputError(f"{where}: fields must name what fills the template's fields")
    for name, fact in fields.items():
        if not isinstance(name, str) or not _FIELD.fullmatch(name):
            raise BadInputError(f"{where}: {name!r} is no field of a template, e.g. thing1")
        if fact not in _FACTS:
            raise BadInputError(f"{where}: {name} must be one of {', '.join(_FACTS)}")
    return Notice(template=template.strip(), fields=fields, way=Way(entry.get("way", Way.NOTICE)))


def _facts(date: Appointment) -> Mapping[str, str]:
    said = words("notices", WORDS)
    return {
        "title": date.title,
        "when": _written(date.starts_at, said["when"]) or said["unknown"],
        "day": _written(date.starts_at, said["day"]) or said["unknown"],
        "place": date.place or said["unknown"],
        "note": said[happening(date)],
    }


def _written(at: datetime | None, form: str) -> str:
    if at is None:
        return ""
    local = at.astimezone(SHANGHAI)
    return form.format(
        year=local.year,
        month=local.month,
        day=local.day,
        hour=local.hour,
        minute=local.minute,
    )


def _cut(name: str, value: str) -> str:
    found = _FIELD.fullmatch(name)
    most = _LONGEST.get(found[1] if found and found[1] else "", _LONGEST_OTHER)
    return value if len(value) <= most else f"{value[: most - 1]}…"
