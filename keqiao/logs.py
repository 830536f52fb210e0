"""Logs: plain lines on stderr or in a file, with personal data and secrets masked."""

import json
import logging
import re
from datetime import UTC, datetime
from typing import override

from core.domain.tracing import current_trace

MASKS = (
    (re.compile(r"(?<!\d)(1[3-9]\d)[ -]?\d{4}[ -]?(\d{4})(?!\d)"), r"\1****\2"),
    (re.compile(r"(?<!\d)(0\d{2,3})-?\d{7,8}(?!\d)"), r"\1-****"),
    (re.compile(r"[\w.+-]+@([\w-]+\.[\w.]+)"), r"***@\1"),
    (re.compile(r"(key=|token=|secret=|whsec_)[\w%+/=-]+", re.IGNORECASE), r"\1***"),
    (re.compile(r"://([^:/@\s]+):[^@\s]+@"), r"://\1:***@"),
)
"""Mobile and landline numbers, e-mail, keys in addresses, passwords in URLs."""


QUIET = (
    "aio_pika",
    "aiormq",
    "chromadb",
    "httpcore",
    "httpcore2",
    "httpx",
    "httpx2",
    "openai",
    "sanic",
    "taskiq",
    "uvicorn.access",
)
"""Libraries that log every request or tick at INFO, or what was sent at DEBUG."""


def mask(text: str) -> str:
    """The text without personal data and secrets."""
    for pattern, replacement in MASKS:
        text = pattern.sub(replacement, text)
    return text


class MaskingFormatter(logging.Formatter):
    """Masks the whole line, traceback included; begins with the message it belongs to."""

    @override
    def format(self, record: logging.LogRecord) -> str:
        trace = current_trace()
        return mask(f"[{trace}] {super().format(record)}" if trace else super().format(record))


class JsonFormatter(logging.Formatter):
    """One JSON object a line, masked, for machines that collect logs."""

    @override
    def format(self, record: logging.LogRecord) -> str:
        told = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname,
            "logger": record.name,
            "process": record.process,
            "thread": record.threadName,
            "trace": current_trace(),
            "message": mask(super().format(record)),
        }
        return json.dumps(told, ensure_ascii=False)


def configure_logs(level: str, form: str = "text") -> None:
    """Log to stderr from `level` up; libraries that log every request are kept quiet.

    `form` is `text`, for people, or `json`.
    """
    handler = logging.StreamHandler()
    text = MaskingFormatter("%(asctime)s %(levelname)s %(name)s %(message)s")
    handler.setFormatter(JsonFormatter() if form == "json" else text)
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in QUIET:
        logging.getLogger(name).setLevel(max(logging.WARNING, logging.getLogger().level))
    # A tick that comes while the one before still works is left out: so it is meant.
    logging.getLogger("apscheduler").setLevel(max(logging.ERROR, logging.getLogger().level))
