"""How commands speak: results on stdout, progress on stderr, one clear line for bad input."""

import json
from datetime import UTC, datetime

import typer

from core.domain.conversations import Button
from core.domain.documents import Citation
from core.domain.errors import BadInputError
from core.domain.reminders import SHANGHAI


def say(text: str) -> None:
    """A result, on stdout."""
    typer.echo(text)


def progress(text: str) -> None:
    """What is going on, on stderr."""
    typer.echo(text, err=True)


def say_json(value: object, *, indent: int | None = None) -> None:
    """One JSON object; on a line of its own unless indented."""
    typer.echo(json.dumps(value, ensure_ascii=False, default=str, indent=indent))


def citation_json(citation: Citation) -> dict[str, str]:
    """A citation as others read it."""
    return {
        "document": citation.document,
        "source": citation.source,
        "section": citation.section,
        "quote": citation.quote,
    }


def button_json(button: Button) -> dict[str, str]:
    """A quick reply as others read it."""
    return {"title": button.title, "payload": button.payload}


def instant(text: str | None) -> datetime | None:
    """The value of `--now`; without a zone it is Shanghai time.

    Raises:
        BadInputError: not an ISO date and time.
    """
    if text is None:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise BadInputError(
            f"--now 不是 ISO 时间：{text}，请写成 2026-11-21T10:00+08:00"
        ) from error
    return (at if at.tzinfo else at.replace(tzinfo=SHANGHAI)).astimezone(UTC)
