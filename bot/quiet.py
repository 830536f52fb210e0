"""Rasa's voice turned down: no telemetry, no banners, warnings only, never a person's words.

Call `keep_quiet` before anything of Rasa is imported.
"""

import logging
import os
import sys
import warnings
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

import structlog

ENVIRONMENT = {
    "RASA_TELEMETRY_ENABLED": "false",
    "RASA_MAX_CACHE_SIZE": "0",  # train.py has its own fingerprint; no .rasa/ folder
    "LOG_LEVEL": "WARNING",
    "LOG_LEVEL_LIBRARIES": "ERROR",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "TF_ENABLE_ONEDNN_OPTS": "0",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "MPLBACKEND": "agg",
}

ALWAYS_WARNED = ("Slot auto-fill has been removed", "'RulePolicy' is not included")
"""Said of every domain, whatever is in it; and of our own kind of RulePolicy."""

WITHOUT_WORDS = ("event", "level", "exception", "sender_id", "action_name", "error_type")
"""The only fields of Rasa's structured log lines that are kept; others may hold people's words."""


def keep_quiet() -> None:
    """Set the environment and the loggers that Rasa reads."""
    os.environ.update(ENVIRONMENT)  # noqa: TID251 -- Rasa takes these from the environment only
    if not sys.warnoptions:
        warnings.showwarning = _show_warning
    logging.basicConfig(
        stream=sys.stderr,
        level=logging.WARNING,
        format="%(asctime)s %(levelname)s %(name)s %(message)s",
    )
    for name in (
        "rasa.model_testing",
        "apscheduler",
        "matplotlib",
        "urllib3",
        "asyncio",
        "sanic.root",
    ):
        logging.getLogger(name).setLevel(logging.ERROR)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.format_exc_info,  # a plain traceback: no local variables
            _without_words,
            structlog.processors.KeyValueRenderer(key_order=["event"], drop_missing=True),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )


def quiet_jieba(cache: Path) -> None:
    """Keep jieba's messages back, and its cache out of the /tmp that everybody can write to."""
    import jieba  # noqa: PLC0415 -- heavy: loaded on first use

    jieba.setLogLevel(logging.ERROR)
    jieba.dt.tmp_dir = str(cache)


def _show_warning(message: Warning | str, category: type[Warning], *_: object) -> None:
    """Rasa warns of mistakes in our files by UserWarning; the rest is about its old libraries."""
    if category is UserWarning and not str(message).startswith(ALWAYS_WARNED):
        logging.getLogger("rasa").warning("%s", message)


def _without_words(
    _logger: object, _method: str, line: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    return {name: line[name] for name in WITHOUT_WORDS if name in line}
